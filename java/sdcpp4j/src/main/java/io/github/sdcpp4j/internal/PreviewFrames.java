package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.Preview;
import io.github.sdcpp4j.internal.images.RgbImages;
import java.lang.foreign.MemorySegment;

/** Makes previews of the frames that native code shows during one call. Used by the thread that makes the call. */
final class PreviewFrames {

    private static final int CHANNELS = 3;

    private final PreviewDelivery delivery;
    private final int width;
    private final int height;
    private final int canvasWidth;
    private final int canvasHeight;
    private int lastImage = -1;
    private int lastStep;

    PreviewFrames(GenerationRequest request, int sizeMultiple, PreviewDelivery delivery) {
        GenerationSettings settings = request.settings();
        this.delivery = delivery;
        this.width = settings.width();
        this.height = settings.height();
        this.canvasWidth = Marshal.roundUp(width, sizeMultiple);
        this.canvasHeight = Marshal.roundUp(height, sizeMultiple);
    }

    int mode() {
        return delivery.previews().mode().nativeValue();
    }

    int interval() {
        return delivery.previews().interval();
    }

    /** Takes a frame; what is wrong with it ends the call. */
    void take(int image, int step, int steps, int frameWidth, int frameHeight, MemorySegment rgb) {
        try {
            if (isNews(image, step, steps)) {
                // cropped as the picture will be: a frame has as many pixels as the canvas, or a fraction of them
                int shownWidth = Math.max(1, (int) ((long) width * frameWidth / canvasWidth));
                int shownHeight = Math.max(1, (int) ((long) height * frameHeight / canvasHeight));
                delivery.offer(new Preview(
                        RgbImages.copyOf(rgb.reinterpret((long) frameWidth * frameHeight * CHANNELS), frameWidth, frameHeight,
                                shownWidth, shownHeight),
                        image, Math.abs(step), steps, delivery.previews().mode()));
            }
        } catch (Throwable t) {
            delivery.fail(t);
        }
    }

    /**
     * Samplers that ask the model twice in a step show a frame each time: the first has the step's number with a minus, but
     * for some of them in their first step. Where the last step is a single one, that minus is all there is.
     */
    private boolean isNews(int image, int signedStep, int steps) {
        int step = Math.abs(signedStep);
        boolean done = signedStep > 0 || step == steps;
        boolean due = step % interval() == 0 || step == steps;
        if (!done || !due || image == lastImage && step == lastStep) {
            return false;
        }
        lastImage = image;
        lastStep = step;
        return true;
    }

    /** Throws what ended the call, if it was a preview. */
    void rethrow() {
        delivery.rethrow();
    }
}
