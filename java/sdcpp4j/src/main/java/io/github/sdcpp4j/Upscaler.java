package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.UpscalerSession;
import io.github.sdcpp4j.internal.checkpoint.FileNames;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A loaded ESRGAN model, which makes any picture larger by a fixed factor: RealESRGAN_x4plus, 4x-UltraSharp and their like.
 *
 * <pre>{@code
 * try (Upscaler upscaler = Upscaler.load(Path.of("RealESRGAN_x4plus.pth"))) {
 *     BufferedImage large = upscaler.upscale(ImageIO.read(new File("cat.png")));
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads: one picture is made at a time, in the order of the calls, on the upscaler's own
 * thread. A call stops soon, on the CPU within a tile, when its thread is interrupted. {@link #close()} waits for the calls
 * that came before it; calls that come after it throw {@link IllegalStateException}. The file must stay in place while it is
 * open.
 *
 * <p>It always runs in this process, also beside a model with {@link LoadOptions#worker()}: what it computes does not depend
 * on what users write, its file is checked to the last tensor before native code sees it, and its memory before each picture.
 *
 * @see <a href="https://arxiv.org/abs/1809.00219">ESRGAN</a>, <a href="https://arxiv.org/abs/2107.10833">Real-ESRGAN</a>
 */
public final class Upscaler implements AutoCloseable {

    /** How often the model can be applied to one picture. */
    public static final int MAX_REPEATS = 16;

    private final UpscalerSession session;
    private final String name;

    private Upscaler(UpscalerSession session, String name) {
        this.session = session;
        this.name = name;
    }

    /**
     * Loads an upscaler with all defaults.
     *
     * @param model an ESRGAN model of factor 1, 2 or 4: a .pth, .safetensors or .gguf file
     * @return the loaded upscaler
     * @throws CheckpointException when the file is missing, damaged, or no such upscaler
     * @throws NativeLibraryException when the native library cannot be used
     */
    public static Upscaler load(Path model) {
        return builder(model).load();
    }

    /**
     * Loads an upscaler.
     *
     * @param options the file and how to run it
     * @return the loaded upscaler
     * @throws CheckpointException when the file is missing, damaged, or no ESRGAN model of factor 1, 2 or 4
     * @throws CancelledException when the thread is interrupted
     * @throws NativeLibraryException when the native library cannot be used
     */
    public static Upscaler load(UpscalerOptions options) {
        return new Upscaler(UpscalerSession.open(options), FileNames.stem(options.model()));
    }

    /**
     * Starts the options with a file.
     *
     * @param model a .pth, .safetensors or .gguf file
     * @return a builder; its {@link UpscalerOptions.Builder#load()} loads
     */
    public static UpscalerOptions.Builder builder(Path model) {
        return new UpscalerOptions.Builder(model);
    }

    /**
     * Returns the upscaler's name.
     *
     * @return the file's name without its ending
     */
    public String name() {
        return name;
    }

    /**
     * Returns how many times as wide and high a picture becomes.
     *
     * @return 1, 2 or 4
     * @throws IllegalStateException when closed
     */
    public int factor() {
        return session.factor();
    }

    /**
     * Makes a picture larger, once.
     *
     * @param image any picture with sides up to 16384 pixels; transparency is laid over black
     * @return a new picture, {@link #factor()} times as wide and high; 8 bits for each of red, green and blue, sRGB
     * @throws InvalidRequestException when the result would have more bytes than an array of Java's, 2^31
     * @throws CancelledException when the thread is interrupted
     * @throws InsufficientMemoryException when it needs more memory than there is
     * @throws GenerationException when the native runtime fails, or computes NaN in place of a picture
     * @throws IllegalStateException when closed
     */
    public BufferedImage upscale(BufferedImage image) {
        return upscale(image, 1);
    }

    /**
     * Makes a picture larger, by applying the model several times.
     *
     * @param image any picture with sides up to 16384 pixels; transparency is laid over black
     * @param repeats how often, 1 to {@value #MAX_REPEATS}
     * @return a new picture, {@link #factor()}<sup>repeats</sup> times as wide and high
     * @throws InvalidRequestException when repeats are out of their range, or the result would have more than 2^31 bytes
     * @throws CancelledException when the thread is interrupted
     * @throws InsufficientMemoryException when it needs more memory than there is
     * @throws GenerationException when the native runtime fails, or computes NaN in place of a picture
     * @throws IllegalStateException when closed
     */
    public BufferedImage upscale(BufferedImage image, int repeats) {
        return upscale(image, repeats, ProgressListener.NONE);
    }

    /**
     * Makes a picture larger and reports progress.
     *
     * @param image any picture with sides up to 16384 pixels; transparency is laid over black
     * @param repeats how often to apply the model, 1 to {@value #MAX_REPEATS}
     * @param listener hears of {@link Phase#UPSCALE}: a step is a tile, and each repeat begins with step 0 again. A picture
     *     that is not tiled has no steps. What it throws stops the call and is thrown by it
     * @return a new picture, {@link #factor()}<sup>repeats</sup> times as wide and high
     * @throws InvalidRequestException when repeats are out of their range, or the result would have more than 2^31 bytes
     * @throws CancelledException when the thread is interrupted
     * @throws InsufficientMemoryException when it needs more memory than there is
     * @throws GenerationException when the native runtime fails, or computes NaN in place of a picture
     * @throws IllegalStateException when closed, or when called by a listener of this upscaler
     */
    public BufferedImage upscale(BufferedImage image, int repeats, ProgressListener listener) {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(listener, "listener");
        Check.range("upscale repeats", repeats, 1, MAX_REPEATS);
        return session.upscale(image, repeats, listener);
    }

    /**
     * Frees the upscaler. Waits for the calls that came before; does nothing the second time.
     *
     * @throws IllegalStateException when called by a listener of this upscaler
     */
    @Override
    public void close() {
        session.close();
    }
}
