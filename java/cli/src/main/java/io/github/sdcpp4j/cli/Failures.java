package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.StableDiffusionException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns failures into one sentence on standard error and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

    /** As shells have it: 128 and the number of SIGINT. */
    private static final int STOPPED = 130;

    private final RootCommand root;

    Failures(RootCommand root) {
        this.root = root;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String message = e.getMessage();
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> similar = unmatched.getSuggestions();
            message += similar.isEmpty() ? "" : "; similar: " + String.join(", ", similar);
        }
        PrintWriter err = command.getErr();
        err.println("error: " + oneLine(message));
        err.println("try '%s --help'".formatted(command.getCommandSpec().qualifiedName()));
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        return handle(command, e);
    }

    int handle(CommandLine command, Throwable failure) {
        PrintWriter err = command.getErr();
        if (failure instanceof CancelledException e && e.reason() == CancelledException.Reason.INTERRUPTED) {
            err.println(root.files() == 0
                    ? "stopped: no file was written" + (root.previews() == 0 ? "" : " but previews")
                    : "stopped: %d %s written".formatted(root.files(), root.files() == 1 ? "file was" : "files were"));
            return STOPPED;
        }
        err.println("error: " + sentence(failure));
        if (root.verbose()) {
            failure.printStackTrace(err);
        }
        return failure instanceof InvalidRequestException ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    private static String sentence(Throwable failure) {
        return switch (failure) {
            case StableDiffusionException e -> oneLine(e.getMessage());
            case UncheckedIOException e -> oneLine(e.getMessage());
            case OutOfMemoryError e -> "Java ran out of memory (" + oneLine(e.getMessage())
                    + "): ask for smaller or fewer pictures, or give it more with java -Xmx";
            default -> "this should not happen (" + oneLine(failure.toString())
                    + "): run it again with -v and report what it shows";
        };
    }

    private static String oneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
