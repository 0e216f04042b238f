package io.github.sdcpp4j.cli;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What all commands share. */
@Command(
        name = "sdcpp4j",
        description = "Makes pictures and videos with Stable Diffusion and other diffusion models.",
        subcommands = {
            TextToImageCommand.class, ImageToImageCommand.class, VideoCommand.class, UpscaleCommand.class, ConvertCommand.class,
            InfoCommand.class, TokensCommand.class, GenerateCompletion.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "The options are named as in stable-diffusion.cpp's sd-cli."})
final class RootCommand implements Runnable {

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show the runtime's log, and stack traces of failures.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    private final Screen screen;
    private int files;
    private int previews;

    RootCommand(Screen screen) {
        this.screen = screen;
    }

    boolean verbose() {
        return verbose;
    }

    void countFile() {
        files++;
    }

    /** How many files this run has written. */
    int files() {
        return files;
    }

    void countPreview() {
        previews++;
    }

    /** How many previews this run has written. */
    int previews() {
        return previews;
    }

    Screen screen() {
        return screen;
    }

    /** To be called before the native library is loaded, which is when it reads its log level. */
    void configureLogging() {
        Logging.configure(verbose, screen.err());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: give txt2img, img2img, vid_gen, upscale, convert, info or tokens");
    }
}
