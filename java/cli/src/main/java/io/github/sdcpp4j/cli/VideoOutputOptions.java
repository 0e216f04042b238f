package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Video;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Where the video goes. */
final class VideoOutputOptions implements HelpSection.Member {

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = "The .gif or .avi (Motion JPEG) file to write, or one .png file for each frame with %%d or %%03d in its"
                    + " name. Default: output.gif.")
    private Path output = Path.of("output.gif");

    /**
     * Checks that it can be written, so that nothing is computed in vain.
     *
     * @throws InvalidRequestException when it cannot
     */
    void check() {
        String name = String.valueOf(output.getFileName()).toLowerCase(Locale.ROOT);
        boolean frames = name.endsWith(".png") && NumberedName.is(output);
        if (!frames && !name.endsWith(".gif") && !name.endsWith(".avi")) {
            throw new InvalidRequestException(
                    "the output is '%s': its name must end in .gif or .avi, or be like frame_%%03d.png for a picture of each frame"
                            .formatted(output));
        }
        OutputOptions.checkPlace(output);
    }

    /** Writes the video; returns how many files that makes. */
    int save(Video video) {
        if (!NumberedName.is(output)) {
            video.save(output);
            return 1;
        }
        for (int i = 0; i < video.frames().size(); i++) {
            video.saveFrame(i, output.resolveSibling(NumberedName.of(output, i + 1)));
        }
        return video.frames().size();
    }

    Path file() {
        return output;
    }

    @Override
    public HelpSection section() {
        return HelpSection.OUTPUT;
    }
}
