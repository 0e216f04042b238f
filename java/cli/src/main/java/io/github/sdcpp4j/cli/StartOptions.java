package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.ImageToImage;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The picture to start from. */
final class StartOptions implements HelpSection.Member {

    @Option(names = {"-i", "--init-img"}, paramLabel = "FILE", required = true,
            description = "The picture: PNG, JPEG, BMP, GIF or TIFF.")
    private Path initImage;

    @Option(names = "--strength", paramLabel = "X",
            description = "How much to change, from 0 to 1. Default: 0.75.")
    private Double strength;

    ImageToImage.Builder builder() {
        ImageToImage.Builder builder = ImageToImage.builder(initImage);
        return strength == null ? builder : builder.strength(strength);
    }

    @Override
    public HelpSection section() {
        return HelpSection.START;
    }
}
