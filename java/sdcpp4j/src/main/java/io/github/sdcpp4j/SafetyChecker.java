package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.SafetySession;
import io.github.sdcpp4j.internal.images.RgbImages;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The safety checker that diffusers runs with Stable Diffusion 1.x, on weights that the user brings: {@code safety_checker/} of such
 * a model, or CompVis/stable-diffusion-safety-checker. CLIP ViT-L/14 turns a picture into a vector, which is compared with those of
 * 17 concepts; where it comes too near to one, the picture is flagged, and a black one takes its place.
 *
 * <pre>{@code
 * try (SafetyChecker checker = SafetyChecker.load(Path.of("safety_checker/model.safetensors"));
 *         StableDiffusion sd = StableDiffusion.builder(checkpoint).pictureCheck(checker).load()) {
 *     GeneratedImage cat = sd.generate(TextToImage.of("a lovely cat")).getFirst();
 *     if (cat.nsfwContentDetected()) { ... }
 * }
 * }</pre>
 *
 * <p>It is a filter of one kind of content, nudity, and a rough one: it misses some and flags what is harmless. Any picture can be
 * shown to it, also one that was not made here.
 *
 * <p>Safe for use by several threads, and by several models: it looks at one picture at a time, in the order of the calls, on its
 * own thread. {@link #close()} waits for the calls that came
 * before it; calls that come after it throw {@link IllegalStateException}: close the models that use it first. The file must stay
 * in place while it is open. It always runs in this process, also beside a model with {@link LoadOptions#worker()}.
 *
 * @see <a href="https://arxiv.org/abs/2210.04610">Red-Teaming the Stable Diffusion Safety Filter</a>
 */
public final class SafetyChecker implements PictureCheck, AutoCloseable {

    private final SafetySession session;
    private final boolean flagOnly;

    private SafetyChecker(SafetySession session, boolean flagOnly) {
        this.session = session;
        this.flagOnly = flagOnly;
    }

    /**
     * Loads a safety checker with all defaults.
     *
     * @param model its weights: a .safetensors, .bin or .gguf file
     * @return the loaded checker
     * @throws CheckpointException when the file is missing, damaged, or no safety checker
     * @throws CancelledException when the thread is interrupted
     * @throws NativeLibraryException when the native library cannot be used
     */
    public static SafetyChecker load(Path model) {
        return builder(model).load();
    }

    /**
     * Loads a safety checker.
     *
     * @param options the file and how to use it
     * @return the loaded checker
     * @throws CheckpointException when the file is missing, damaged, or no safety checker
     * @throws CancelledException when the thread is interrupted
     * @throws NativeLibraryException when the native library cannot be used
     */
    public static SafetyChecker load(SafetyCheckerOptions options) {
        return new SafetyChecker(SafetySession.open(options), options.flagOnly());
    }

    /**
     * Starts the options with a file.
     *
     * @param model a .safetensors, .bin or .gguf file
     * @return a builder; its {@link SafetyCheckerOptions.Builder#load()} loads
     */
    public static SafetyCheckerOptions.Builder builder(Path model) {
        return new SafetyCheckerOptions.Builder(model);
    }

    /**
     * Flags a picture that is not safe for work and puts a black one in its place, or leaves it when
     * {@link SafetyCheckerOptions#flagOnly}; another one passes as it is, to the last bit.
     *
     * @throws CancelledException when the thread is interrupted
     * @throws GenerationException when the native runtime fails, or computes NaN
     * @throws IllegalStateException when closed
     */
    @Override
    public Verdict check(BufferedImage picture) {
        if (!scores(picture).isNsfw()) {
            return Verdict.pass(picture);
        }
        return Verdict.flag(flagOnly ? picture : RgbImages.create(picture.getWidth(), picture.getHeight()));
    }

    /**
     * Tells what it sees, for a rule of one's own.
     *
     * @param picture any picture; transparency is laid over black
     * @return the scores
     * @throws CancelledException when the thread is interrupted
     * @throws GenerationException when the native runtime fails, or computes NaN
     * @throws IllegalStateException when closed
     */
    public SafetyScores scores(BufferedImage picture) {
        Objects.requireNonNull(picture, "picture");
        return session.scores(picture);
    }

    /** Frees the checker. Waits for the calls that came before; does nothing the second time. */
    @Override
    public void close() {
        session.close();
    }
}
