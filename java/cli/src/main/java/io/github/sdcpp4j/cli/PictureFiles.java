package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.GeneratedImage;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Writes pictures, made larger if that is wanted, and says so on standard output. */
final class PictureFiles {

    private final RootCommand root;
    private final PrintWriter out;
    private final Upscaling upscaling;
    private final ProgressReport progress;
    private Duration upscalingTime = Duration.ZERO;

    PictureFiles(RootCommand root, PrintWriter out, Upscaling upscaling, ProgressReport progress) {
        this.root = root;
        this.out = out;
        this.upscaling = upscaling;
        this.progress = progress;
    }

    /** Writes the pictures of one call. */
    void write(List<GeneratedImage> images, List<Path> files) {
        for (int i = 0; i < images.size(); i++) {
            GeneratedImage image = images.get(i);
            Path file = files.get(i);
            long start = System.nanoTime();
            BufferedImage picture = upscaling.enlarge(image.image(), progress);
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            upscalingTime = upscalingTime.plus(time);
            // a Ctrl-C that comes now is too late to lose this picture
            Interruption.withhold(() -> upscaling.describe(image.infotext()).save(picture, file));
            count();
            // a batch is made in one go, so only all of it has a time
            tell("%s  seed %d  %dx%d%s%s".formatted(
                    file, image.seed(), picture.getWidth(), picture.getHeight(),
                    images.size() == 1 ? "  " + Words.seconds(image.timings().total().plus(time)) : "",
                    image.nsfwContentDetected() ? "  flagged as not safe for work" : ""));
        }
    }

    /** What making pictures larger has taken. */
    Duration upscalingTime() {
        return upscalingTime;
    }

    /** A file is there that was not. */
    void count() {
        root.countFile();
    }

    void tell(String line) {
        out.println(line);
    }
}
