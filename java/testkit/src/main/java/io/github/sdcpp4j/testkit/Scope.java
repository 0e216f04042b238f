package io.github.sdcpp4j.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects tensors under a name prefix, one method per kind of layer. Weights get a seed from the full tensor name,
 * so that adding a layer changes no other.
 */
final class Scope {
    private final List<Tensor> tensors;
    private final String prefix;
    private final long seed;
    private final DataType type;

    private Scope(List<Tensor> tensors, String prefix, long seed, DataType type) {
        this.tensors = tensors;
        this.prefix = prefix;
        this.seed = seed;
        this.type = type;
    }

    static Scope root(long seed, DataType type) {
        return new Scope(new ArrayList<>(), "", seed, type);
    }

    /** The scope {@code name} inside this one; both collect into the same list. */
    Scope in(String name) {
        return new Scope(tensors, prefix + name + ".", seed, type);
    }

    /** The same scope for tensors of another element type. */
    Scope of(DataType other) {
        return new Scope(tensors, prefix, seed, other);
    }

    /** Everything collected so far, in order. */
    List<Tensor> tensors() {
        return List.copyOf(tensors);
    }

    void add(String name, Values values, Integer... shape) {
        tensors.add(new Tensor(prefix + name, type, Arrays.asList(shape), values));
    }

    void addIndices(String name, Integer... shape) {
        tensors.add(new Tensor(prefix + name, DataType.I64, Arrays.asList(shape), index -> index));
    }

    /** Random weights for the tensor {@code name} of this scope, see {@link Values#random}. */
    Values random(String name, double gain, long fanIn) {
        return Values.random(SplitMix64.seed(seed, prefix + name), gain, fanIn);
    }

    /** A normalisation layer that changes nothing: weight 1, bias 0. */
    void norm(String name, int channels) {
        norm(name, channels, Values.constant(1), Values.ZERO);
    }

    void norm(String name, int channels, Values weight, Values bias) {
        add(name + ".weight", weight, channels);
        add(name + ".bias", bias, channels);
    }

    /** A linear layer {@code [out, in]} with random weights and bias 0. */
    void linear(String name, int out, int in, double gain) {
        projection(name, out, in, gain);
        add(name + ".bias", Values.ZERO, out);
    }

    /** A linear layer {@code [out, in]} without bias. */
    void projection(String name, int out, int in, double gain) {
        add(name + ".weight", random(name + ".weight", gain, in), out, in);
    }

    /** A convolution {@code [out, in, size, size]} with random weights and bias 0. */
    void conv(String name, int out, int in, int size, double gain) {
        conv(name, out, in, size, random(name + ".weight", gain, (long) in * size * size), Values.ZERO);
    }

    void conv(String name, int out, int in, int size, Values weight, Values bias) {
        add(name + ".weight", weight, out, in, size, size);
        add(name + ".bias", bias, out);
    }
}
