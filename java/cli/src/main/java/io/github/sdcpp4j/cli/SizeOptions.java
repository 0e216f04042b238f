package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.Resolution;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The picture's size. */
final class SizeOptions implements HelpSection.Member {

    @Option(names = {"-W", "--width"}, paramLabel = "PIXELS",
            description = "A multiple of 8. Default: the width of the picture to repeat or to start from, or what the model file"
                    + " says, or 512.")
    private Integer width;

    @Option(names = {"-H", "--height"}, paramLabel = "PIXELS",
            description = "A multiple of 8. Default: as for the width.")
    private Integer height;

    /** Whether a side is left to the model. */
    boolean isOpen() {
        return width == null || height == null;
    }

    /** Sets the size, taking a side that is not given from {@code usual}. */
    <B extends GenerationSettings.Builder<B>> B apply(B builder, Resolution usual) {
        return builder.size(width == null ? usual.width() : width, height == null ? usual.height() : height);
    }

    /** The size of a picture to repeat. */
    static Optional<Resolution> of(Optional<Infotext> repeated) {
        return repeated.flatMap(text -> text.field("Size")).flatMap(Resolution::parse);
    }

    @Override
    public HelpSection section() {
        return HelpSection.PICTURE;
    }
}
