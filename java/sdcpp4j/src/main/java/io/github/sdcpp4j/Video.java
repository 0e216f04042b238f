package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.images.AviFile;
import io.github.sdcpp4j.internal.images.GifFile;
import io.github.sdcpp4j.internal.images.PngFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** A video: its frames, with everything that is needed to make it again. */
public final class Video {

    private final List<BufferedImage> frames;
    private final VideoRequest request;
    private final String model;
    private final Timings timings;
    private final List<String> notes;
    private final boolean nsfwContentDetected;

    Video(List<BufferedImage> frames, VideoRequest request, String model, Timings timings, List<String> notes,
            boolean nsfwContentDetected) {
        this.frames = List.copyOf(frames);
        this.request = Objects.requireNonNull(request);
        this.model = model;
        this.timings = timings;
        this.notes = List.copyOf(notes);
        this.nsfwContentDetected = nsfwContentDetected;
    }

    /**
     * Returns the frames, 8 bits for each of red, green and blue, sRGB.
     *
     * @return at least one, at most as many as were asked for; the same objects at each call, not copies
     */
    public List<BufferedImage> frames() {
        return frames;
    }

    /**
     * Returns the seed.
     *
     * @return the seed; a request with it gives this video again
     */
    public long seed() {
        return request.settings().seed().orElseThrow();
    }

    /**
     * Returns the request that gives this very video: with its seed, and the sampler and scheduler that the runtime chose where
     * the original request named none.
     *
     * @return the request
     */
    public VideoRequest request() {
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
     * @return the timings of the call that made this video
     */
    public Timings timings() {
        return timings;
    }

    /**
     * Returns what a user should know about how the video was made, such as that it has fewer frames than asked for.
     *
     * @return sentences, often none
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * Returns whether the model's {@link PictureCheck} found a frame not safe for work; the notes say how many.
     *
     * @return false also when the model was loaded without a check
     */
    public boolean nsfwContentDetected() {
        return nsfwContentDetected;
    }

    /**
     * Writes the video: an animated GIF, of 256 colours a frame, to a file that ends in {@code .gif}; Motion JPEG, as {@code sd-cli}
     * writes it, to one that ends in {@code .avi}. A GIF knows only hundredths of a second, so of odd speeds some frames are shown
     * one longer. The file appears whole or not at all; an existing one is replaced.
     *
     * @param file where to
     * @throws InvalidRequestException when the file's name ends otherwise
     * @throws UncheckedIOException when the file cannot be written
     */
    public void save(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean gif = name.endsWith(".gif");
        Check.that(gif || name.endsWith(".avi"),
                "%s is no name of a video file: let it end in .gif or .avi".formatted(file.getFileName()));
        write(file, () -> {
            if (gif) {
                GifFile.write(file, frames, request.framesPerSecond());
            } else {
                AviFile.write(file, frames, request.framesPerSecond());
            }
        });
    }

    /**
     * Writes a PNG of one frame, without parameters. The file appears whole or not at all; an existing one is replaced.
     *
     * @param index the frame, from 0
     * @param png where to
     * @throws IndexOutOfBoundsException when there is no such frame
     * @throws UncheckedIOException when the file cannot be written
     */
    public void saveFrame(int index, Path png) {
        BufferedImage frame = frames.get(index);
        write(png, () -> PngFile.write(png, frame, Optional.empty()));
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void write(Path file, Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the video to " + file + ": " + e.getMessage(), e);
        }
    }
}
