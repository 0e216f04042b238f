package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.SafetyCheckerOptions;
import io.github.sdcpp4j.SafetyScores;
import io.github.sdcpp4j.internal.checkpoint.SafetyCheckerRules;
import io.github.sdcpp4j.internal.images.ClipPixels;
import java.awt.image.BufferedImage;
import java.util.Optional;

/** A loaded safety checker and the queue of calls to it. */
public final class SafetySession {

    private final WorkQueue queue;
    private final SafetyContext context;

    private SafetySession(WorkQueue queue, SafetyContext context) {
        this.queue = queue;
        this.context = context;
    }

    /**
     * Checks the file, then loads it. An interrupt stops the loading.
     *
     * @param options the file and how to use it
     * @return the session
     */
    public static SafetySession open(SafetyCheckerOptions options) {
        WorkQueue queue = new WorkQueue("sdcpp4j " + options.model().getFileName());
        return new SafetySession(queue, queue.open(token -> {
            SafetyCheckerRules.check(options.model());
            return SafetyContext.load(options, token);
        }));
    }

    /**
     * Looks at a picture and waits for what comes of it. An interrupt of the waiting thread stops the work.
     *
     * @param picture the picture
     * @return the scores
     */
    public SafetyScores scores(BufferedImage picture) {
        float[] pixels = ClipPixels.of(picture);
        return context.concepts().scores(queue.call(Optional.empty(), token -> context.embed(pixels, token)));
    }

    /** Frees the checker once the calls that came before are done. */
    public void close() {
        queue.close(context::close);
    }
}
