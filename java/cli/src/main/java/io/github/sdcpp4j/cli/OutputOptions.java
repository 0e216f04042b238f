package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.InvalidRequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** Where the pictures go. */
final class OutputOptions implements HelpSection.Member {

    private static final String ENDING = ".png";

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = "The .png file to write; several pictures are numbered _1, _2 ... Default: output.png.")
    private Path output = Path.of("output.png");

    /**
     * Names the files and checks that they can be written, so that nothing is computed in vain.
     *
     * @param count pictures to be written
     * @return one file for each
     * @throws InvalidRequestException when they cannot
     */
    List<Path> files(int count) {
        check(output);
        String name = output.getFileName().toString();
        String stem = name.substring(0, name.length() - ENDING.length());
        String ending = name.substring(stem.length());
        List<Path> files = count == 1
                ? List.of(output)
                : IntStream.rangeClosed(1, count).mapToObj(i -> output.resolveSibling(stem + "_" + i + ending)).toList();
        files.forEach(OutputOptions::checkIsNoFolder);
        return files;
    }

    /**
     * Checks that a picture can be written.
     *
     * @param file where to
     * @throws InvalidRequestException when it cannot
     */
    static void check(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.toLowerCase(Locale.ROOT).endsWith(ENDING)) {
            throw new InvalidRequestException("the output is '%s': its name must end in %s, the only format for now"
                    .formatted(file, ENDING));
        }
        checkPlace(file);
    }

    /** Checks that there can be such a file, whatever it holds. */
    static void checkPlace(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new InvalidRequestException("the folder of the output does not exist: create " + folder);
        }
        if (!Files.isWritable(folder)) {
            throw new InvalidRequestException("the folder of the output cannot be written to: check the rights of " + folder);
        }
        checkIsNoFolder(file);
    }

    private static void checkIsNoFolder(Path file) {
        if (Files.isDirectory(file)) {
            throw new InvalidRequestException("the output %s is a folder: name a file".formatted(file));
        }
    }

    @Override
    public HelpSection section() {
        return HelpSection.OUTPUT;
    }
}
