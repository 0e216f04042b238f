package io.github.sdcpp4j.spring.boot;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.NativeLibraryException;
import io.github.sdcpp4j.StableDiffusionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in two sentences why an application did not start, where a stack trace would stand. */
final class StableDiffusionFailureAnalyzer extends AbstractFailureAnalyzer<StableDiffusionException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StableDiffusionException cause) {
        return new FailureAnalysis(
                "Stable Diffusion could not be set up:%n%n    %s".formatted(cause.getMessage()), action(cause), cause);
    }

    private static String action(StableDiffusionException cause) {
        return switch (cause) {
            case CheckpointException e -> "Check the files that are named under '%s', the model-path first.".formatted(StableDiffusionProperties.PREFIX);
            case InvalidRequestException e -> "Update your application's configuration under '%s'.".formatted(StableDiffusionProperties.PREFIX);
            case NativeLibraryException e -> "Add the artifact io.github.sdcpp4j:sdcpp4j-natives with this platform's classifier, or name the"
                    + " library's folder by the system property sdcpp4j.library.path.";
            default -> "See the message above for what to do.";
        };
    }
}
