package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.images.PngFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One picture, with everything that is needed to make it again. */
public final class GeneratedImage {

    private final BufferedImage image;
    private final ImageRequest request;
    private final String model;
    private final Map<String, String> load;
    private final Timings timings;
    private final List<String> notes;
    private final boolean nsfwContentDetected;

    /** {@code load} is what the infotext says of how the model was loaded. */
    GeneratedImage(BufferedImage image, ImageRequest request, String model, Map<String, String> load, Timings timings,
            List<String> notes, boolean nsfwContentDetected) {
        this.image = Objects.requireNonNull(image);
        this.request = Objects.requireNonNull(request);
        this.model = model;
        this.load = load;
        this.timings = timings;
        this.notes = List.copyOf(notes);
        this.nsfwContentDetected = nsfwContentDetected;
    }

    /**
     * Returns the pixels, 8 bits for each of red, green and blue, sRGB.
     *
     * @return the same object at each call, not a copy
     */
    public BufferedImage image() {
        return image;
    }

    /**
     * Returns the seed of this picture.
     *
     * @return the seed; a request with it and a batch count of 1 gives this picture again
     */
    public long seed() {
        return request.settings().seed().orElseThrow();
    }

    /**
     * Returns the request that gives this very picture: with its seed, a batch count of 1, and the sampler and scheduler
     * that the runtime chose where the original request named none.
     *
     * @return the request
     */
    public ImageRequest request() {
        return request;
    }

    /**
     * Returns the checkpoint's name.
     *
     * @return the model file's name without its ending
     */
    public String model() {
        return model;
    }

    /**
     * Returns where the time went.
     *
     * @return the timings of the call that made this picture
     */
    public Timings timings() {
        return timings;
    }

    /**
     * Returns what a user should know about how the picture was made, such as that it was cropped.
     *
     * @return sentences, often none
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * Returns whether the model's {@link PictureCheck} found this picture not safe for work. What {@link #image()} returns then is
     * the check's to say; a {@link SafetyChecker} gives a black picture.
     *
     * @return false also when the model was loaded without a check
     */
    public boolean nsfwContentDetected() {
        return nsfwContentDetected;
    }

    /**
     * Returns the parameters as web UIs write them: the request, the model's name, and how the model was loaded where that
     * matters for the picture. {@link Infotext#toTextToImage()} makes a request of them again.
     *
     * @return the parameters
     */
    public Infotext infotext() {
        return Infotext.of(request, model, load);
    }

    /**
     * Writes a PNG with the parameters in its text chunk {@code parameters}, where web UIs look for them. The file appears
     * whole or not at all; an existing one is replaced.
     *
     * @param png where to
     * @throws UncheckedIOException when the file cannot be written
     */
    public void save(Path png) {
        infotext().save(image, png);
    }

    /**
     * Returns what {@link #save} writes, for those who send it elsewhere than into a file.
     *
     * @return the bytes of a PNG file with the parameters in it
     */
    public byte[] png() {
        try {
            return PngFile.bytes(image, Optional.of(infotext().text()));
        } catch (IOException e) {
            throw new UncheckedIOException("the picture cannot be encoded as PNG: " + e.getMessage(), e);
        }
    }
}
