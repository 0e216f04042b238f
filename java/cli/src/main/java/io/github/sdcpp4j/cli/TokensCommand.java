package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.PromptTokens;
import io.github.sdcpp4j.PromptTokens.Token;
import io.github.sdcpp4j.StableDiffusion;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tokens}. */
@Command(
        name = "tokens",
        description = "Shows how a model reads a prompt: its tokens, and which fall into which chunk of 75.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true)
final class TokensCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private AdditionOptions additions;

    @Option(names = {"-p", "--prompt"}, paramLabel = "TEXT", required = true, description = "The prompt.")
    private String prompt;

    @Option(names = "--ids", description = "Show the tokens' numbers too.")
    private boolean ids;

    @Override
    public Integer call() {
        model.check();
        root.configureLogging();
        LoadOptions.Builder options = LoadOptions.builder().mmap(true); // of the weights, little is read
        model.apply(options);
        additions.apply(options);
        try (ProgressReport progress = ProgressReport.on(root.screen(), root.verbose(), 1);
                StableDiffusion sd = StableDiffusion.load(options.progress(progress).build())) {
            progress.finish();
            print(sd.tokens(prompt), spec.commandLine().getOut());
        }
        return ExitCode.OK;
    }

    private void print(PromptTokens tokens, PrintWriter out) {
        int chunks = tokens.chunks().size();
        out.println("%d %s in %d %s of %d".formatted(tokens.count(), tokens.count() == 1 ? "token" : "tokens",
                chunks, chunks == 1 ? "chunk" : "chunks", PromptTokens.CHUNK));
        for (int i = 0; i < chunks; i++) {
            List<Token> chunk = tokens.chunks().get(i);
            out.println("chunk %d, %d of %d: %s".formatted(i + 1, chunk.size(), PromptTokens.CHUNK,
                    chunk.stream().map(this::shown).collect(Collectors.joining(" | "))));
        }
    }

    private String shown(Token token) {
        String weight = token.weight() == 1 ? "" : String.format(Locale.ROOT, ":%.2f", token.weight());
        return token.text() + weight + (ids ? " #" + token.id() : "");
    }
}
