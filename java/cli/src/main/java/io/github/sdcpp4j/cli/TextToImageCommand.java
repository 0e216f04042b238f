package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.TextToImage;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code txt2img}. */
@Command(
        name = "txt2img",
        description = "Makes pictures from a prompt.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true)
final class TextToImageCommand extends PictureCommand {

    @Override
    ImageRequest request(
            SamplingOptions sampling, String prompt, Optional<Infotext> repeated, SizeOptions size, Resolution ofModel) {
        TextToImage.Builder builder = sampling.apply(TextToImage.builder(), prompt, repeated);
        return size.apply(builder, SizeOptions.of(repeated).orElse(ofModel)).build();
    }
}
