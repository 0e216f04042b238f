package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.Timings;
import java.util.List;

/**
 * What is to be said of the pictures that a call made.
 *
 * @param pictures how many there are
 * @param timings where the time went
 * @param notes what a user should know about them
 */
public record Outcome(int pictures, Timings timings, List<String> notes) {

    /** Copies the list. */
    public Outcome {
        notes = List.copyOf(notes);
    }
}
