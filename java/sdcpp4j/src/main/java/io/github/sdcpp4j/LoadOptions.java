package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.Context;
import io.github.sdcpp4j.internal.Demo;
import io.github.sdcpp4j.internal.RequestedLoras;
import io.github.sdcpp4j.internal.checkpoint.EsrganRules;
import io.github.sdcpp4j.internal.checkpoint.Preflight;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@link StableDiffusion#load(LoadOptions)} takes: the files and how to run them. Made with {@link #builder()}.
 *
 * @param files the model's files by slot; at least {@link ModelFile#MODEL} or {@link ModelFile#DIFFUSION}
 * @param additions LoRAs and words that prompts can name; none by default
 * @param threads CPU threads for one picture, 1 or more; by default the machine's processors, halved when there are more
 *     than four because two of them share a core
 * @param weightType converts the weights while loading; by default they stay as they are in the file
 * @param tensorTypeRules weight types by name pattern, such as {@code "^vae\\.=f16,model\\.=q8_0"}; empty for none
 * @param rng makes the initial noise of a seed; {@link Rng#CUDA} by default
 * @param samplerRng makes the noise that ancestral samplers add; {@code rng} by default
 * @param prediction what the diffusion model predicts; found out from the file by default: as the runtime does, and v
 *     also where only the file's metadata say so, which the runtime does not read; see {@link CheckpointInfo#prediction}
 * @param mmap maps the file instead of reading it; false by default. The file must not change while it is mapped
 * @param flashAttention computes attention in all models without the full score matrix; false by default. {@link CpuPrecision}
 *     does so always, and convolves without im2col
 * @param diffusionFlashAttention the same in the diffusion model only; false by default
 * @param diffusionConvDirect convolves without im2col in the diffusion model: less memory; false by default
 * @param vaeConvDirect the same in the VAE; false by default
 * @param circularX makes pictures that tile left to right; false by default
 * @param circularY makes pictures that tile top to bottom; false by default
 * @param vaeConvScale scales the SDXL VAE's convolutions, against black pictures with its f16 weights; false by default
 * @param taesdForPreviewsOnly decodes previews by {@link ModelFile#TAESD}, and the pictures by the VAE all the same; false by
 *     default
 * @param backend where to compute, such as {@code cpu}, {@code cuda0} or {@code diffusion=cuda0,te=cpu,vae=cpu}; empty
 *     takes the first GPU, and without one {@link CpuPrecision#EXACT} where the processor has it, else {@code cpu}, which
 *     is ggml's CPU backend. {@link Device#list()} has the names; a name that is not there is refused before any file is
 *     read. With several GPUs, each model computes on the one that it was given
 * @param paramsBackend where to keep the weights, in the same form, or {@code disk}: they are then read on demand; empty
 *     keeps them where they are computed
 * @param maxVram a budget in GiB for the weights on the GPU: 0 none, -1 what is free less 1 GiB; 0 by default
 * @param worker runs the model in a process of its own, whose death ends only the running request; in this process by
 *     default
 * @param queueCapacity how many requests given to {@link StableDiffusion#submit(ImageRequest)} may wait or run before the
 *     next is refused, 1 or more; 64 by default
 * @param memoryLimit bytes that one request may need beside the weights, 1 or more; what is free at that time by default
 * @param progress hears of the loading; none by default
 * @param pictureCheck sees each picture before it is returned, and may replace or flag it; none by default
 */
public record LoadOptions(
        Map<ModelFile, Path> files,
        Additions additions,
        int threads,
        Optional<WeightType> weightType,
        String tensorTypeRules,
        Rng rng,
        Optional<Rng> samplerRng,
        Optional<Prediction> prediction,
        boolean mmap,
        boolean flashAttention,
        boolean diffusionFlashAttention,
        boolean diffusionConvDirect,
        boolean vaeConvDirect,
        boolean circularX,
        boolean circularY,
        boolean vaeConvScale,
        boolean taesdForPreviewsOnly,
        String backend,
        String paramsBackend,
        double maxVram,
        Optional<WorkerOptions> worker,
        int queueCapacity,
        OptionalLong memoryLimit,
        ProgressListener progress,
        Optional<PictureCheck> pictureCheck) {

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when a value is out of its range
     */
    public LoadOptions {
        files = Collections.unmodifiableMap(new EnumMap<>(files));
        Objects.requireNonNull(additions, "additions");
        Objects.requireNonNull(progress, "progress");
        Objects.requireNonNull(pictureCheck, "pictureCheck");
        Check.that(
                files.containsKey(ModelFile.MODEL) || files.containsKey(ModelFile.DIFFUSION),
                "no model file is given: name a checkpoint (--model) or a diffusion model (--diffusion-model)");
        Check.that(
                !taesdForPreviewsOnly || files.containsKey(ModelFile.TAESD),
                "a TAESD is to be used for previews only (--taesd-preview-only), and none is given: name one (--taesd)");
        Check.range("threads", threads, 1, 1024);
        weightType.ifPresent(type -> Check.that(
                type.isLoadable(),
                "weights cannot be converted to %s: use one of f32, f16, bf16, q8_0, q5_0, q4_0, q4_K ...".formatted(type.flag())));
        Objects.requireNonNull(worker, "worker");
        Check.range("queue capacity", queueCapacity, 1, Integer.MAX_VALUE);
        memoryLimit.ifPresent(bytes -> Check.range("memory limit", bytes, 1, Long.MAX_VALUE));
        Check.text("tensor type rules", tensorTypeRules);
        checkRules(tensorTypeRules);
        Check.text("backend", backend);
        Check.text("params backend", paramsBackend);
        Check.that(
                Double.isFinite(maxVram) && (maxVram >= 0 || maxVram == -1),
                "max VRAM is %s: give 0 for none, a number of GiB, or -1 for what is free".formatted(maxVram));
    }

    /** The runtime ignores a rule that it does not understand, with a warning; who asked for it wants to know. */
    private static void checkRules(String rules) {
        for (String rule : rules.split(",")) {
            String type = rule.substring(rule.lastIndexOf('=') + 1);
            Check.that(
                    rules.isEmpty() || rule.contains("=")
                            && RuntimeValue.find(WeightType.values(), type).filter(WeightType::isLoadable).isPresent(),
                    "the tensor type rule '%s' is none: write PATTERN=TYPE, such as ^vae\\.=f16, with a type that weights can have, such as f16 or q8_0"
                            .formatted(rule));
        }
    }

    /**
     * Returns the file that the model is named after.
     *
     * @return the checkpoint, or the diffusion model where it comes in parts
     */
    public Path mainFile() {
        return files.getOrDefault(ModelFile.MODEL, files.get(ModelFile.DIFFUSION));
    }

    /**
     * Checks the files of a load, and those that a request names, by their headers: what loading and generating would refuse, known
     * at once.
     *
     * @param request what is to be made
     * @throws CheckpointException when a file is missing, damaged, or does not fit its place
     * @throws InvalidRequestException when the prompt names a LoRA that is not there, or there is a control image without a
     *     ControlNet, or a person without a PhotoMaker
     */
    public void check(GenerationRequest request) {
        check(List.of(request));
    }

    /**
     * The same for several requests; the files of the load are read once.
     *
     * @param requests what is to be made
     * @throws CheckpointException when a file is missing, damaged, or does not fit its place
     * @throws InvalidRequestException when a prompt names a LoRA that is not there, or there is a control image without a
     *     ControlNet, or a person without a PhotoMaker
     */
    public void check(List<? extends GenerationRequest> requests) {
        requests.forEach(request -> checkGuides(request.settings()));
        Optional<String> family = Preflight.of(this).family();
        for (GenerationRequest request : requests) {
            request.settings().hires().flatMap(HiresFix::model).ifPresent(EsrganRules::check);
            RequestedLoras.of(request.settings(), additions.loraFolder()).check(family);
        }
    }

    /**
     * Measures the memory that a request would take. The model is opened for it and closed again, in this process; with
     * {@link Builder#mmap} its weights are not copied, which makes it quick.
     *
     * @param request what would be made
     * @return the memory
     * @throws CheckpointException when a file is missing, damaged, or does not fit its place
     * @throws InvalidRequestException when the model cannot make such a thing at all, such as a video
     * @throws CancelledException when the thread is interrupted
     * @throws NativeLibraryException when the native library cannot be used
     */
    public MemoryEstimate estimateMemory(GenerationRequest request) {
        return Context.estimateMemory(
                this, request.withSettings(request.settings().resolved(0, Sampler.EULER, Scheduler.DISCRETE)));
    }

    void checkGuides(GenerationSettings settings) {
        Check.that(
                settings.control().isEmpty() || files.containsKey(ModelFile.CONTROL_NET),
                "there is a control image, and no ControlNet: load the model with one (--control-net)");
        Check.that(
                settings.photoMaker().isEmpty() || files.containsKey(ModelFile.PHOTO_MAKER),
                "there are pictures of a person, and no PhotoMaker: load the model with one (--photo-maker)");
    }

    /**
     * Starts with the defaults and no file.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects {@link LoadOptions}; each method sets the value of the same name there. */
    public static final class Builder {
        private final Map<ModelFile, Path> files = new EnumMap<>(ModelFile.class);
        private Additions additions = Additions.NONE;
        private int threads = defaultThreads();
        private WeightType weightType;
        private String tensorTypeRules = "";
        private Rng rng = Rng.CUDA;
        private Rng samplerRng;
        private Prediction prediction;
        private boolean mmap;
        private boolean flashAttention;
        private boolean diffusionFlashAttention;
        private boolean diffusionConvDirect;
        private boolean vaeConvDirect;
        private boolean circularX;
        private boolean circularY;
        private boolean vaeConvScale;
        private boolean taesdForPreviewsOnly;
        private String backend = "";
        private String paramsBackend = "";
        private double maxVram;
        private WorkerOptions worker;
        private int queueCapacity = 64;
        private OptionalLong memoryLimit = OptionalLong.empty();
        private ProgressListener progress = ProgressListener.NONE;
        private PictureCheck pictureCheck;

        private Builder() {}

        /**
         * Puts a file into its slot.
         *
         * @param slot what the file is
         * @param path the file; null empties the slot
         * @return this
         */
        public Builder file(ModelFile slot, Path path) {
            if (path == null) {
                files.remove(slot);
            } else {
                files.put(slot, path);
            }
            return this;
        }

        /**
         * The checkpoint.
         *
         * @param path a .safetensors, .ckpt or .gguf file
         * @return this
         */
        public Builder model(Path path) {
            return file(ModelFile.MODEL, path);
        }

        /**
         * The demo checkpoint, from the artifact {@code sdcpp4j-demo}: see {@link StableDiffusion#demo()}.
         *
         * @return this
         * @throws CheckpointException when the artifact is not there, or its file cannot be written
         */
        public Builder demo() {
            return model(Demo.checkpoint());
        }

        /**
         * Another VAE than the checkpoint's.
         *
         * @param path the file
         * @return this
         */
        public Builder vae(Path path) {
            return file(ModelFile.VAE, path);
        }

        /**
         * A tiny autoencoder in the VAE's place, or beside it: see {@link #taesdForPreviewsOnly}.
         *
         * @param path the file
         * @return this
         */
        public Builder taesd(Path path) {
            return file(ModelFile.TAESD, path);
        }

        /**
         * LoRAs and words that prompts can name.
         *
         * @param value the additions
         * @return this
         */
        public Builder additions(Additions value) {
            additions = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Where {@code <lora:name:weight>} in a prompt is looked for.
         *
         * @param folder the folder; null for none
         * @return this
         */
        public Builder loraFolder(Path folder) {
            return additions(additions.withLoraFolder(folder));
        }

        /**
         * Textual inversion embeddings, named as their files.
         *
         * @param folder the folder; null for none
         * @return this
         */
        public Builder embeddingFolder(Path folder) {
            return additions(additions.withEmbeddingFolder(folder));
        }

        /**
         * CPU threads for one picture.
         *
         * @param value 1 or more
         * @return this
         */
        public Builder threads(int value) {
            threads = value;
            return this;
        }

        /**
         * Converts the weights while loading.
         *
         * @param value the type; null leaves them as they are
         * @return this
         */
        public Builder weightType(WeightType value) {
            weightType = value;
            return this;
        }

        /**
         * Weight types by name pattern.
         *
         * @param value such as {@code "^vae\\.=f16,model\\.=q8_0"}
         * @return this
         */
        public Builder tensorTypeRules(String value) {
            tensorTypeRules = value;
            return this;
        }

        /**
         * What makes the initial noise of a seed.
         *
         * @param value the generator
         * @return this
         */
        public Builder rng(Rng value) {
            rng = Objects.requireNonNull(value);
            return this;
        }

        /**
         * What makes the noise that ancestral samplers add.
         *
         * @param value the generator; null for that of {@link #rng}
         * @return this
         */
        public Builder samplerRng(Rng value) {
            samplerRng = value;
            return this;
        }

        /**
         * What the diffusion model predicts.
         *
         * @param value the prediction; null finds it out from the file
         * @return this
         */
        public Builder prediction(Prediction value) {
            prediction = value;
            return this;
        }

        /**
         * Maps the file instead of reading it.
         *
         * @param value true to map
         * @return this
         */
        public Builder mmap(boolean value) {
            mmap = value;
            return this;
        }

        /**
         * Flash attention in all models.
         *
         * @param value true to use it
         * @return this
         */
        public Builder flashAttention(boolean value) {
            flashAttention = value;
            return this;
        }

        /**
         * Flash attention in the diffusion model only.
         *
         * @param value true to use it
         * @return this
         */
        public Builder diffusionFlashAttention(boolean value) {
            diffusionFlashAttention = value;
            return this;
        }

        /**
         * Convolves without im2col in the diffusion model.
         *
         * @param value true to do so
         * @return this
         */
        public Builder diffusionConvDirect(boolean value) {
            diffusionConvDirect = value;
            return this;
        }

        /**
         * Convolves without im2col in the VAE.
         *
         * @param value true to do so
         * @return this
         */
        public Builder vaeConvDirect(boolean value) {
            vaeConvDirect = value;
            return this;
        }

        /**
         * Pictures that tile.
         *
         * @param x left to right
         * @param y top to bottom
         * @return this
         */
        public Builder circular(boolean x, boolean y) {
            circularX = x;
            circularY = y;
            return this;
        }

        /**
         * Scales the SDXL VAE's convolutions.
         *
         * @param value true to scale
         * @return this
         */
        public Builder vaeConvScale(boolean value) {
            vaeConvScale = value;
            return this;
        }

        /**
         * The TAESD for previews only.
         *
         * @param value true to let the VAE decode the pictures
         * @return this
         */
        public Builder taesdForPreviewsOnly(boolean value) {
            taesdForPreviewsOnly = value;
            return this;
        }

        /**
         * Where to compute.
         *
         * @param value such as {@code cpu} or {@code diffusion=cuda0,vae=cpu}
         * @return this
         */
        public Builder backend(String value) {
            backend = value;
            return this;
        }

        /**
         * Computes everything on the library's own CPU backend, also where there is a GPU. The same as
         * {@link #backend(String)} with its name; loading fails where it is missing.
         *
         * @param value what it multiplies
         * @return this
         */
        public Builder cpuPrecision(CpuPrecision value) {
            return backend(value.backend());
        }

        /**
         * Where to keep the weights.
         *
         * @param value such as {@code cpu} or {@code disk}
         * @return this
         */
        public Builder paramsBackend(String value) {
            paramsBackend = value;
            return this;
        }

        /**
         * A budget for the weights on the GPU.
         *
         * @param gib 0 for none, -1 for what is free less 1 GiB
         * @return this
         */
        public Builder maxVram(double gib) {
            maxVram = gib;
            return this;
        }

        /**
         * Runs the model in a process of its own, with the defaults.
         *
         * @return this
         */
        public Builder worker() {
            return worker(WorkerOptions.defaults());
        }

        /**
         * Runs the model in a process of its own.
         *
         * @param value how; null runs it in this process
         * @return this
         */
        public Builder worker(WorkerOptions value) {
            worker = value;
            return this;
        }

        /**
         * How many submitted requests may wait or run.
         *
         * @param value 1 or more
         * @return this
         */
        public Builder queueCapacity(int value) {
            queueCapacity = value;
            return this;
        }

        /**
         * What one request may need beside the weights.
         *
         * @param bytes 1 or more
         * @return this
         */
        public Builder memoryLimit(long bytes) {
            memoryLimit = OptionalLong.of(bytes);
            return this;
        }

        /**
         * Who hears of the loading.
         *
         * @param listener called on the context's own thread
         * @return this
         */
        public Builder progress(ProgressListener listener) {
            progress = listener;
            return this;
        }

        /**
         * What sees each picture before it is returned, such as a {@link SafetyChecker}. It stays the caller's to close, after the
         * model. With it, previews are refused.
         *
         * @param value the check; null for none
         * @return this
         */
        public Builder pictureCheck(PictureCheck value) {
            pictureCheck = value;
            return this;
        }

        /**
         * Checks the values and makes the options.
         *
         * @return the options
         * @throws InvalidRequestException when a value is out of its range
         */
        public LoadOptions build() {
            return new LoadOptions(
                    files, additions, threads, Optional.ofNullable(weightType), tensorTypeRules, rng, Optional.ofNullable(samplerRng),
                    Optional.ofNullable(prediction), mmap, flashAttention, diffusionFlashAttention, diffusionConvDirect,
                    vaeConvDirect, circularX, circularY, vaeConvScale, taesdForPreviewsOnly, backend, paramsBackend, maxVram,
                    Optional.ofNullable(worker), queueCapacity, memoryLimit, progress, Optional.ofNullable(pictureCheck));
        }

        /**
         * Loads the model: {@code StableDiffusion.load(build())}.
         *
         * @return the loaded model
         * @throws InvalidRequestException when a value is out of its range
         * @throws CheckpointException when a file cannot be used
         */
        public StableDiffusion load() {
            return StableDiffusion.load(build());
        }

        static int defaultThreads() {
            int processors = Runtime.getRuntime().availableProcessors();
            return processors <= 4 ? processors : processors / 2;
        }
    }
}
