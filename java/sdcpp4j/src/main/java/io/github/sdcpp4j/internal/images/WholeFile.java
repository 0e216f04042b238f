package io.github.sdcpp4j.internal.images;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;

/** Files that appear whole or not at all. */
final class WholeFile {

    /** Writes what is to be in the file. */
    @FunctionalInterface
    interface Content {
        void write(ImageOutputStream out) throws IOException;
    }

    private WholeFile() {}

    /** Writes a file; an existing one is replaced. */
    static void write(Path file, Content content) throws IOException {
        // Not a Files.createTempFile: that one is private to its owner, and a picture is to get what a new file gets.
        Path unfinished = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (OutputStream stream = Files.newOutputStream(unfinished);
                    ImageOutputStream out = ImageIO.createImageOutputStream(stream)) {
                content.write(out);
            }
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
