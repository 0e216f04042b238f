package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.Resolution;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code img2img}. */
@Command(
        name = "img2img",
        description = "Makes pictures from a picture and a prompt.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true)
final class ImageToImageCommand extends PictureCommand {

    @Mixin
    private StartOptions start;

    @Override
    ImageRequest request(
            SamplingOptions sampling, String prompt, Optional<Infotext> repeated, SizeOptions size, Resolution ofModel) {
        ImageToImage.Builder builder = start.builder();
        // the builder starts with the picture's own size
        GenerationSettings own = builder.build().settings();
        Resolution usual = SizeOptions.of(repeated).orElse(new Resolution(own.width(), own.height()));
        return start.applyStrength(size.apply(sampling.apply(builder, prompt, repeated), usual)).build();
    }
}
