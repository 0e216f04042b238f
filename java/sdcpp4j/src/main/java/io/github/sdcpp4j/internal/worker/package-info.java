/**
 * A model in a process of its own.
 *
 * <p>{@link io.github.sdcpp4j.internal.worker.WorkerEngine} stands in the parent where an in-process context would stand. It
 * starts a {@link io.github.sdcpp4j.internal.worker.WorkerProcess}, which runs
 * {@link io.github.sdcpp4j.internal.worker.WorkerMain} and there a {@link io.github.sdcpp4j.internal.Context}. The two talk in
 * {@link io.github.sdcpp4j.internal.worker.Frame}s over the child's standard input and output; pixels go through
 * {@link io.github.sdcpp4j.internal.worker.SharedPixels}.
 *
 * <p>Who ends whom: end of file on its standard input ends the child, whatever it does; so the parent's close, and its death,
 * need nothing more. End of file on the child's standard output is the child's death.
 */
package io.github.sdcpp4j.internal.worker;
