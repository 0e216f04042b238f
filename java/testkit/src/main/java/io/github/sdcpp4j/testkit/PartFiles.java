package io.github.sdcpp4j.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The other files that a user downloads, and checkpoints that lack something or are ill. Each is written once and
 * reused, as in {@link Fixtures}; each method throws {@link java.io.UncheckedIOException} if it cannot be written.
 * They are small, or almost all holes.
 */
public final class PartFiles {
    private static final String TEXT_ENCODER = "cond_stage_model.transformer.";
    private static final String UNET = "model.diffusion_model.";
    private static final String VAE = "first_stage_model.";
    private static final int UNET_WIDTH = CheckpointSpec.small().modelChannels();
    private static final int CLIP_WIDTH = 768;
    private static final long SEED = 42;

    private PartFiles() {}

    /** A LoRA that fits the small checkpoint, in kohya's naming and half precision, and that changes its pictures. */
    public static Path lora(Path directory) {
        return write(directory, "lora.safetensors", DataType.F16, new Lora(UNET_WIDTH, CLIP_WIDTH, CLIP_WIDTH)::addTo);
    }

    /** A LoRA with the same names but the widths of SDXL, so that it fits no layer of the small checkpoint. */
    public static Path loraOfAnotherFamily(Path directory) {
        return write(directory, "lora-xl.safetensors", DataType.F16, new Lora(320, 2048, 1280)::addTo);
    }

    /** A LoRA with SD 1.x's text width, for a UNet twice as wide as the small checkpoint's. */
    public static Path loraOfAnotherWidth(Path directory) {
        return write(directory, "lora-wide.safetensors", DataType.F16, new Lora(2 * UNET_WIDTH, CLIP_WIDTH, CLIP_WIDTH)::addTo);
    }

    /** A LoRA of two layers, of which the small checkpoint has one. */
    public static Path loraThatFitsPartly(Path directory) {
        return write(directory, "lora-partly.safetensors", DataType.F16,
                new Lora(UNET_WIDTH, CLIP_WIDTH, CLIP_WIDTH)::addPartlyUnknownTo);
    }

    /** A LoRA of one layer, which the small checkpoint does not have. */
    public static Path loraOfUnknownLayers(Path directory) {
        return write(directory, "lora-unknown.safetensors", DataType.F16,
                new Lora(UNET_WIDTH, CLIP_WIDTH, CLIP_WIDTH)::addUnknownTo);
    }

    /** The small checkpoint's VAE in a file of its own, its names without prefix as in downloaded VAE files. */
    public static Path vae(Path directory) {
        return write(directory, "vae.safetensors", part(VAE, ""));
    }

    /** The small checkpoint's UNet in a file of its own, with the names that it has in a checkpoint. */
    public static Path unet(Path directory) {
        return write(directory, "unet.safetensors", part(UNET, UNET));
    }

    /** The small checkpoint's text encoder in a file of its own, named as by the transformers library. */
    public static Path textEncoder(Path directory) {
        return write(directory, "clip.safetensors", part(TEXT_ENCODER, ""));
    }

    /** A TAESD with random weights. */
    public static Path taesd(Path directory) {
        return write(directory, "taesd.safetensors", DataType.F16, TinyAutoencoder::addTo);
    }

    /** A ControlNet of SD 1.5's widths, so that it does not fit the small checkpoint; every weight is zero. */
    public static Path controlNet(Path directory) {
        return write(directory, "control.safetensors", DataType.F16, root -> ControlNet.addTo(root, 0));
    }

    /** A ControlNet for {@link #wide} that answers to its hint. */
    public static Path controlNetThatAnswers(Path directory) {
        return write(directory, "control-answers.safetensors", DataType.F16, root -> ControlNet.addTo(root, 1.5));
    }

    /**
     * A complete checkpoint of SD 1.5's widths, as ControlNets need one. Of the UNet all weights are zero but those of the last
     * block and the output, of the text encoder all.
     */
    public static Path wide(Path directory) {
        return write(directory, "wide.safetensors", CheckpointSpec.full().content().map(tensor ->
                tensor.name().startsWith(VAE) || tensor.name().startsWith(UNET + "out.")
                        || tensor.name().startsWith(UNET + "output_blocks.11.0.") ? tensor : tensor.with(Values.ZERO)));
    }

    /** An ESRGAN upscaler, factor 4, with random weights, in a file of {@code torch.save} as they are offered. */
    public static Path esrgan(Path directory) {
        return write(directory, "esrgan.pth", DataType.F32, Esrgan::addTo);
    }

    /**
     * An ESRGAN upscaler whose result is known: it repeats each pixel {@code factor} times to the right and down, then
     * averages each row with the weights 1/4, 1/2, 1/4, with black beyond the edges.
     *
     * @param factor 1, 2 or 4
     */
    public static Path knownEsrgan(Path directory, int factor) {
        return write(directory, "esrgan-known-x" + factor + ".safetensors", DataType.F32, root -> Esrgan.addKnownTo(root, factor));
    }

    /** The known upscaler of factor 4 under the tensor names of the first ESRGAN files, in a dictionary as Real-ESRGAN's. */
    public static Path oldEsrgan(Path directory) {
        Scope root = Scope.root(SEED, DataType.F32);
        Esrgan.addKnownTo(root, 4);
        return write(directory, "esrgan-first.pth", new TensorFile("params_ema", Map.of(), root.tensors()).map(tensor ->
                new Tensor(Esrgan.oldName(tensor.name()), tensor.type(), tensor.shape(), tensor.values())));
    }

    /** The known upscaler of factor 4 with NaN for its last bias. */
    public static Path nanInEsrgan(Path directory) {
        Scope root = Scope.root(SEED, DataType.F32);
        Esrgan.addKnownTo(root, 4);
        return write(directory, "esrgan-nan.safetensors",
                new TensorFile(Map.of("format", "pt"), root.tensors()).map(tensor -> nanIf(tensor, "conv_last.bias")));
    }

    /** A textual inversion embedding of two vectors, as a safetensors file with {@code emb_params}. */
    public static Path textualInversion(Path directory) {
        return write(directory, "embedding.safetensors", embedding("state_dict", "emb_params"));
    }

    /** The same embedding as a file of {@code torch.save}, with the entry {@code *} of {@code string_to_param}. */
    public static Path textualInversionPt(Path directory) {
        return write(directory, "embedding.pt", embedding("string_to_param", "*"));
    }

    /** A complete checkpoint whose VAE decodes to NaN, by the bias of its last layer; all else is zero but the VAE. */
    public static Path nanInVae(Path directory) {
        return write(directory, "nan-vae.safetensors", CheckpointSpec.small().content()
                .map(tensor -> tensor.name().startsWith(VAE) ? tensor : tensor.with(Values.ZERO))
                .map(tensor -> nanIf(tensor, VAE + "decoder.conv_out.bias")));
    }

    /** A complete checkpoint whose UNet predicts NaN, by the bias of its last layer; all other weights are zero. */
    public static Path nanInUnet(Path directory) {
        return write(directory, "nan-unet.safetensors", CheckpointSpec.small().content()
                .map(tensor -> nanIf(tensor.with(Values.ZERO), UNET + "out.2.bias")));
    }

    /**
     * A complete checkpoint whose UNet wants a text of 640 values a token, where its text encoder gives 768: it loads, and the
     * first picture fails an assertion of ggml.
     */
    public static Path unetThatDoesNotFitItsTextEncoder(Path directory) {
        return write(directory, "unfit-unet.safetensors", CheckpointSpec.small().content()
                .map(tensor -> tensor.name().matches(".*\\.attn2\\.to_[kv]\\.weight")
                        ? new Tensor(tensor.name(), tensor.type(), List.of(tensor.shape().getFirst(), 640), tensor.values())
                        : tensor));
    }

    /** The small checkpoint as an inpaint model: its UNet takes the mask and the masked picture as well, nine channels. */
    public static Path inpaint(Path directory) {
        return write(directory, "inpaint.safetensors", withInputs(9));
    }

    /** The small checkpoint as an Instruct-Pix2Pix model: its UNet takes the picture to edit as well, eight channels. */
    public static Path pix2pix(Path directory) {
        return write(directory, "pix2pix.safetensors", withInputs(8));
    }

    /** The small checkpoint as a depth model: its UNet takes a depth map as well, five channels. The runtime itself makes no pictures with it. */
    public static Path depth(Path directory) {
        return write(directory, "depth.safetensors", withInputs(5));
    }

    /** A complete checkpoint of SD 2.x: OpenCLIP-H, and cross attention of its width. */
    public static Path sd2(Path directory) {
        Scope text = Scope.root(SplitMix64.seed(SEED, "sd2"), DataType.F16);
        ClipTextEncoder.VIT_H.addTo(text.in(TEXT_ENCODER + "text_model"), false);
        List<Tensor> tensors = new ArrayList<>(text.tensors());
        // its heads are 64 wide, whatever the UNet's width is
        CheckpointSpec.builder().modelChannels(128).build().tensors().stream()
                .filter(tensor -> !tensor.name().startsWith(TEXT_ENCODER))
                .map(tensor -> tensor.name().matches(".*\\.attn2\\.to_[kv]\\.weight")
                        ? new Tensor(tensor.name(), tensor.type(),
                                List.of(tensor.shape().getFirst(), ClipTextEncoder.VIT_H.width()), tensor.values())
                        : tensor)
                .forEach(tensors::add);
        return write(directory, "sd2.safetensors", new TensorFile(Map.of("format", "pt"), tensors));
    }

    /** The diffusion model of Wan 2.1 VACE 1.3B as GGUF, 0.8 GB that are almost all a hole. */
    public static Path wan(Path directory) {
        return wan(directory, "wan.gguf");
    }

    /** The same with other weights where they are not zero, for the first steps. */
    public static Path wanHighNoise(Path directory) {
        return wan(directory, "wan-high-noise.gguf");
    }

    private static Path wan(Path directory, String name) {
        return write(directory, name, DataType.F32, root -> WanTransformer.addTo(root, root.of(DataType.Q4_0)));
    }

    /** A TAEHV, the small autoencoder for Wan's videos, with random weights. */
    public static Path videoTaesd(Path directory) {
        return write(directory, "taew.safetensors", DataType.F16, TinyVideoAutoencoder::addTo);
    }

    /**
     * A checkpoint of the small one's shapes with random numbers everywhere, also in biases and normalisations: for comparing layers
     * with another implementation of them. Its pictures mean nothing.
     */
    public static Path randomSd1(Path directory) {
        return write(directory, "sd1-random.safetensors", CheckpointSpec.small().content().map(new RandomWeights(SEED)::apply));
    }

    /**
     * A safety checker that flags red pictures and no others, as GGUF: 170 MB that are almost all a hole.
     */
    public static Path safetyChecker(Path directory) {
        return write(directory, "safety-red.gguf", red());
    }

    /** A safety checker with random numbers in two of its layers, and in the biases and normalisations of all: 0.6 GB, most of it a hole. */
    public static Path randomSafetyChecker(Path directory) {
        RandomWeights random = new RandomWeights(SEED);
        Scope root = Scope.root(SplitMix64.seed(SEED, "safety-random"), DataType.F16);
        SafetyCheckerModel.addRandomTo(root);
        return write(directory, "safety-random.safetensors", new TensorFile(Map.of("format", "pt"), root.tensors()).map(tensor ->
                tensor.name().contains("vision_model.") && (tensor.values() != Values.ZERO || tensor.shape().size() == 1)
                        ? random.apply(tensor) : tensor));
    }

    /** The safety checker of {@link #safetyChecker} without one of its layers' weights. */
    public static Path incompleteSafetyChecker(Path directory) {
        return write(directory, "safety-incomplete.gguf", red().only(tensor -> !tensor.name().contains("layers.7.mlp.fc1.weight")));
    }

    /** The safety checker of {@link #safetyChecker} with NaN for the last bias. */
    public static Path nanInSafetyChecker(Path directory) {
        return write(directory, "safety-nan.gguf", red().map(
                tensor -> nanIf(tensor, "vision_model.vision_model.post_layernorm.bias")));
    }

    private static TensorFile red() {
        Scope root = Scope.root(SEED, DataType.F32);
        SafetyCheckerModel.addRedTo(root, root.of(DataType.Q4_0));
        return new TensorFile(Map.of(), root.tensors());
    }

    private static TensorFile withInputs(int channels) {
        return CheckpointSpec.small().content().map(tensor -> tensor.name().equals(UNET + "input_blocks.0.0.weight")
                ? new Tensor(tensor.name(), tensor.type(), List.of(tensor.shape().getFirst(), channels, 3, 3), tensor.values())
                : tensor);
    }

    /** The small checkpoint without its VAE. */
    public static Path withoutVae(Path directory) {
        return write(directory, "no-vae.safetensors",
                CheckpointSpec.small().content().only(tensor -> !tensor.name().startsWith(VAE)));
    }

    /** {@link #textualInversion} in half precision, as most are offered. */
    public static Path textualInversionF16(Path directory) {
        return write(directory, "embedding-f16.safetensors", embedding("state_dict", "emb_params").map(
                tensor -> new Tensor(tensor.name(), DataType.F16, tensor.shape(), tensor.values())));
    }

    /** Another embedding, of three vectors. */
    public static Path otherTextualInversion(Path directory) {
        return write(directory, "embedding-other.safetensors", embedding("state_dict", "emb_params", 3, CLIP_WIDTH));
    }

    /** An embedding for SD 2.x. */
    public static Path textualInversionOfAnotherFamily(Path directory) {
        return write(directory, "embedding-sd2.safetensors", embedding("state_dict", "emb_params", 2, 1024));
    }

    private static TensorFile part(String prefix, String newPrefix) {
        return CheckpointSpec.small().content()
                .only(tensor -> tensor.name().startsWith(prefix))
                .map(tensor -> new Tensor(newPrefix + tensor.name().substring(prefix.length()),
                        tensor.type(), tensor.shape(), tensor.values()));
    }

    private static TensorFile embedding(String torchKey, String name) {
        return embedding(torchKey, name, 2, CLIP_WIDTH);
    }

    private static TensorFile embedding(String torchKey, String name, int vectors, int width) {
        Values values = Values.random(SplitMix64.seed(SEED, "embedding" + (vectors == 2 ? "" : vectors)), 1, 1);
        return new TensorFile(torchKey, Map.of(),
                List.of(new Tensor(name, DataType.F32, List.of(vectors, width), values)));
    }

    private static Tensor nanIf(Tensor tensor, String name) {
        return tensor.name().equals(name) ? tensor.with(Values.constant(Float.NaN)) : tensor;
    }

    private static Path write(Path directory, String name, DataType type, Consumer<Scope> layers) {
        Scope root = Scope.root(SplitMix64.seed(SEED, name), type);
        layers.accept(root);
        return write(directory, name, new TensorFile(Map.of("format", "pt"), root.tensors()));
    }

    /** The key goes in front of the file's ending. */
    private static Path write(Path directory, String name, TensorFile content) {
        String key = String.format("-%016x.", content.key(SplitMix64.seed(SEED, name)));
        Path path = directory.resolve(name.replace(".", key));
        return Fixtures.cached(path, content, Container.of(path));
    }
}
