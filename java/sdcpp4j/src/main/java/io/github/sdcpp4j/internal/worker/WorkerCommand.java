package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.WorkerException;
import io.github.sdcpp4j.WorkerOptions;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/** The command that starts a child JVM. */
final class WorkerCommand {

    private static final String MODULE = "io.github.sdcpp4j";

    private WorkerCommand() {}

    /**
     * Puts the command together.
     *
     * @param options the user's part
     * @param library the native library
     */
    static List<String> of(WorkerOptions options, Path library) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> place = options.classPath().map(WorkerCommand::onClassPath).orElseGet(
                () -> fromCodeSource(WorkerCommand.class.getProtectionDomain().getCodeSource()));
        boolean module = place.getFirst().equals("-m");

        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.add("--enable-native-access=" + (module ? MODULE : "ALL-UNNAMED"));
        if (Runtime.version().feature() >= 24) {
            command.add("--illegal-native-access=deny");
        }
        // A crash is told on standard error and leaves no file anywhere. A core would hold the weights and take minutes to
        // write, while the caller waits for the process to end.
        command.addAll(List.of(
                "-XX:+DisplayVMOutputToStderr", "-XX:+ErrorFileToStderr", "-XX:-DumpReplayDataOnError",
                "-XX:-CreateCoredumpOnCrash", "-XX:-UsePerfData"));
        command.add("-Djava.awt.headless=true");
        command.add("-D" + NativeLibrary.PATH_PROPERTY + "=" + library);
        command.addAll(options.jvmOptions());
        command.addAll(place);
        return command;
    }

    private static List<String> onClassPath(String classPath) {
        return List.of("-cp", classPath, WorkerMain.class.getName());
    }

    /** Where this library came from: a folder, a jar, or the image of modules that the JVM itself comes with. */
    static List<String> fromCodeSource(CodeSource source) {
        String location = source == null || source.getLocation() == null ? "" : source.getLocation().toString();
        if (location.startsWith("jrt:")) {
            return List.of("-m", MODULE + "/" + WorkerMain.class.getName());
        }
        if (location.startsWith("file:")) {
            try {
                Path path = Path.of(new URI(location));
                if (Files.exists(path)) {
                    return onClassPath(path.toString());
                }
            } catch (URISyntaxException | IllegalArgumentException e) {
                // no such place: said below
            }
        }
        throw new WorkerException(
                "the worker process cannot be started: this library was loaded from %s, which no other JVM can load it from. Name a jar or folder with it by WorkerOptions.withClassPath"
                        .formatted(location.isEmpty() ? "an unknown place" : location),
                Obituary.NEVER_RAN, List.of(), null);
    }
}
