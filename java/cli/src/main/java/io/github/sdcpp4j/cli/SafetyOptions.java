package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.SafetyChecker;
import io.github.sdcpp4j.SafetyCheckerOptions;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Looking at pictures before they are written. */
final class SafetyOptions implements HelpSection.Member {

    @Option(names = "--safety-checker", paramLabel = "FILE",
            description = "The weights of diffusers' safety checker: a picture that it flags is written black, and that is said."
                    + " Not with --preview, which it would not see. Off by default.")
    private Path model;

    /**
     * Checks everything but the file.
     *
     * @throws InvalidRequestException when there are previews
     */
    Optional<SafetyCheckerOptions> check(ComputeOptions compute, PreviewOptions preview) {
        if (model == null) {
            return Optional.empty();
        }
        if (preview.isWanted()) {
            throw new InvalidRequestException("--preview shows what --safety-checker has not seen: give one of them");
        }
        SafetyCheckerOptions.Builder builder = SafetyChecker.builder(model);
        compute.apply(builder);
        return Optional.of(builder.build());
    }

    /** Loads what was checked; without a file, pictures are written as they are. */
    static Opened open(Optional<SafetyCheckerOptions> checked) {
        return new Opened(checked.map(SafetyChecker::load));
    }

    /** A safety checker for the time of a command, or none. */
    record Opened(Optional<SafetyChecker> checker) implements AutoCloseable {

        /** Puts it into the options of a load. */
        LoadOptions.Builder over(LoadOptions.Builder options) {
            return options.pictureCheck(checker.orElse(null));
        }

        @Override
        public void close() {
            checker.ifPresent(SafetyChecker::close);
        }
    }

    @Override
    public HelpSection section() {
        return HelpSection.OUTPUT;
    }
}
