package io.github.sdcpp4j;

import java.time.Duration;

/**
 * How far a call is.
 *
 * @param phase what the call is busy with
 * @param image index of the picture in the batch, from 0; 0 outside {@link Phase#SAMPLE} and {@link Phase#DECODE}
 * @param step steps done in this phase; 0 at its start
 * @param steps steps in all; 0 when not known, as in the event that announces a phase
 * @param elapsed time since the call began
 */
public record Progress(Phase phase, int image, int step, int steps, Duration elapsed) {}
