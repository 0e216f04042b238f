package io.github.sdcpp4j.internal.flight;

import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.Pictures;
import io.github.sdcpp4j.internal.images.RgbImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Puts the events of {@link Events} around the work. Without a recording the work runs as it is: no listener is added, so
 * native code reports nothing that nobody else asked for. A recording that starts in the middle of a request sees the next.
 */
public final class FlightRecords {

    private FlightRecords() {}

    /**
     * Loads, and records it.
     *
     * @param main the file that names the model
     * @param files all files
     * @param work loads
     * @param <T> what is loaded
     * @return what was loaded
     */
    public static <T> T load(Path main, Collection<Path> files, Supplier<T> work) {
        Events.Load event = new Events.Load();
        event.begin();
        try {
            T loaded = work.get();
            event.done = true;
            return loaded;
        } finally {
            event.end();
            if (event.shouldCommit()) {
                event.file = main.toString();
                event.size = files.stream().mapToLong(FlightRecords::size).sum();
                event.commit();
            }
        }
    }

    /**
     * Makes pictures, and records it with its phases.
     *
     * @param model the model's name
     * @param request what to make
     * @param listener hears how far the work is
     * @param work makes them and reports to the listener that it is given
     * @return the pictures
     */
    public static Pictures generate(
            String model, GenerationRequest request, ProgressListener listener, Function<ProgressListener, Pictures> work) {
        Events.Generate event = new Events.Generate();
        event.begin();
        try {
            Pictures pictures = withPhases(request, listener, work);
            event.size = pictures.images().stream().mapToLong(image -> RgbImages.bytes(image).length).sum();
            event.done = true;
            return pictures;
        } finally {
            event.end();
            if (event.shouldCommit()) {
                event.model = model;
                event.width = request.settings().pictureSize().width();
                event.height = request.settings().pictureSize().height();
                event.steps = request.settings().steps();
                event.pictures = request.pictureCount();
                event.commit();
            }
        }
    }

    private static Pictures withPhases(
            GenerationRequest request, ProgressListener listener, Function<ProgressListener, Pictures> work) {
        if (!PhaseEvents.areWanted()) {
            return work.apply(listener);
        }
        try (PhaseEvents phases = new PhaseEvents(request, listener)) {
            return work.apply(phases);
        }
    }

    /**
     * Makes a picture larger, and records it.
     *
     * @param image the picture
     * @param work makes it larger
     * @return the larger one
     */
    public static BufferedImage upscale(BufferedImage image, Supplier<BufferedImage> work) {
        Events.Upscale event = new Events.Upscale();
        event.begin();
        try {
            BufferedImage larger = work.get();
            event.factor = larger.getWidth() / image.getWidth();
            event.done = true;
            return larger;
        } finally {
            event.width = image.getWidth();
            event.height = image.getHeight();
            event.commit();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // gone by now; what the loading makes of that is its own to say
        }
    }
}
