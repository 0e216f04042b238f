package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.ControlImage;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Prediction;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.internal.PartsMemory.Part;
import io.github.sdcpp4j.internal.bindings.sd_image_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_noise_shapes;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_parts;
import io.github.sdcpp4j.internal.images.RgbImages;
import java.awt.image.BufferedImage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The parts of a native context, one by one. Used by one thread at a time, the context's. */
public final class Parts {

    private static final int CHANNELS = 3;

    private final NativeHandle handle;
    private final PromptResolver prompts;
    private final PartsMemory memory;

    /** Whose memory native code still keeps for the next step. */
    private Optional<Resolution> kept = Optional.empty();

    /** What a diffusion model is asked; the shapes have as many dimensions as native code has of them. */
    public record Question(
            NativeTensor latents, float timestep, NativeTensor text, Optional<NativeTensor> pooled, Optional<NativeTensor> concat,
            Optional<ControlImage> control) {}

    /** A prompt's embedding. */
    public record Text(NativeTensor context, Optional<NativeTensor> pooled) {}

    Parts(NativeHandle handle, PromptResolver prompts, int sizeMultiple, LoadOptions options) {
        this.handle = handle;
        this.prompts = prompts;
        this.memory = new PartsMemory(handle.segment(), sizeMultiple, options);
    }

    /** A native call: it marshals into the call's arena and returns the status. */
    @FunctionalInterface
    private interface Work {
        int run(NativeCall call);
    }

    private void run(CancelToken token, String what, Work work) {
        handle.throwIfBroken();
        try (NativeCall call = new NativeCall(ProgressListener.NONE, token)) {
            int status = work.run(call);
            handle.remember(status, call);
            call.check(status, text -> new GenerationException(what + ": " + text));
        }
    }

    /** Gives back what is kept for the next step. Whatever else works with the context does so too, but measures free memory before. */
    void rest() {
        if (kept.isPresent()) {
            kept = Optional.empty();
            run(new CancelToken(), "the model's memory could not be given back",
                    call -> sdcpp4j_h.sdcpp4j_rest(call.segment(), handle.segment()));
        }
    }

    /**
     * Describes the parts.
     *
     * @param token stops nothing: it is done at once
     * @return what they take and give
     */
    public PartsInfo info(CancelToken token) {
        PartsInfo[] info = new PartsInfo[1];
        run(token, "the model's parts could not be told", call -> {
            MemorySegment out = sdcpp4j_parts.allocate(call.arena());
            int status = sdcpp4j_h.sdcpp4j_describe_parts(call.segment(), handle.segment(), out);
            info[0] = new PartsInfo(sdcpp4j_parts.latent_channels(out), sdcpp4j_parts.downscale(out), sdcpp4j_parts.text_width(out),
                    sdcpp4j_parts.pooled_width(out), exact(sdcpp4j_parts.scaling_factor(out)),
                    Prediction.values()[sdcpp4j_parts.prediction(out)]);
            return status;
        });
        return info[0];
    }

    /** The number that was written in the source, not its neighbour of single precision. */
    private static double exact(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    /**
     * Reads the training's noise.
     *
     * @param count how many timesteps the training had
     * @param token stops nothing: it is done at once
     * @return the picture's share of the variance at each
     */
    public float[] alphasCumprod(int count, CancelToken token) {
        float[] alphas = new float[count];
        run(token, "the noise levels could not be told", call -> {
            MemorySegment out = call.arena().allocate(ValueLayout.JAVA_FLOAT, count);
            int status = sdcpp4j_h.sdcpp4j_alphas_cumprod(call.segment(), handle.segment(), out, count);
            MemorySegment.copy(out, ValueLayout.JAVA_FLOAT, 0, alphas, 0, count);
            return status;
        });
        return alphas;
    }

    /**
     * Encodes a prompt.
     *
     * @param prompt the prompt; LoRAs that it names are left out
     * @param clipSkip as in a request, -1 for the model's own
     * @param size of the picture to be
     * @param info of these parts
     * @param token stops it
     * @return its embedding
     */
    public Text encodeText(String prompt, int clipSkip, Resolution size, PartsInfo info, CancelToken token) {
        String words = prompts.forRuntime(RequestedLoras.plain(prompt));
        int tokens = countTokens(words, token);
        rest();
        NativeTensor context = new NativeTensor(1, tokens, info.textWidth());
        Optional<NativeTensor> pooled = Optional.empty();
        try {
            pooled = info.pooledWidth() == 0 ? Optional.empty() : Optional.of(new NativeTensor(1, info.pooledWidth()));
            MemorySegment place = pooled.map(NativeTensor::segment).orElse(MemorySegment.NULL);
            run(token, "the prompt could not be encoded", call -> sdcpp4j_h.sdcpp4j_encode_text(
                    call.segment(), handle.segment(), call.arena().allocateFrom(words), clipSkip, size.width(), size.height(), tokens,
                    context.segment(), place));
            return new Text(context, pooled);
        } catch (Throwable t) {
            context.close();
            pooled.ifPresent(NativeTensor::close);
            throw t;
        }
    }

    private int countTokens(String words, CancelToken token) {
        int[] count = new int[1];
        run(token, "the prompt could not be read", call -> {
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_INT);
            int status = sdcpp4j_h.sdcpp4j_text_tokens(call.segment(), handle.segment(), call.arena().allocateFrom(words), out);
            count[0] = out.get(sdcpp4j_h.C_INT, 0);
            return status;
        });
        return count[0];
    }

    /**
     * Encodes a picture.
     *
     * @param image its sides are multiples of the downscale
     * @param seed of the sample; empty for the mean
     * @param info of these parts
     * @param token stops it
     * @return one latent
     */
    public NativeTensor encodeImage(BufferedImage image, OptionalLong seed, PartsInfo info, CancelToken token) {
        rest();
        int width = image.getWidth();
        int height = image.getHeight();
        boolean tiled = memory.tiles(Part.ENCODER, width, height);
        NativeTensor latents = new NativeTensor(1, info.latentChannels(), height / info.downscale(), width / info.downscale());
        return filled(latents, () -> run(token, "the picture could not be encoded", call -> {
            MemorySegment picture = sd_image_t.allocate(call.arena());
            Marshal.putImage(picture, RgbImages.rgb(image), width, height, call.arena());
            return sdcpp4j_h.sdcpp4j_encode_image(call.segment(), handle.segment(), picture, seed.isPresent() ? 1 : 0,
                    seed.orElse(0), tiled ? 1 : 0, latents.segment());
        }));
    }

    /**
     * Decodes latents.
     *
     * @param latents as the diffusion model has them
     * @param info of these parts
     * @param token stops it
     * @return a picture for each
     */
    public List<BufferedImage> decode(NativeTensor latents, PartsInfo info, CancelToken token) {
        rest();
        int[] shape = latents.shape();
        boolean tiled = memory.tiles(Part.DECODER, shape[3] * info.downscale(), shape[2] * info.downscale());
        return pictures(latents, info.downscale(), token, "the latents could not be decoded",
                (call, rgb) -> sdcpp4j_h.sdcpp4j_decode_latents(call.segment(), handle.segment(), latents.segment(),
                        shape(shape, call.arena()), tiled ? 1 : 0, rgb));
    }

    /**
     * Projects latents to colours.
     *
     * @param latents as the diffusion model has them
     * @param token stops nothing: it is done at once
     * @return a picture of its size for each
     */
    public List<BufferedImage> preview(NativeTensor latents, CancelToken token) {
        return pictures(latents, 1, token, "the latents could not be shown",
                (call, rgb) -> sdcpp4j_h.sdcpp4j_preview_latents(
                        call.segment(), handle.segment(), latents.segment(), shape(latents.shape(), call.arena()), rgb));
    }

    /** A native call that fills in pixels. */
    @FunctionalInterface
    private interface Painting {
        int paint(NativeCall call, MemorySegment rgb);
    }

    private List<BufferedImage> pictures(NativeTensor latents, int scale, CancelToken token, String what, Painting painting) {
        int width = Math.multiplyExact(latents.shape()[3], scale);
        int height = Math.multiplyExact(latents.shape()[2], scale);
        long bytes = (long) CHANNELS * width * height;
        List<BufferedImage> pictures = new ArrayList<>();
        run(token, what, call -> {
            MemorySegment rgb = call.arena().allocate(bytes * latents.shape()[0]);
            int status = painting.paint(call, rgb);
            for (int i = 0; status == sdcpp4j_h.SDCPP4J_OK() && i < latents.shape()[0]; i++) {
                pictures.add(RgbImages.copyOf(rgb.asSlice(i * bytes, bytes), width, height, width, height));
            }
            return status;
        });
        return pictures;
    }

    /**
     * Asks the diffusion model.
     *
     * @param question what
     * @param info of these parts
     * @param token stops it
     * @return what it answers, of the latents' shape
     */
    public NativeTensor predict(Question question, PartsInfo info, CancelToken token) {
        int[] shape = question.latents().shape();
        Resolution size = new Resolution(shape[3] * info.downscale(), shape[2] * info.downscale());
        if (!kept.equals(Optional.of(size))) {
            rest();
            memory.checkDiffusion(size.width(), size.height());
        }
        NativeTensor answer = new NativeTensor(shape);
        return filled(answer, () -> {
            run(token, "the diffusion model could not be asked", call -> predict(call, question, size, answer));
            kept = Optional.of(size);
        });
    }

    private int predict(NativeCall call, Question question, Resolution size, NativeTensor answer) {
        MemorySegment shapes = sdcpp4j_noise_shapes.allocate(call.arena());
        put(question.latents(), sdcpp4j_noise_shapes.latents(shapes));
        put(question.text(), sdcpp4j_noise_shapes.text(shapes));
        question.pooled().ifPresent(pooled -> put(pooled, sdcpp4j_noise_shapes.pooled(shapes)));
        question.concat().ifPresent(concat -> put(concat, sdcpp4j_noise_shapes.concat(shapes)));
        MemorySegment hint = question.control().map(control -> {
            MemorySegment picture = sd_image_t.allocate(call.arena());
            BufferedImage fitted = RgbImages.fit(control.image(), size.width(), size.height(), size.width(), size.height());
            Marshal.putImage(picture, RgbImages.bytes(fitted), size.width(), size.height(), call.arena());
            return picture;
        }).orElse(MemorySegment.NULL);
        return sdcpp4j_h.sdcpp4j_predict_noise(call.segment(), handle.segment(), shapes, question.latents().segment(),
                question.timestep(), question.text().segment(), segment(question.pooled()), segment(question.concat()), hint,
                question.control().map(control -> (float) control.strength()).orElse(0f), answer.segment());
    }

    private static MemorySegment segment(Optional<NativeTensor> tensor) {
        return tensor.map(NativeTensor::segment).orElse(MemorySegment.NULL);
    }

    private static void put(NativeTensor tensor, MemorySegment shape) {
        for (int i = 0; i < tensor.shape().length; i++) {
            shape.setAtIndex(ValueLayout.JAVA_LONG, i, tensor.shape()[i]);
        }
    }

    private static MemorySegment shape(int[] shape, SegmentAllocator allocator) {
        return allocator.allocateFrom(ValueLayout.JAVA_LONG, Arrays.stream(shape).asLongStream().toArray());
    }

    /** A new tensor that native code fills; freed when that fails. */
    private static NativeTensor filled(NativeTensor tensor, Runnable work) {
        try {
            work.run();
            return tensor;
        } catch (Throwable t) {
            tensor.close();
            throw t;
        }
    }
}
