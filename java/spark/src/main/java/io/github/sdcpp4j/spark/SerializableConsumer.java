package io.github.sdcpp4j.spark;

import java.io.Serializable;
import java.util.function.Consumer;

/**
 * A change to a builder that travels to the executors. A lambda is one when all that it captures can be serialized.
 *
 * @param <T> what it changes
 */
@FunctionalInterface
public interface SerializableConsumer<T> extends Consumer<T>, Serializable {}
