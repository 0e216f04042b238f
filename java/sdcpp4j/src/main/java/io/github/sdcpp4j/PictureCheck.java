package io.github.sdcpp4j;

import java.awt.image.BufferedImage;
import java.util.Objects;

/**
 * Sees each picture before an application gets it, and may replace or flag it. Set once, when a model is loaded
 * ({@link LoadOptions.Builder#pictureCheck}), so that no request can leave it out; there is none by default.
 * {@link SafetyChecker} is the usual one.
 *
 * <pre>{@code
 * PictureCheck watermark = picture -> Verdict.pass(stamped(picture));
 * }</pre>
 *
 * <p>It sees finished pictures: after a hires fix, and after the parts outside an inpainting's mask were put back; of a video each
 * frame. It is called by the thread that waits for the pictures, or, for
 * {@link StableDiffusion#submit(ImageRequest)}, by one of {@link java.util.concurrent.ForkJoinPool#commonPool()}: perhaps by several
 * at once, and in the application's process also when the model runs in a worker. The model may work on another request meanwhile. The
 * time it takes counts neither to the {@linkplain GeneratedImage#timings() timings} nor to the request's timeout.
 *
 * <p>When it throws, no picture of that call is returned: a {@link StableDiffusionException} is thrown as it is, another exception as
 * the cause of a {@link PictureCheckException}.
 *
 * <p>What shows unfinished pictures would go around it: a model with a check refuses {@link Previews}. It does not see what
 * {@link StableDiffusion#components()} decodes: that is for loops of one's own, whose pictures can be given to it by hand.
 */
@FunctionalInterface
public interface PictureCheck {

    /**
     * Judges a picture.
     *
     * @param picture 8 bits for each of red, green and blue, sRGB
     * @return what becomes of it
     */
    Verdict check(BufferedImage picture);

    /**
     * What becomes of a picture.
     *
     * @param picture what is returned to the application: the picture itself, or another one of its width and height
     * @param nsfwContentDetected whether it was found not safe for work; {@link GeneratedImage#nsfwContentDetected()} says it then
     */
    record Verdict(BufferedImage picture, boolean nsfwContentDetected) {

        /** Wants a picture. */
        public Verdict {
            Objects.requireNonNull(picture, "picture");
        }

        /**
         * Nothing to object to.
         *
         * @param picture the picture, or one that takes its place
         * @return the verdict
         */
        public static Verdict pass(BufferedImage picture) {
            return new Verdict(picture, false);
        }

        /**
         * Not safe for work.
         *
         * @param picture the picture, or one that takes its place
         * @return the verdict
         */
        public static Verdict flag(BufferedImage picture) {
            return new Verdict(picture, true);
        }
    }
}
