package io.github.sdcpp4j.testkit;

import java.nio.file.Path;

/**
 * A checkpoint file that has been written.
 *
 * @param path    where it lies
 * @param tensors number of tensors in it
 * @param bytes   its length; zero blocks may be holes, so that it can take less space on disk
 */
public record Checkpoint(Path path, int tensors, long bytes) {}
