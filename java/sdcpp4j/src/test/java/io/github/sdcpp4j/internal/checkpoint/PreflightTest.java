package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.internal.checkpoint.ModelBytes.of;
import static io.github.sdcpp4j.internal.checkpoint.ModelBytes.unet;
import static io.github.sdcpp4j.internal.checkpoint.Refusals.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.Prediction;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PreflightTest {

    private static final ModelBytes CHECKPOINT = sd1().vae("first_stage_model.");
    private static final ModelBytes WITHOUT_VAE = sd1();
    private static final ModelBytes UNET = unet("model.diffusion_model.", 768, 4);
    private static final ModelBytes BARE_XL_UNET = unet("", 2048, 4);
    private static final ModelBytes FLUX = of("double_blocks.0.img_attn.qkv.weight", "img_in.weight");
    private static final ModelBytes VAE = new ModelBytes().vae("");
    private static final ModelBytes TAESD = of("decoder.layers.0.weight", "decoder.layers.2.conv.0.weight");
    private static final ModelBytes CLIP_L = new ModelBytes().clip("", 768);
    private static final ModelBytes CLIP_G = new ModelBytes().clip("", 1280);
    private static final ModelBytes SD3 = of("model.diffusion_model.joint_blocks.0.x").vae("first_stage_model.");
    private static final ModelBytes SD3_WITH_CLIP_G =
            of("model.diffusion_model.joint_blocks.0.x", "text_encoders.clip_g.x").vae("first_stage_model.");
    private static final ModelBytes CONTROL_NET = of("input_hint_block.0.weight")
            .tensor("input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight", 1, 768);
    private static final ModelBytes LORA = new ModelBytes()
            .tensor("lora_unet_down_blocks_0_attn2_to_k.lora_down.weight", 8, 768)
            .tensor("lora_unet_down_blocks_0_attn2_to_k.lora_up.weight", 320, 8);
    private static final ModelBytes EMBEDDING = new ModelBytes().tensor("emb_params", 2, 768);
    private static final ModelBytes UPSCALER = of("body.0.rdb1.conv1.weight");
    private static final ModelBytes T5 = of("encoder.block.0.layer.0.SelfAttention.q.weight");

    @TempDir
    private Path directory;

    private static ModelBytes sd1() {
        return unet("model.diffusion_model.", 768, 4).clip("cond_stage_model.transformer.", 768);
    }

    static Stream<Arguments> wrongPlaces() {
        return Stream.of(
                arguments(ModelFile.MODEL, unet("model.diffusion_model.", 1024, 7).tensor("model.diffusion_model.label_emb.weight", 1000, 4)
                                .vae("first_stage_model."),
                        "is Stable Diffusion's x4 latent upscaler (7 tensors), whose UNet the runtime does not know: make pictures larger"
                                + " with an ESRGAN model, --upscale-model"),
                arguments(ModelFile.MODEL, LORA,
                        "is a LoRA for SD 1.x (2 tensors), not a checkpoint: name a checkpoint with --model"),
                arguments(ModelFile.MODEL, EMBEDDING, "is a textual inversion embedding for SD 1.x (1 tensor), not a checkpoint:"
                        + " name a checkpoint with --model"),
                arguments(ModelFile.MODEL, UPSCALER,
                        "is an upscaler (1 tensor), not a checkpoint: name a checkpoint with --model"),
                arguments(ModelFile.MODEL, CONTROL_NET,
                        "is a ControlNet for SD 1.x (2 tensors), not a checkpoint: give it as --control-net"),
                arguments(ModelFile.MODEL, VAE, "is a VAE (3 tensors), not a checkpoint: give it as --vae"),
                arguments(ModelFile.MODEL, TAESD,
                        "is a tiny autoencoder (TAESD) (2 tensors), not a checkpoint: give it as --taesd"),
                arguments(ModelFile.MODEL, CLIP_L, "is a CLIP-L text encoder (2 tensors), not a checkpoint: give it as --clip_l"),
                arguments(ModelFile.MODEL, WITHOUT_VAE,
                        "is a checkpoint without VAE (SD 1.x, 5 tensors): add one with --vae or --taesd"),
                arguments(ModelFile.MODEL, sd1().vaeDecoder("first_stage_model."), "is a checkpoint whose VAE has no encoder, which"
                        + " the runtime needs: give a whole VAE with --vae, or a tiny autoencoder with --taesd"),
                arguments(ModelFile.MODEL, UNET, "holds only a diffusion model (SD 1.x, 3 tensors), which the runtime takes for"
                        + " this family in a complete checkpoint only: name one with --model"),
                arguments(ModelFile.MODEL, BARE_XL_UNET, "holds only a diffusion model (SDXL, 3 tensors): give it as"
                        + " --diffusion-model together with --clip_l, --clip_g and --vae"),
                arguments(ModelFile.MODEL, FLUX, "holds only a diffusion model (Flux, 2 tensors): give it as --diffusion-model"
                        + " together with --clip_l, --t5xxl and --vae"),
                arguments(ModelFile.DIFFUSION, FLUX, "holds only a diffusion model (Flux, 2 tensors): it works only together with"
                        + " --clip_l, --t5xxl and --vae"),
                arguments(ModelFile.DIFFUSION, UNET, "holds only a diffusion model (SD 1.x, 3 tensors), which the runtime takes"
                        + " for this family in a complete checkpoint only: name one with --model"),
                arguments(ModelFile.DIFFUSION, CHECKPOINT,
                        "is a complete checkpoint (SD 1.x, 8 tensors), not a diffusion model: give it as --model"),
                arguments(ModelFile.DIFFUSION, LORA,
                        "is a LoRA for SD 1.x (2 tensors), not a diffusion model: name a diffusion model with --diffusion-model"));
    }

    static Stream<Arguments> wrongPlacesBesideACheckpoint() {
        return Stream.of(
                arguments(ModelFile.VAE, TAESD, "is a tiny autoencoder (TAESD) (2 tensors), not a VAE: give it as --taesd"),
                arguments(ModelFile.VAE, CHECKPOINT,
                        "is a complete checkpoint (SD 1.x, 8 tensors), not a VAE: give it as --model"),
                arguments(ModelFile.VAE, LORA, "is a LoRA for SD 1.x (2 tensors), not a VAE: name a VAE with --vae"),
                arguments(ModelFile.VAE, new ModelBytes().vaeDecoder(""), "has no encoder, which the runtime needs: give a whole"
                        + " VAE with --vae, or a tiny autoencoder with --taesd"),
                arguments(ModelFile.VAE, new ModelBytes().vae("first_stage_model."), "is a VAE whose tensors are named"
                        + " first_stage_model... as in a checkpoint, which the runtime ignores in --vae: take a file of this VAE with"
                        + " names such as decoder.conv_in.weight"),
                arguments(ModelFile.TAESD, VAE, "is a VAE (3 tensors), not a tiny autoencoder: give it as --vae"),
                arguments(ModelFile.CLIP_L, T5, "is a T5 text encoder (1 tensor), not a CLIP-L text encoder: give it as --t5xxl"),
                arguments(ModelFile.CLIP_G, CLIP_L,
                        "is a CLIP-L text encoder (2 tensors), not a CLIP-G text encoder: give it as --clip_l"),
                arguments(ModelFile.T5XXL, CLIP_L,
                        "is a CLIP-L text encoder (2 tensors), not a T5 text encoder: give it as --clip_l"),
                arguments(ModelFile.LLM, T5, "is a T5 text encoder (1 tensor), not a language model: give it as --t5xxl"),
                arguments(ModelFile.LLM_VISION, T5, "is a T5 text encoder (1 tensor), not the vision part of a language model:"
                        + " give it as --t5xxl"),
                arguments(ModelFile.CLIP_VISION, CLIP_L,
                        "is a CLIP-L text encoder (2 tensors), not a CLIP vision encoder: give it as --clip_l"),
                arguments(ModelFile.CONTROL_NET, CHECKPOINT,
                        "is a complete checkpoint (SD 1.x, 8 tensors), not a ControlNet: give it as --model"),
                arguments(ModelFile.PHOTO_MAKER, VAE, "is a VAE (3 tensors), not a PhotoMaker model: give it as --vae"),
                arguments(ModelFile.HIGH_NOISE_DIFFUSION, VAE, "is a VAE (3 tensors), not a diffusion model: give it as --vae"),
                arguments(ModelFile.UNCONDITIONAL_DIFFUSION, T5,
                        "is a T5 text encoder (1 tensor), not a diffusion model: give it as --t5xxl"),
                arguments(ModelFile.EMBEDDINGS_CONNECTORS, EMBEDDING, "is a textual inversion embedding for SD 1.x (1 tensor), not"
                        + " a file of connectors: name a file of connectors with --embeddings-connectors"),
                arguments(ModelFile.AUDIO_VAE, LORA,
                        "is a LoRA for SD 1.x (2 tensors), not a VAE for sound: name a VAE for sound with --audio-vae"));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("wrongPlaces")
    void refusesAFileInTheWrongPlace(ModelFile slot, ModelBytes model, String sentence) {
        Path file = write(directory, "file.safetensors", model.safetensors());
        assertRefusal(LoadOptions.builder().file(slot, file).build(), file + " " + sentence);
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("wrongPlacesBesideACheckpoint")
    void refusesAFileInTheWrongPlaceBesideACheckpoint(ModelFile slot, ModelBytes model, String sentence) {
        Path file = write(directory, "file.safetensors", model.safetensors());
        assertRefusal(with(CHECKPOINT).file(slot, file).build(), file + " " + sentence);
    }

    @ParameterizedTest
    @EnumSource(ModelFile.class)
    void letsTheUnknownThroughEverywhere(ModelFile slot) {
        Path file = write(directory, "unknown", of("some.weight").safetensors());
        check(with(CHECKPOINT).file(slot, file));
    }

    @Test
    void oneFileBringsWhatAnotherLacks() {
        check(with(CHECKPOINT));
        check(and(with(WITHOUT_VAE), ModelFile.VAE, VAE));
        check(and(with(WITHOUT_VAE), ModelFile.TAESD, TAESD));
        check(and(with(sd1().vaeDecoder("first_stage_model.")), ModelFile.TAESD, TAESD));
        check(and(with(CHECKPOINT), ModelFile.CONTROL_NET, CONTROL_NET));
        check(and(with(CHECKPOINT), ModelFile.DIFFUSION, UNET));
        check(and(LoadOptions.builder(), ModelFile.DIFFUSION, FLUX, ModelFile.VAE, VAE));
        check(and(LoadOptions.builder(), ModelFile.DIFFUSION, CHECKPOINT, ModelFile.CLIP_L, CLIP_L));
    }

    static Stream<Arguments> missingTextEncoders() {
        return Stream.of(
                arguments(SD3, List.of(), "is a checkpoint without text encoder (SD3.x, 4 tensors), and there is no text encoder,"
                        + " without which the runtime cannot make pictures of this family: add --clip_l and --clip_g, --t5xxl, or all"
                        + " three"),
                arguments(SD3, List.of(CLIP_L), "is a checkpoint without text encoder (SD3.x, 4 tensors), which the runtime runs with"
                        + " both of its CLIP text encoders or with neither, and there is one: add --clip_g"),
                arguments(SD3_WITH_CLIP_G, List.of(), "is a complete checkpoint (SD3.x, 5 tensors), which the runtime runs with both of"
                        + " its CLIP text encoders or with neither, and there is one: add --clip_l"),
                arguments(of("model.diffusion_model.double_blocks.0.x", "model.diffusion_model.vector_in.x").vae("vae."), List.of(),
                        "is a checkpoint without text encoder (Flux, 5 tensors), and there is no text encoder, without which the"
                        + " runtime cannot make pictures of this family: add --clip_l, --t5xxl, or better both"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("missingTextEncoders")
    void refusesWhatWouldEndTheProcessForWantOfATextEncoder(ModelBytes model, List<ModelBytes> clipL, String sentence) {
        Path file = write(directory, "model.safetensors", model.safetensors());
        LoadOptions.Builder builder = LoadOptions.builder().model(file);
        clipL.forEach(encoder -> and(builder, ModelFile.CLIP_L, encoder));
        assertRefusal(builder.build(), file + " " + sentence);
    }

    @Test
    void aTextEncoderOrTwoAreEnough() {
        check(and(with(SD3), ModelFile.T5XXL, T5));
        check(and(with(SD3), ModelFile.CLIP_L, CLIP_L, ModelFile.CLIP_G, CLIP_G));
        check(and(with(SD3_WITH_CLIP_G), ModelFile.CLIP_L, CLIP_L));
        ModelBytes flux = of("double_blocks.0.x", "img_in.weight", "vector_in.in_layer.weight");
        check(and(LoadOptions.builder(), ModelFile.DIFFUSION, flux, ModelFile.VAE, VAE, ModelFile.CLIP_L, CLIP_L));
        check(and(LoadOptions.builder(), ModelFile.DIFFUSION, flux, ModelFile.VAE, VAE, ModelFile.T5XXL, T5));
    }

    @Test
    void aControlNetInACheckpointIsOne() {
        ModelBytes both = sd1().vae("first_stage_model.").tensor("control_model.input_hint_block.0.weight", 1);
        check(and(with(CHECKPOINT), ModelFile.CONTROL_NET, both));
        check(with(both));
    }

    @Test
    void passesOnTheVelocityPredictionThatAFileNames() {
        ModelBytes v = sd1().vae("first_stage_model.").metadata("modelspec.prediction_type", "v");
        assertThat(check(with(v)).prediction()).contains(Prediction.V);
        assertThat(check(with(v).prediction(Prediction.EPS)).prediction()).contains(Prediction.EPS);
        assertThat(check(with(CHECKPOINT)).prediction()).isEmpty();
        ModelBytes eps = sd1().vae("first_stage_model.").metadata("modelspec.prediction_type", "epsilon");
        assertThat(check(with(eps)).prediction()).isEmpty();
        LoadOptions options = with(v).threads(3).queueCapacity(5).build();
        assertThat(Preflight.of(options).options()).isEqualTo(with(v).threads(3).queueCapacity(5).prediction(Prediction.V).build());
    }

    private static void assertRefusal(LoadOptions options, String sentence) {
        assertThat(catchThrowable(() -> Preflight.of(options)))
                .isExactlyInstanceOf(CheckpointException.class).hasMessage(sentence);
    }

    private LoadOptions.Builder with(ModelBytes model) {
        return LoadOptions.builder().model(write(directory, "model.safetensors", model.safetensors()));
    }

    private LoadOptions.Builder and(LoadOptions.Builder builder, Object... slotsAndModels) {
        for (int i = 0; i < slotsAndModels.length; i += 2) {
            builder.file((ModelFile) slotsAndModels[i],
                    write(directory, "part" + i, ((ModelBytes) slotsAndModels[i + 1]).safetensors()));
        }
        return builder;
    }

    private static LoadOptions check(LoadOptions.Builder builder) {
        return Preflight.of(builder.build()).options();
    }
}
