package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.Timings;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * What a call made.
 *
 * @param images the pictures
 * @param timings where the time went
 * @param notes what a user should know about them
 */
public record Pictures(List<BufferedImage> images, Timings timings, List<String> notes) {

    /** Copies the lists. */
    public Pictures {
        images = List.copyOf(images);
        notes = List.copyOf(notes);
    }
}
