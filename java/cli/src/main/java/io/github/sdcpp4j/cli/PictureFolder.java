package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Images;
import io.github.sdcpp4j.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of pictures that an option names. */
final class PictureFolder {

    private PictureFolder() {}

    /** All its pictures by name, hidden files left out. */
    static List<BufferedImage> read(Path folder, String option) {
        return files(folder, option).stream().map(Images::read).toList();
    }

    private static List<Path> files(Path folder, String option) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> pictures = files.filter(Files::isRegularFile).filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
            if (pictures.isEmpty()) {
                throw new InvalidRequestException("the folder %s of %s is empty: put pictures there".formatted(folder, option));
            }
            return pictures;
        } catch (IOException | UncheckedIOException e) {
            throw new InvalidRequestException(
                    "the pictures of %s cannot be read: %s is no folder that can be read".formatted(option, folder), e);
        }
    }
}
