package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Upscaler;
import io.github.sdcpp4j.UpscalerOptions;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Making pictures larger with a model of its own. */
final class UpscaleOptions implements HelpSection.Member {

    static final String MODEL = "--upscale-model";

    @Option(names = MODEL, paramLabel = "FILE",
            description = "An ESRGAN model that makes each picture larger, such as RealESRGAN_x4plus.pth.")
    private Path model;

    @Option(names = "--upscale-repeats", paramLabel = "N", description = "How often to apply it. Default: 1.")
    private int repeats = 1;

    @Option(names = "--upscale-tile-size", paramLabel = "PIXELS",
            description = "Side of the square of input pixels that is computed at once; 0 for the whole picture. Default: 128.")
    private int tileSize = 128;

    boolean isWanted() {
        return model != null;
    }

    /**
     * Checks everything but the file.
     *
     * @throws InvalidRequestException when a value is out of its range
     */
    Optional<UpscalerOptions> check(ComputeOptions compute) {
        if (repeats < 1 || repeats > Upscaler.MAX_REPEATS) {
            throw new InvalidRequestException(
                    "upscale repeats is %d: give a number from 1 to %d".formatted(repeats, Upscaler.MAX_REPEATS));
        }
        if (model == null) {
            return Optional.empty();
        }
        UpscalerOptions.Builder builder = Upscaler.builder(model).tileSize(tileSize);
        compute.apply(builder);
        return Optional.of(builder.build());
    }

    /** Loads what was checked; without a model, the pictures stay as they are. */
    Upscaling open(Optional<UpscalerOptions> checked) {
        return new Upscaling(checked.map(Upscaler::load), repeats);
    }

    @Override
    public HelpSection section() {
        return HelpSection.UPSCALE;
    }
}
