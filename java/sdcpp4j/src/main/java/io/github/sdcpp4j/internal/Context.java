package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.Timings;
import io.github.sdcpp4j.internal.bindings.sd_image_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.checkpoint.CheckpointHeader;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One native context: its handle, its thread, and the way from a request to pixels. */
public final class Context {

    private final NativeThread thread;
    private final Arena arena;
    private final MemorySegment handle;
    private final Properties properties;
    private String brokenBy; // touched on the native thread only

    /**
     * What is known of a model once it is loaded.
     *
     * @param name the model file's name without its ending
     * @param family the runtime's word for the model family
     * @param sizeMultiple pictures are made in multiples of this many pixels
     * @param defaultSampler the runtime's choice
     * @param defaultSchedulers the runtime's choice for each sampler
     */
    public record Properties(
            String name, String family, int sizeMultiple, int defaultSampler, List<Integer> defaultSchedulers) {}

    /**
     * What a call made.
     *
     * @param images the pictures
     * @param timings where the time went
     * @param notes what a user should know about them
     */
    public record Pictures(List<BufferedImage> images, Timings timings, List<String> notes) {}

    private Context(NativeThread thread, Arena arena, MemorySegment handle, Properties properties) {
        this.thread = thread;
        this.arena = arena;
        this.handle = handle;
        this.properties = properties;
    }

    /**
     * Checks the files, then loads them.
     *
     * @param options the files and how to run them
     * @return the context
     */
    public static Context load(LoadOptions options) {
        options.files().values().forEach(CheckpointHeader::read);
        NativeLibrary.ensureLoaded();
        Path main = options.files().getOrDefault(ModelFile.MODEL, options.files().get(ModelFile.DIFFUSION));
        NativeThread thread = new NativeThread("sdcpp4j " + main.getFileName());
        try {
            return thread.call(() -> loadHere(options, main, thread));
        } catch (Throwable t) {
            thread.close(() -> {});
            throw t;
        }
    }

    private static Context loadHere(LoadOptions options, Path main, NativeThread thread) {
        Arena arena = Arena.ofShared();
        NativeLibrary.LOADS.lock();
        try (NativeCall call = new NativeCall(options.progress())) {
            MemorySegment params = Marshal.contextParams(options, call.arena());
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            int status = sdcpp4j_h.sdcpp4j_load(call.segment(), params, out);
            MemorySegment handle = out.get(sdcpp4j_h.C_POINTER, 0);
            if (status == sdcpp4j_h.SDCPP4J_OK()) {
                handle = handle.reinterpret(0, arena, sdcpp4j_h::sdcpp4j_free_context);
            }
            call.check(status, "sdcpp4j_load", text -> new CheckpointException("%s cannot be loaded: %s%s".formatted(
                    main, text, text.contains("backend") ? "" : ". `info` tells what a file holds")));
            return new Context(thread, arena, handle, describe(handle, main));
        } catch (Throwable t) {
            arena.close();
            throw t;
        } finally {
            NativeLibrary.LOADS.unlock();
        }
    }

    private static Properties describe(MemorySegment handle, Path main) {
        String file = main.getFileName().toString();
        int dot = file.lastIndexOf('.');
        List<Integer> schedulers = new ArrayList<>();
        for (int sampler = 0; sampler < sdcpp4j_h.SAMPLE_METHOD_COUNT(); sampler++) {
            schedulers.add(sdcpp4j_h.sd_get_default_scheduler(handle, sampler));
        }
        return new Properties(
                dot > 0 ? file.substring(0, dot) : file,
                sdcpp4j_h.sdcpp4j_context_family(handle).getString(0),
                sdcpp4j_h.sdcpp4j_size_multiple(handle),
                sdcpp4j_h.sd_get_default_sample_method(handle),
                List.copyOf(schedulers));
    }

    /**
     * Returns what is known of the model.
     *
     * @return the properties
     */
    public Properties properties() {
        if (thread.isClosed()) {
            throw new IllegalStateException("this model is closed");
        }
        return properties;
    }

    /**
     * Makes pictures.
     *
     * @param request what to make; its seed, sampler and scheduler are decided
     * @param listener hears how far the work is
     * @return the pictures
     */
    public Pictures generate(ImageRequest request, ProgressListener listener) {
        return thread.call(() -> generateHere(request, listener));
    }

    private Pictures generateHere(ImageRequest request, ProgressListener listener) {
        if (brokenBy != null) {
            throw new GenerationException("this model cannot be used any more after an earlier failure (%s): close it and load it again"
                    .formatted(brokenBy));
        }
        try (NativeCall call = new NativeCall(listener)) {
            MemorySegment params = Marshal.imageParams(request, properties.sizeMultiple(), call.arena());
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            int status = sdcpp4j_h.sdcpp4j_generate_image(call.segment(), handle, params, out);
            int count = request.settings().batchCount();
            MemorySegment images = out.get(sdcpp4j_h.C_POINTER, 0).reinterpret(
                    count * sd_image_t.sizeof(), call.arena(), given -> sdcpp4j_h.sdcpp4j_free_images(given, count));
            if (status == sdcpp4j_h.SDCPP4J_ABORTED()) {
                brokenBy = call.errorText(); // whatever check() throws, a listener's exception included
            }
            call.check(status, "sdcpp4j_generate_image",
                    text -> new GenerationException("the picture could not be made: " + text));
            return pictures(request, images, count, call.timings());
        }
    }

    private Pictures pictures(ImageRequest request, MemorySegment images, int count, Timings timings) {
        int width = request.settings().width();
        int height = request.settings().height();
        List<BufferedImage> copies = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            MemorySegment image = sd_image_t.asSlice(images, i);
            int nativeWidth = sd_image_t.width(image);
            int nativeHeight = sd_image_t.height(image);
            MemorySegment rgb = sd_image_t.data(image).reinterpret((long) nativeWidth * nativeHeight * 3);
            copies.add(RgbImages.copyOf(rgb, nativeWidth, nativeHeight, width, height));
            if (i == 0 && (nativeWidth != width || nativeHeight != height)) {
                notes.add("made at %dx%d and cropped evenly to %dx%d: this model works in multiples of %d pixels"
                        .formatted(nativeWidth, nativeHeight, width, height, properties.sizeMultiple()));
            }
        }
        return new Pictures(copies, timings, notes);
    }

    /** Frees the context once the calls that came before are done. */
    public void close() {
        thread.close(arena::close);
    }
}
