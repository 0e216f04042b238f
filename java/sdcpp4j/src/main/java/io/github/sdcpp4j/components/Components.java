package io.github.sdcpp4j.components;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.InsufficientMemoryException;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Prediction;
import io.github.sdcpp4j.PromptTokens;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.internal.Parts;
import io.github.sdcpp4j.internal.PartsInfo;
import io.github.sdcpp4j.internal.Session;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The parts of a loaded model, one by one: SD 1.x, SD 2.x and SDXL with their variants for inpainting, edits and depth. They compute
 * what {@link StableDiffusion#generate} computes, without LoRAs. See {@link io.github.sdcpp4j.components} for a whole loop.
 *
 * <p>What they decode does not pass the model's {@link io.github.sdcpp4j.PictureCheck}: give it the pictures by hand.
 *
 * <p>Calls take their turn with all other calls to the model, so several threads may call. Each waits for its turn, and stops soon when its
 * thread is interrupted. Tensors that are handed in stay the caller's; tensors that are returned are the caller's to close.
 *
 * <p>All methods that compute throw {@link CancelledException} when the thread is interrupted, {@link GenerationException} when the
 * native runtime fails or computes NaN, {@link InsufficientMemoryException} when there is too little memory, and
 * {@link IllegalStateException} when the model or a tensor is closed, or when called by a listener of the model.
 */
public final class Components {

    private static final int TRAIN_TIMESTEPS = 1000;
    private static final int USUAL_CLIP_SKIP = -1;
    private static final int MAX_CLIP_SKIP = 12;
    private static final Resolution USUAL_SIZE = new Resolution(1024, 1024);

    private final Session session;
    private final PartsInfo info;

    /**
     * For {@link StableDiffusion#components()}, which is how to get them.
     *
     * @param session the loaded model
     */
    @SuppressWarnings("exports") // nobody outside has a session
    public Components(Session session) {
        this.session = session;
        this.info = session.withParts(Parts::info);
    }

    /**
     * Reads a prompt as the text encoder does, as {@link StableDiffusion#tokens} shows it.
     *
     * @param prompt the prompt, weights and {@code BREAK} included
     * @return its tokens in chunks of {@value PromptTokens#CHUNK}
     * @throws InvalidRequestException when the prompt is too long
     */
    public PromptTokens tokenize(String prompt) {
        Require.prompt(prompt);
        return session.tokens(prompt);
    }

    /**
     * Encodes a prompt with the model's usual clip skip (1, for SD 2.x and SDXL 2), for SDXL for a picture of 1024x1024.
     *
     * @param prompt the prompt, weights, {@code BREAK} and embeddings' words included; LoRAs that it names are left out. An empty one
     *     is encoded as {@code generate} does an empty negative prompt: for SDXL the context is zeros
     * @return the embedding: context 1 x 77k x 768 (SD 2.x 1024, SDXL 2048), for SDXL pooled 1 x 2816
     * @throws InvalidRequestException when the prompt is too long or has a NUL character
     */
    public TextEmbedding encodeText(String prompt) {
        return encode(prompt, USUAL_CLIP_SKIP, USUAL_SIZE);
    }

    /**
     * Encodes a prompt, for SDXL for a picture of 1024x1024.
     *
     * @param prompt the prompt, as in {@link #encodeText(String)}
     * @param clipSkip which of the text encoder's last layers is read, 1 to 12: 1 for the last one; SD 2.x takes 2 or more
     * @return the embedding
     * @throws InvalidRequestException when the prompt is too long, or clip skip out of its range
     */
    public TextEmbedding encodeText(String prompt, int clipSkip) {
        return encodeText(prompt, clipSkip, USUAL_SIZE);
    }

    /**
     * Encodes a prompt for a picture of a size, which SDXL is told; to the others it makes no difference.
     *
     * @param prompt the prompt, as in {@link #encodeText(String)}
     * @param clipSkip which of the text encoder's last layers is read, 1 to 12: 1 for the last one; SD 2.x takes 2 or more
     * @param size of the picture to be
     * @return the embedding
     * @throws InvalidRequestException when the prompt is too long, or clip skip or the size out of its range
     */
    public TextEmbedding encodeText(String prompt, int clipSkip, Resolution size) {
        Require.that(clipSkip >= 1 && clipSkip <= MAX_CLIP_SKIP, "clip skip is %d: give a number from 1 to %d",
                clipSkip, MAX_CLIP_SKIP);
        return encode(prompt, clipSkip, Objects.requireNonNull(size, "size"));
    }

    private TextEmbedding encode(String prompt, int clipSkip, Resolution size) {
        Require.prompt(prompt);
        Parts.Text text = session.withParts((parts, token) -> parts.encodeText(prompt, clipSkip, size, info, token));
        return new TextEmbedding(new Tensor(text.context()), text.pooled().map(Tensor::new));
    }

    /**
     * Encodes a picture to the mean of what the VAE makes of it.
     *
     * @param image sides are multiples of {@link #downscale()}, up to 16384; transparency is laid over black
     * @return 1 x {@link #latentChannels()} x height/8 x width/8, times {@link #scalingFactor()}: as the UNet has them
     * @throws InvalidRequestException when the picture has another size
     */
    public Tensor encodeImage(BufferedImage image) {
        return encode(image, OptionalLong.empty());
    }

    /**
     * Encodes a picture to a sample of what the VAE makes of it, with noise of the model's generator ({@link LoadOptions#rng()}): the
     * latents that {@code generate} starts from in image to image with this seed.
     *
     * @param image as in {@link #encodeImage(BufferedImage)}
     * @param seed of the noise
     * @return 1 x {@link #latentChannels()} x height/8 x width/8, times {@link #scalingFactor()}. A TAESD has no distribution: it
     *     gives the same for all seeds
     * @throws InvalidRequestException when the picture has another size
     */
    public Tensor encodeImage(BufferedImage image, long seed) {
        return encode(image, OptionalLong.of(seed));
    }

    private Tensor encode(BufferedImage image, OptionalLong seed) {
        Objects.requireNonNull(image, "image");
        return new Tensor(session.withParts((parts, token) -> parts.encodeImage(image, seed, info, token)));
    }

    /**
     * Decodes latents with the VAE, one after the other; in tiles when a whole picture would not fit into memory.
     *
     * @param latents N x {@link #latentChannels()} x height x width, as the UNet has them: they are divided by {@link #scalingFactor()}
     *     here
     * @return N pictures, {@link #downscale()} times as wide and high; 8 bits for each of red, green and blue, sRGB
     * @throws InvalidRequestException when the shape is another one
     */
    public List<BufferedImage> decodeLatents(Tensor latents) {
        Require.dimensions("latents", latents, 4, "N x channels x height x width");
        return session.withParts((parts, token) -> parts.decode(latents.memory(), info, token));
    }

    /**
     * Asks the UNet what noise is in latents.
     *
     * @param latents N x 4 x height x width, scaled as the scheduler's {@code scaleModelInput} does it; sides are multiples of 8
     * @param timestep of the training, from 0 to 999; it may be fractional
     * @param text the prompt, one for all latents or N of them
     * @return N x 4 x height x width: what the model answers, {@link #prediction()}
     * @throws InvalidRequestException when a shape does not fit, or the timestep is not a finite number
     */
    public Tensor predictNoise(Tensor latents, double timestep, TextEmbedding text) {
        return predictNoise(NoisePrediction.of(latents, timestep, text));
    }

    /**
     * Asks the UNet what noise is in latents. N of them are computed one after the other, since the runtime's graphs are made for one: a
     * batch costs as much as its parts. The memory for one is kept until another method, or another call to the model, needs it.
     *
     * @param prediction the latents and all that goes with them
     * @return N x 4 x height x width: what the model answers, {@link #prediction()}
     * @throws InvalidRequestException when a shape does not fit, something is missing that the model takes, or something is there that it
     *     does not take
     */
    public Tensor predictNoise(NoisePrediction prediction) {
        Require.dimensions("latents", prediction.latents(), 4, "N x channels x height x width");
        Require.dimensions("text", prediction.text().context(), 3, "N x tokens x width");
        prediction.text().pooled().ifPresent(pooled -> Require.dimensions("pooled text", pooled, 2, "N x width"));
        prediction.concat().ifPresent(concat -> Require.dimensions("concat", concat, 4, "N x channels x height x width"));
        Parts.Question question = new Parts.Question(
                prediction.latents().memory(), (float) prediction.timestep(), prediction.text().context().memory(),
                prediction.text().pooled().map(Tensor::memory), prediction.concat().map(Tensor::memory), prediction.control());
        return new Tensor(session.withParts((parts, token) -> parts.predict(question, info, token)));
    }

    /**
     * Shows latents roughly and at once, by a projection of their channels to colours.
     *
     * @param latents N x {@link #latentChannels()} x height x width
     * @return N pictures of the latents' own size: a pixel for a pixel
     * @throws InvalidRequestException when the shape is another one
     */
    public List<BufferedImage> preview(Tensor latents) {
        Require.dimensions("latents", latents, 4, "N x channels x height x width");
        return session.withParts((parts, token) -> parts.preview(latents.memory(), token));
    }

    /**
     * Returns the noise of the training, from the checkpoint if that has it, else that of Stable Diffusion. The sigma of a timestep is
     * {@code sqrt((1 - alpha) / alpha)}.
     *
     * @return the picture's share of the variance at each of the 1000 timesteps, falling; a new array
     * @throws InvalidRequestException when the model was not trained with such timesteps: EDM and flow
     */
    public float[] alphasCumprod() {
        return session.withParts((parts, token) -> parts.alphasCumprod(TRAIN_TIMESTEPS, token));
    }

    /**
     * Returns what the UNet answers.
     *
     * @return {@link Prediction#EPS} for the noise, {@link Prediction#V} or {@link Prediction#EDM_V} for the velocity; a flow is told as
     *     {@link Prediction#FLOW}
     */
    public Prediction prediction() {
        return info.prediction();
    }

    /**
     * Returns what the VAE's latents are multiplied with for the UNet, so that their variance is about 1.
     *
     * @return 0.18215 for SD 1.x and 2.x, 0.13025 for SDXL; 1 with a TAESD in place of the VAE
     */
    public double scalingFactor() {
        return info.scalingFactor();
    }

    /**
     * Returns how many channels latents have.
     *
     * @return 4
     */
    public int latentChannels() {
        return info.latentChannels();
    }

    /**
     * Returns how many pixels a latent's pixel stands for, along each side.
     *
     * @return 8
     */
    public int downscale() {
        return info.downscale();
    }
}
