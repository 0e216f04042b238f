package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.TextToImage;
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
    ImageRequest request(SamplingOptions sampling, SizeOptions size) {
        TextToImage.Builder builder = TextToImage.builder();
        return size.apply(sampling.apply(builder), TextToImage.of("").settings()).build();
    }
}
