package io.github.sdcpp4j;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * The wish to see pictures while they are made.
 *
 * <pre>{@code
 * Previews previews = Previews.of(PreviewMode.PROJECTION, preview -> show(preview.image())).withInterval(5);
 * sd.generate(request, ProgressListener.NONE, previews);
 * }</pre>
 *
 * <p>The consumer is called by a thread of its own, for one preview at a time, in their order. While it is busy, sampling goes
 * on: of the previews that come meanwhile only the newest is kept, so a slow consumer misses some, but of a call that succeeds
 * never the last one. When the call returns or throws, the consumer is not running any more: one that does not return
 * holds the call up. It must not call the {@link StableDiffusion} whose picture it shows. What it throws stops the
 * call, as a cancellation would, and is thrown by it.
 *
 * <p>The pictures are the same with and without previews. A {@linkplain LoadOptions#worker() worker process} hands over
 * previews of up to 80 megapixels and leaves out larger ones. A model with a {@link PictureCheck} refuses them: it sees finished
 * pictures alone.
 *
 * @param mode how they are made; {@link PreviewMode#NONE} for none at all
 * @param interval a preview after every so many steps, and after the last, 1 or more; 1 by default
 * @param consumer gets them
 */
public record Previews(PreviewMode mode, int interval, Consumer<? super Preview> consumer) {

    /** No previews, at no cost. */
    public static final Previews NONE = of(PreviewMode.NONE, preview -> {});

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when the interval is less than 1
     */
    public Previews {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(consumer, "consumer");
        Check.range("preview interval", interval, 1, Integer.MAX_VALUE);
    }

    /**
     * A preview after each step.
     *
     * @param mode how they are made
     * @param consumer gets them
     * @return the wish
     */
    public static Previews of(PreviewMode mode, Consumer<? super Preview> consumer) {
        return new Previews(mode, 1, consumer);
    }

    /**
     * The same with another interval.
     *
     * @param value steps from one preview to the next, 1 or more
     * @return the wish
     * @throws InvalidRequestException when it is less than 1
     */
    public Previews withInterval(int value) {
        return new Previews(mode, value, consumer);
    }
}
