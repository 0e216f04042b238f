package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.HiresFix;
import io.github.sdcpp4j.HiresUpscaler;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Resolution;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** A larger picture in two passes. */
final class HiresOptions implements HelpSection.Member {

    private static final int LATENT = 8; // a side is a multiple of it

    @Option(names = "--hires", description = "Hires fix: make the picture, enlarge it, refine it at the larger size.")
    private boolean wanted;

    @Option(names = "--hires-upscaler", paramLabel = "NAME",
            description = "How it is enlarged: Latent, Latent (nearest), Latent (nearest-exact), Latent (antialiased), Latent (bicubic),"
                    + " Latent (bicubic antialiased), Lanczos, Nearest, or the file of an ESRGAN model. Default: Latent.")
    private String upscaler = HiresUpscaler.LATENT.flag();

    @Option(names = "--hires-scale", paramLabel = "X", description = "How much larger. Default: 2.")
    private double scale = 2;

    @Option(names = "--hires-width", paramLabel = "PIXELS", description = "The larger width, in place of the scale.")
    private Integer width;

    @Option(names = "--hires-height", paramLabel = "PIXELS", description = "The larger height, in place of the scale.")
    private Integer height;

    @Option(names = "--hires-steps", paramLabel = "N", description = "Steps of the refining. Default: as --steps.")
    private Integer steps;

    @Option(names = "--hires-denoising-strength", paramLabel = "X",
            description = "How much the refining may change, up to 1. Default: 0.7.")
    private double strength = 0.7;

    /** Returns the hires fix for a picture of these settings, if one is wanted. */
    Optional<HiresFix> of(GenerationSettings settings) {
        if (!wanted) {
            return Optional.empty();
        }
        Optional<HiresUpscaler> known = HiresUpscaler.find(upscaler).filter(name -> name != HiresUpscaler.MODEL);
        if (known.isEmpty() && !upscaler.contains(".")) {
            throw new InvalidRequestException("hires upscaler is '%s': give the file of an ESRGAN model or one of %s".formatted(
                    upscaler, Stream.of(HiresUpscaler.values()).filter(name -> name != HiresUpscaler.MODEL)
                            .map(HiresUpscaler::flag).collect(Collectors.joining(", "))));
        }
        return Optional.of(new HiresFix(
                new Resolution(side(width, settings.width()), side(height, settings.height())),
                known.orElse(HiresUpscaler.MODEL),
                known.isEmpty() ? Optional.of(Path.of(upscaler)) : Optional.empty(),
                steps == null ? OptionalInt.empty() : OptionalInt.of(steps),
                strength));
    }

    private int side(Integer given, int own) {
        return given != null ? given : (int) Math.round(own * scale / LATENT) * LATENT;
    }

    @Override
    public HelpSection section() {
        return HelpSection.PICTURE;
    }
}
