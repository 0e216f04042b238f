package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.GenerationSettings;
import picocli.CommandLine.Option;

/** The picture's size. */
final class SizeOptions implements HelpSection.Member {

    @Option(names = {"-W", "--width"}, paramLabel = "PIXELS",
            description = "A multiple of 8. Default: 512, or the width of the picture to start from.")
    private Integer width;

    @Option(names = {"-H", "--height"}, paramLabel = "PIXELS",
            description = "A multiple of 8. Default: 512, or the height of the picture to start from.")
    private Integer height;

    /** Sets the size, taking a side that is not given from {@code defaults}. */
    <B extends GenerationSettings.Builder<B>> B apply(B builder, GenerationSettings defaults) {
        return builder.size(width == null ? defaults.width() : width, height == null ? defaults.height() : height);
    }

    @Override
    public HelpSection section() {
        return HelpSection.PICTURE;
    }
}
