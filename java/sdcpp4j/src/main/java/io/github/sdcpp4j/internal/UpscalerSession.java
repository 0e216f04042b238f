package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.UpscalerOptions;
import io.github.sdcpp4j.internal.checkpoint.EsrganRules;
import io.github.sdcpp4j.internal.flight.FlightRecords;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/** A loaded upscaler and the queue of calls to it. */
public final class UpscalerSession {

    private final WorkQueue queue;
    private final UpscalerContext context;

    private UpscalerSession(WorkQueue queue, UpscalerContext context) {
        this.queue = queue;
        this.context = context;
    }

    /**
     * Checks the file, then loads it. An interrupt stops the loading.
     *
     * @param options the file and how to run it
     * @return the session
     */
    public static UpscalerSession open(UpscalerOptions options) {
        WorkQueue queue = new WorkQueue("sdcpp4j " + options.model().getFileName());
        return new UpscalerSession(queue, queue.open(token -> FlightRecords.load(options.model(), List.of(options.model()), () -> {
            EsrganRules.check(options.model());
            return UpscalerContext.load(options, token);
        })));
    }

    /**
     * Returns how many times as wide and high a picture becomes.
     *
     * @return 1, 2 or 4
     * @throws IllegalStateException when closed
     */
    public int factor() {
        queue.checkOpen();
        return context.factor();
    }

    /**
     * Makes a picture larger and waits for it. An interrupt of the waiting thread stops the work.
     *
     * @param image the picture
     * @param repeats how often to apply the model
     * @param listener hears how far the work is
     * @return a new picture
     */
    public BufferedImage upscale(BufferedImage image, int repeats, ProgressListener listener) {
        return queue.call(Optional.empty(), token -> FlightRecords.upscale(image,
                () -> context.upscale(image, repeats, listener, token)));
    }

    /** Frees the upscaler once the calls that came before are done. */
    public void close() {
        queue.close(context::close);
    }
}
