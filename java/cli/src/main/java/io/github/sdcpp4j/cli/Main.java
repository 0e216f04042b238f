package io.github.sdcpp4j.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;

/** The command line {@code sdcpp4j}: text or a picture in, PNG files out. */
public final class Main {

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code: 0 done, 1 the work failed, 2 the command line was wrong,
     * 130 stopped by Ctrl-C.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        // ImageIO and BufferedImage need no display, and looking for one costs time and can fail
        System.setProperty("java.awt.headless", "true");
        System.exit(Interruption.guard(() -> run(System.out, System.err, Terminal.ofStandardError(), args)));
    }

    /**
     * Runs one command.
     *
     * @param out where results go
     * @param err where progress and errors go
     * @param terminal what {@code err} is
     * @param args the command line
     * @return the exit code
     */
    static int run(PrintStream out, PrintStream err, Terminal terminal, String... args) {
        RootCommand root = new RootCommand(new Screen(err, terminal));
        Failures failures = new Failures(root);
        CommandLine commandLine = new CommandLine(root)
                .setOut(new PrintWriter(out, true, out.charset()))
                .setErr(new PrintWriter(err, true, err.charset()))
                .setExpandAtFiles(false) // a prompt may start with @
                .setUsageHelpWidth(100)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
        HelpSection.install(commandLine.getSubcommands().get("txt2img"));
        HelpSection.install(commandLine.getSubcommands().get("img2img"));
        HelpSection.install(commandLine.getSubcommands().get("upscale"));
        commandLine.getSubcommands().get("generate-completion").getCommandSpec().usageMessage().hidden(true);
        try {
            return commandLine.execute(args);
        } catch (Error e) {
            // picocli handles exceptions only; memory is what can really run out here
            return failures.handle(commandLine, e);
        }
    }
}
