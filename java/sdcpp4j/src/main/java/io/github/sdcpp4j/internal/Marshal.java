package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.Additions;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Lora;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.PhotoMaker;
import io.github.sdcpp4j.VideoRequest;
import io.github.sdcpp4j.internal.bindings.sd_ctx_params_t;
import io.github.sdcpp4j.internal.bindings.sd_embedding_t;
import io.github.sdcpp4j.internal.bindings.sd_image_t;
import io.github.sdcpp4j.internal.bindings.sd_img_gen_params_t;
import io.github.sdcpp4j.internal.bindings.sd_lora_t;
import io.github.sdcpp4j.internal.bindings.sd_pm_params_t;
import io.github.sdcpp4j.internal.bindings.sd_vid_gen_params_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.images.Inpainting;
import io.github.sdcpp4j.internal.images.RgbImages;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Requests as the runtime's structs, everything in one arena. The values were checked when the records were made. */
public final class Marshal {

    private Marshal() {}

    static MemorySegment contextParams(LoadOptions options, Arena arena) {
        MemorySegment params = sd_ctx_params_t.allocate(arena);
        sdcpp4j_h.sd_ctx_params_init(params);
        options.files().forEach((slot, path) -> putPath(params, slot, path(path, arena)));
        putEmbeddings(params, options.additions(), arena);
        sd_ctx_params_t.lora_apply_mode(params, options.additions().loraApplyMode().nativeValue());
        sd_ctx_params_t.n_threads(params, options.threads());
        options.weightType().ifPresent(type -> sd_ctx_params_t.wtype(params, type.nativeValue()));
        sd_ctx_params_t.tensor_type_rules(params, string(options.tensorTypeRules(), arena));
        sd_ctx_params_t.rng_type(params, options.rng().nativeValue());
        options.samplerRng().ifPresent(rng -> sd_ctx_params_t.sampler_rng_type(params, rng.nativeValue()));
        options.prediction().ifPresent(prediction -> sd_ctx_params_t.prediction(params, prediction.nativeValue()));
        sd_ctx_params_t.enable_mmap(params, options.mmap());
        sd_ctx_params_t.flash_attn(params, options.flashAttention());
        sd_ctx_params_t.diffusion_flash_attn(params, options.diffusionFlashAttention());
        sd_ctx_params_t.diffusion_conv_direct(params, options.diffusionConvDirect());
        sd_ctx_params_t.vae_conv_direct(params, options.vaeConvDirect());
        sd_ctx_params_t.circular_x(params, options.circularX());
        sd_ctx_params_t.circular_y(params, options.circularY());
        sd_ctx_params_t.force_sdxl_vae_conv_scale(params, options.vaeConvScale());
        sd_ctx_params_t.tae_preview_only(params, options.taesdForPreviewsOnly());
        sd_ctx_params_t.max_vram(params, (float) options.maxVram());
        sd_ctx_params_t.backend(params, string(options.backend(), arena));
        sd_ctx_params_t.params_backend(params, string(options.paramsBackend(), arena));
        return params;
    }

    private static void putEmbeddings(MemorySegment params, Additions additions, Arena arena) {
        MemorySegment array = sd_embedding_t.allocateArray(additions.embeddings().size(), arena);
        int i = 0;
        for (Map.Entry<String, Path> embedding : additions.embeddings().entrySet()) {
            MemorySegment target = sd_embedding_t.asSlice(array, i++);
            sd_embedding_t.name(target, arena.allocateFrom(EmbeddingWords.name(embedding.getKey())));
            sd_embedding_t.path(target, path(embedding.getValue(), arena));
        }
        sd_ctx_params_t.embeddings(params, array);
        sd_ctx_params_t.embedding_count(params, i);
    }

    private static void putPath(MemorySegment params, ModelFile slot, MemorySegment path) {
        switch (slot) {
            case MODEL -> sd_ctx_params_t.model_path(params, path);
            case CLIP_L -> sd_ctx_params_t.clip_l_path(params, path);
            case CLIP_G -> sd_ctx_params_t.clip_g_path(params, path);
            case CLIP_VISION -> sd_ctx_params_t.clip_vision_path(params, path);
            case T5XXL -> sd_ctx_params_t.t5xxl_path(params, path);
            case LLM -> sd_ctx_params_t.llm_path(params, path);
            case LLM_VISION -> sd_ctx_params_t.llm_vision_path(params, path);
            case DIFFUSION -> sd_ctx_params_t.diffusion_model_path(params, path);
            case HIGH_NOISE_DIFFUSION -> sd_ctx_params_t.high_noise_diffusion_model_path(params, path);
            case UNCONDITIONAL_DIFFUSION -> sd_ctx_params_t.uncond_diffusion_model_path(params, path);
            case EMBEDDINGS_CONNECTORS -> sd_ctx_params_t.embeddings_connectors_path(params, path);
            case VAE -> sd_ctx_params_t.vae_path(params, path);
            case AUDIO_VAE -> sd_ctx_params_t.audio_vae_path(params, path);
            case TAESD -> sd_ctx_params_t.taesd_path(params, path);
            case CONTROL_NET -> sd_ctx_params_t.control_net_path(params, path);
            case PHOTO_MAKER -> sd_ctx_params_t.photo_maker_path(params, path);
        }
    }

    /**
     * Marshals a request.
     *
     * @param request what to make; its seed, sampler and scheduler are decided, and what its prompts name
     * @param sizeMultiple the runtime works on a canvas whose sides are multiples of this
     * @param arena owns everything that is allocated
     * @return an {@code sd_img_gen_params_t}
     */
    public static MemorySegment imageParams(ImageRequest request, int sizeMultiple, Arena arena) {
        GenerationSettings settings = request.settings();
        MemorySegment params = sd_img_gen_params_t.allocate(arena);
        sdcpp4j_h.sd_img_gen_params_init(params);
        sd_img_gen_params_t.prompt(params, string(settings.prompt(), arena));
        sd_img_gen_params_t.negative_prompt(params, string(settings.negativePrompt(), arena));
        // what the runtime would do by itself, with a warning at each picture
        int canvasWidth = roundUp(settings.width(), sizeMultiple);
        int canvasHeight = roundUp(settings.height(), sizeMultiple);
        sd_img_gen_params_t.width(params, canvasWidth);
        sd_img_gen_params_t.height(params, canvasHeight);
        sd_img_gen_params_t.seed(params, settings.seed().orElseThrow());
        sd_img_gen_params_t.batch_count(params, settings.batchCount());
        settings.clipSkip().ifPresent(skip -> sd_img_gen_params_t.clip_skip(params, skip));

        sd_img_gen_params_t.loras(params, loras(settings.loras(), arena));
        sd_img_gen_params_t.lora_count(params, settings.loras().size());

        SamplingParams.put(sd_img_gen_params_t.sample_params(params), settings);
        SamplingParams.put(sd_img_gen_params_t.sample_params(params), sd_img_gen_params_t.cache(params), settings.extras(), arena);
        settings.hires().ifPresent(hires -> SamplingParams.put(sd_img_gen_params_t.hires(params), hires, sizeMultiple, arena));

        UnaryOperator<BufferedImage> fit = image ->
                RgbImages.fit(image, settings.width(), settings.height(), canvasWidth, canvasHeight);
        settings.control().ifPresent(control -> {
            putImage(sd_img_gen_params_t.control_image(params), RgbImages.bytes(fit.apply(control.image())),
                    canvasWidth, canvasHeight, arena);
            sd_img_gen_params_t.control_strength(params, (float) control.strength());
        });
        putReferences(params, settings.referenceImages(), arena);
        settings.photoMaker().ifPresent(person -> putPhotoMaker(sd_img_gen_params_t.pm_params(params), person, arena));
        if (request instanceof ImageToImage fromImage) {
            sd_img_gen_params_t.strength(params, (float) fromImage.strength());
            putImage(sd_img_gen_params_t.init_image(params), RgbImages.bytes(fit.apply(fromImage.image())),
                    canvasWidth, canvasHeight, arena);
            fromImage.mask().ifPresent(mask -> putImage(sd_img_gen_params_t.mask_image(params),
                    Inpainting.blackAndWhite(fit.apply(mask.image())), canvasWidth, canvasHeight, arena));
        }
        return params;
    }

    /**
     * Marshals a request; the rest is as for pictures.
     *
     * @return an {@code sd_vid_gen_params_t}
     */
    static MemorySegment videoParams(VideoRequest request, int sizeMultiple, Arena arena) {
        GenerationSettings settings = request.settings();
        MemorySegment params = sd_vid_gen_params_t.allocate(arena);
        sdcpp4j_h.sd_vid_gen_params_init(params);
        sd_vid_gen_params_t.prompt(params, string(settings.prompt(), arena));
        sd_vid_gen_params_t.negative_prompt(params, string(settings.negativePrompt(), arena));
        int canvasWidth = roundUp(settings.width(), sizeMultiple);
        int canvasHeight = roundUp(settings.height(), sizeMultiple);
        sd_vid_gen_params_t.width(params, canvasWidth);
        sd_vid_gen_params_t.height(params, canvasHeight);
        sd_vid_gen_params_t.seed(params, settings.seed().orElseThrow());
        sd_vid_gen_params_t.video_frames(params, request.frames());
        sd_vid_gen_params_t.fps(params, request.framesPerSecond());
        settings.clipSkip().ifPresent(skip -> sd_vid_gen_params_t.clip_skip(params, skip));
        sd_vid_gen_params_t.loras(params, loras(settings.loras(), arena));
        sd_vid_gen_params_t.lora_count(params, settings.loras().size());

        SamplingParams.put(sd_vid_gen_params_t.sample_params(params), settings);
        SamplingParams.put(sd_vid_gen_params_t.sample_params(params), sd_vid_gen_params_t.cache(params), settings.extras(), arena);
        SamplingParams.put(sd_vid_gen_params_t.high_noise_sample_params(params), settings, request.highNoise());
        sd_vid_gen_params_t.moe_boundary(params, (float) request.highNoise().boundary());

        UnaryOperator<BufferedImage> fit = image ->
                RgbImages.fit(image, settings.width(), settings.height(), canvasWidth, canvasHeight);
        request.firstFrame().ifPresent(frame -> putImage(
                sd_vid_gen_params_t.init_image(params), RgbImages.bytes(fit.apply(frame)), canvasWidth, canvasHeight, arena));
        request.lastFrame().ifPresent(frame -> putImage(
                sd_vid_gen_params_t.end_image(params), RgbImages.bytes(fit.apply(frame)), canvasWidth, canvasHeight, arena));
        MemorySegment control = sd_image_t.allocateArray(request.controlFrames().size(), arena);
        for (int i = 0; i < request.controlFrames().size(); i++) {
            putImage(sd_image_t.asSlice(control, i), RgbImages.bytes(fit.apply(request.controlFrames().get(i))),
                    canvasWidth, canvasHeight, arena);
        }
        sd_vid_gen_params_t.control_frames(params, control);
        sd_vid_gen_params_t.control_frames_size(params, request.controlFrames().size());
        sd_vid_gen_params_t.vace_strength(params, (float) request.controlStrength());
        return params;
    }

    private static MemorySegment loras(List<Lora> loras, Arena arena) {
        MemorySegment array = sd_lora_t.allocateArray(loras.size(), arena);
        for (int i = 0; i < loras.size(); i++) {
            MemorySegment target = sd_lora_t.asSlice(array, i);
            sd_lora_t.path(target, path(loras.get(i).file(), arena));
            sd_lora_t.multiplier(target, (float) loras.get(i).weight());
        }
        return array;
    }

    /** Each in its own size: the runtime brings them to that which the model takes. */
    private static void putReferences(MemorySegment params, List<BufferedImage> images, Arena arena) {
        sd_img_gen_params_t.ref_images(params, images(images, arena));
        sd_img_gen_params_t.ref_images_count(params, images.size());
        sd_img_gen_params_t.auto_resize_ref_image(params, true);
    }

    private static void putPhotoMaker(MemorySegment params, PhotoMaker person, Arena arena) {
        List<BufferedImage> idImages = person.idImages().stream().map(RgbImages::forClipVision).toList();
        sd_pm_params_t.id_images(params, images(idImages, arena));
        sd_pm_params_t.id_images_count(params, idImages.size());
        sd_pm_params_t.style_strength(params, (float) person.styleStrength());
    }

    private static MemorySegment images(List<BufferedImage> images, Arena arena) {
        MemorySegment array = sd_image_t.allocateArray(images.size(), arena);
        for (int i = 0; i < images.size(); i++) {
            BufferedImage image = images.get(i);
            putImage(sd_image_t.asSlice(array, i), RgbImages.rgb(image), image.getWidth(), image.getHeight(), arena);
        }
        return array;
    }

    /** Fills an {@code sd_image_t}; the pixels are copied. */
    static void putImage(MemorySegment target, byte[] pixels, int width, int height, Arena arena) {
        sd_image_t.width(target, width);
        sd_image_t.height(target, height);
        sd_image_t.channel(target, pixels.length / (width * height));
        sd_image_t.data(target, arena.allocateFrom(ValueLayout.JAVA_BYTE, pixels));
    }

    /** The side of the canvas for a side of the picture. */
    public static int roundUp(int value, int multiple) {
        return Math.ceilDiv(value, multiple) * multiple;
    }

    static MemorySegment path(Path path, Arena arena) {
        return arena.allocateFrom(path.toAbsolutePath().toString());
    }

    /** The runtime takes NULL for an empty text. */
    private static MemorySegment string(String text, Arena arena) {
        return text.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(text);
    }
}
