package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.InsufficientMemoryException;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.UpscalerOptions;
import io.github.sdcpp4j.internal.bindings.sd_image_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.images.RgbImages;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** One native upscaler: its handle, and the way from pixels to more pixels. Used by one thread at a time. */
final class UpscalerContext implements AutoCloseable {

    private final NativeHandle handle;
    private final int factor;
    private final UpscaleMemory memory;

    private UpscalerContext(NativeHandle handle, UpscalerOptions options, List<DeviceList.Known> devices) {
        this.handle = handle;
        this.factor = sdcpp4j_h.sdcpp4j_upscale_factor(handle.segment());
        this.memory = new UpscaleMemory(factor, options, UpscaleMemory.isOnHost(options.backend(), devices));
    }

    /** Loads an upscaler whose file was checked. */
    static UpscalerContext load(UpscalerOptions options, CancelToken token) {
        List<DeviceList.Known> devices = DeviceList.known();
        BackendNames.check(options.backend(), devices);
        NativeHandle handle = NativeHandle.load(options.progress(), token,
                (call, out) -> sdcpp4j_h.sdcpp4j_load_upscaler(call.segment(),
                        Marshal.path(options.model(), call.arena()), options.tileSize(),
                        options.threads(), options.convDirect() ? 1 : 0, call.arena().allocateFrom(options.backend()), out),
                sdcpp4j_h::sdcpp4j_free_upscaler,
                text -> new CheckpointException("%s cannot be loaded: %s".formatted(options.model(), text)));
        return new UpscalerContext(handle, options, devices);
    }

    int factor() {
        return factor;
    }

    BufferedImage upscale(BufferedImage image, int repeats, ProgressListener listener, CancelToken token) {
        handle.throwIfBroken();
        memory.check(image.getWidth(), image.getHeight(), repeats);
        long times = Math.round(Math.pow(factor, repeats));
        // before the work, so that a heap too small for it costs nothing
        BufferedImage result = allocated((int) (image.getWidth() * times), (int) (image.getHeight() * times));
        Arena current = Arena.ofConfined(); // of the picture as it is by now; one native picture is freed before the next but one
        try (NativeCall call = new NativeCall(listener, token)) {
            MemorySegment picture = sd_image_t.allocate(current);
            Marshal.putImage(picture, RgbImages.rgb(image), image.getWidth(), image.getHeight(), current);
            for (int i = 0; i < repeats; i++) {
                Arena next = Arena.ofConfined();
                try {
                    picture = once(call, picture, next);
                } finally {
                    current.close();
                    current = next;
                }
            }
            MemorySegment rgb = sd_image_t.data(picture).reinterpret(RgbImages.bytes(result).length);
            MemorySegment.ofArray(RgbImages.bytes(result)).copyFrom(rgb);
            return result;
        } finally {
            current.close();
        }
    }

    private MemorySegment once(NativeCall call, MemorySegment picture, Arena arena) {
        MemorySegment out = arena.allocate(sdcpp4j_h.C_POINTER);
        int status = sdcpp4j_h.sdcpp4j_upscale(call.segment(), handle.segment(), picture, out);
        MemorySegment made = out.get(sdcpp4j_h.C_POINTER, 0).reinterpret(
                sd_image_t.sizeof(), arena, given -> sdcpp4j_h.sdcpp4j_free_images(given, 1));
        handle.remember(status, call);
        call.check(status, text -> new GenerationException(status == sdcpp4j_h.SDCPP4J_NOT_A_NUMBER()
                ? text + ", which would be a black or white picture: its weights are damaged or too large for half precision"
                : "the picture could not be upscaled: " + text));
        return made;
    }

    private static BufferedImage allocated(int width, int height) {
        try {
            return RgbImages.create(width, height);
        } catch (OutOfMemoryError e) {
            long needed = 3L * width * height;
            long most = Runtime.getRuntime().maxMemory();
            throw new InsufficientMemoryException(
                    "a picture of %dx%d needs %d MB of Java's memory, which has at most %d MB in all: give it more with java -Xmx"
                            .formatted(width, height, HostMemory.megabytes(needed), HostMemory.megabytes(most)), needed, most);
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
