package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.bindings.sd_image_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.images.RgbImages;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import java.awt.image.BufferedImage;
import java.lang.foreign.MemorySegment;

/** The runtime's edge detector. */
public final class CannyEdges {

    // sd-cli's values
    private static final float THRESHOLD = 0.08f;
    private static final float WEAK = 0.8f;
    private static final float STRONG = 1f;

    private CannyEdges() {}

    /**
     * Finds a picture's edges.
     *
     * @param image the picture
     * @return its edges, white on black
     */
    public static BufferedImage of(BufferedImage image) {
        NativeLibrary.ensureLoaded();
        int width = image.getWidth();
        int height = image.getHeight();
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment pixels = sd_image_t.allocate(call.arena());
            Marshal.putImage(pixels, RgbImages.rgb(image), width, height, call.arena());
            int status = sdcpp4j_h.sdcpp4j_canny(call.segment(), pixels, THRESHOLD, THRESHOLD, WEAK, STRONG);
            call.check(status, text -> new GenerationException("the edges could not be found: " + text));
            return RgbImages.copyOf(sd_image_t.data(pixels).reinterpret(3L * width * height), width, height, width, height);
        }
    }
}
