package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.GeneratedImage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** Writes pictures and says so on standard output. */
final class PictureFiles {

    private final RootCommand root;
    private final PrintWriter out;

    PictureFiles(RootCommand root, PrintWriter out) {
        this.root = root;
        this.out = out;
    }

    /** Writes the pictures of one call. */
    void write(List<GeneratedImage> images, List<Path> files) {
        for (int i = 0; i < images.size(); i++) {
            GeneratedImage image = images.get(i);
            image.save(files.get(i));
            count();
            // a batch is made in one go, so only all of it has a time
            tell("%s  seed %d  %dx%d%s".formatted(
                    files.get(i), image.seed(), image.image().getWidth(), image.image().getHeight(),
                    images.size() == 1 ? "  " + Words.seconds(image.timings().total()) : ""));
        }
    }

    /** A file is there that was not. */
    void count() {
        root.countFile();
    }

    void tell(String line) {
        out.println(line);
    }
}
