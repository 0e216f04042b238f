package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.InvalidRequestException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A picture to repeat. */
final class RepeatOptions implements HelpSection.Member {

    @Option(names = "--from-image", paramLabel = "FILE",
            description = "Repeat a PNG that this program or a web UI made: prompt, seed and all else come from its parameters;"
                    + " options given beside it win.")
    private Path image;

    private Infotext text;

    /**
     * Reads the parameters, once.
     *
     * @return the parameters, empty when no picture is to be repeated
     * @throws InvalidRequestException when the file is no PNG or has no parameters
     */
    Optional<Infotext> read() {
        if (image != null && text == null) {
            text = Infotext.read(image)
                    .filter(found -> !found.fields().isEmpty())
                    .orElseThrow(() -> new InvalidRequestException(
                            "%s has no generation parameters in it: give the file as the program that made it wrote it"
                                    .formatted(image)));
        }
        return Optional.ofNullable(text);
    }

    @Override
    public HelpSection section() {
        return HelpSection.PICTURE;
    }
}
