package io.github.sdcpp4j.components;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.internal.NativeTensor;
import io.github.sdcpp4j.schedulers.NoiseSource;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Numbers of single precision in native memory, in the order of PyTorch: the last dimension is the one whose neighbours lie side by
 * side. Latents and pictures are N x channels x height x width.
 *
 * <p>What changes a tensor changes it in place and returns it, so that calls can be chained; {@link #copy}, {@link #slice} and
 * {@link #concat} make new ones. Each has its own memory, which {@link #close} frees, and after that every other method throws
 * {@link IllegalStateException}. Not to be changed by one thread while another one, or a model, works with it.
 */
public final class Tensor implements AutoCloseable {

    /** A native buffer has at most 2^31 bytes. */
    private static final long MAX_SIZE = Integer.MAX_VALUE / Float.BYTES;

    private final NativeTensor memory;

    Tensor(NativeTensor memory) {
        this.memory = memory;
    }

    /**
     * Makes a tensor of given numbers.
     *
     * @param values as many as the shape has places; they are copied
     * @param shape the slowest dimension first, each 1 or more
     * @return the tensor
     * @throws InvalidRequestException when the number of values and the shape do not fit together
     */
    public static Tensor of(float[] values, int... shape) {
        int size = checkedSize(shape);
        Require.that(values.length == size, "there are %d values for the shape %s, which has %d: give as many",
                values.length, text(shape), size);
        return zeros(shape).set(values);
    }

    /**
     * Makes a tensor of zeros.
     *
     * @param shape the slowest dimension first, each 1 or more
     * @return the tensor
     * @throws InvalidRequestException when the shape has no dimension, one below 1, or more than 2^29 - 1 places
     */
    public static Tensor zeros(int... shape) {
        checkedSize(shape);
        return new Tensor(new NativeTensor(shape.clone()));
    }

    /**
     * Makes a tensor of noise, with one call to the source.
     *
     * @param source such as {@code new TorchCpuNoise(seed)}, which gives what {@code torch.randn} gives
     * @param shape the slowest dimension first, each 1 or more
     * @return the tensor
     * @throws InvalidRequestException when the shape is none, or the source gives another number of values
     */
    public static Tensor randn(NoiseSource source, int... shape) {
        float[] noise = source.next(checkedSize(shape));
        return of(noise, shape);
    }

    private static int checkedSize(int... shape) {
        Require.that(shape.length > 0, "the shape has no dimensions: give one or more");
        long size = 1;
        for (int side : shape) {
            Require.that(side >= 1, "the shape is %s: give dimensions from 1", text(shape));
            size *= side;
            Require.that(size <= MAX_SIZE, "the shape is %s: a tensor has at most %d places", text(shape), MAX_SIZE);
        }
        return (int) size;
    }

    private static String text(int... shape) {
        return Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("x"));
    }

    NativeTensor memory() {
        return memory;
    }

    String shapeText() {
        return text(memory.shape());
    }

    /**
     * Returns the shape.
     *
     * @return the slowest dimension first; a new array
     * @throws IllegalStateException when closed
     */
    public int[] shape() {
        memory.buffer();
        return memory.shape().clone();
    }

    /**
     * Counts the numbers.
     *
     * @return the product of the shape
     * @throws IllegalStateException when closed
     */
    public int size() {
        return memory.buffer().capacity();
    }

    /**
     * Copies the numbers out.
     *
     * @return a new array
     * @throws IllegalStateException when closed
     */
    public float[] toArray() {
        FloatBuffer buffer = memory.buffer();
        float[] values = new float[buffer.capacity()];
        buffer.get(values);
        return values;
    }

    /**
     * Gives access to the numbers themselves, without a copy.
     *
     * @return a view of all of them that reads and writes; its methods throw {@link IllegalStateException} once the tensor is closed
     * @throws IllegalStateException when closed
     */
    public FloatBuffer buffer() {
        return memory.buffer();
    }

    /**
     * Copies the tensor.
     *
     * @return another one with the same numbers
     * @throws IllegalStateException when closed
     */
    public Tensor copy() {
        return slice(0, shape()[0]);
    }

    /**
     * Multiplies all numbers.
     *
     * @param factor with what
     * @return this
     * @throws IllegalStateException when closed
     */
    public Tensor scale(double factor) {
        FloatBuffer own = memory.buffer();
        for (int i = 0; i < own.capacity(); i++) {
            own.put(i, (float) (own.get(i) * factor));
        }
        return this;
    }

    /**
     * Adds a multiple of another tensor: {@code this + a * x}.
     *
     * @param a with what the other is multiplied
     * @param x of the same shape
     * @return this
     * @throws InvalidRequestException when the shapes differ
     * @throws IllegalStateException when closed, or the other one is
     */
    public Tensor axpy(double a, Tensor x) {
        FloatBuffer own = memory.buffer();
        FloatBuffer other = sameShape(x);
        for (int i = 0; i < own.capacity(); i++) {
            own.put(i, (float) (own.get(i) + a * other.get(i)));
        }
        return this;
    }

    /**
     * Goes towards another tensor, or past it: {@code this + weight * (end - this)}. From the noise that is predicted without the
     * prompt towards that with it, by the guidance scale, this is classifier-free guidance (Ho and Salimans 2022).
     *
     * @param end of the same shape
     * @param weight 0 for this, 1 for the end
     * @return this
     * @throws InvalidRequestException when the shapes differ
     * @throws IllegalStateException when closed, or the other one is
     */
    public Tensor lerp(Tensor end, double weight) {
        FloatBuffer own = memory.buffer();
        FloatBuffer other = sameShape(end);
        for (int i = 0; i < own.capacity(); i++) {
            double start = own.get(i);
            own.put(i, (float) (start + weight * (other.get(i) - start)));
        }
        return this;
    }

    /**
     * Replaces all numbers.
     *
     * @param values as many as there are; they are copied
     * @return this
     * @throws InvalidRequestException when there are more or fewer
     * @throws IllegalStateException when closed
     */
    public Tensor set(float[] values) {
        FloatBuffer own = memory.buffer();
        Require.that(values.length == own.capacity(), "there are %d values for the shape %s, which has %d: give as many",
                values.length, shapeText(), own.capacity());
        own.put(values);
        return this;
    }

    /**
     * Puts tensors one after the other, along the first dimension: batches to a larger batch.
     *
     * @param parts one or more, of the same shape but for the first dimension
     * @return a new tensor
     * @throws InvalidRequestException when there are none, or they do not fit together
     * @throws IllegalStateException when one is closed
     */
    public static Tensor concat(Tensor... parts) {
        Require.that(parts.length > 0, "there are no tensors: give one or more");
        int[] shape = parts[0].shape();
        long count = shape[0];
        for (int i = 1; i < parts.length; i++) {
            int[] other = parts[i].shape();
            count += other[0];
            Require.that(Arrays.equals(shape, 1, shape.length, other, 1, other.length),
                    "the shapes %s and %s differ in more than the first dimension", parts[0].shapeText(), parts[i].shapeText());
        }
        Require.that(count <= MAX_SIZE, "the tensors are %d along the first dimension: that is too many", count);
        shape[0] = (int) count;
        Tensor all = zeros(shape);
        FloatBuffer target = all.buffer();
        for (Tensor part : parts) {
            target.put(part.buffer());
        }
        return all;
    }

    /**
     * Copies a part out, along the first dimension.
     *
     * @param from the first, from 0
     * @param to the first that is left out, more than {@code from}
     * @return a new tensor
     * @throws InvalidRequestException when there is no such part
     * @throws IllegalStateException when closed
     */
    public Tensor slice(int from, int to) {
        int[] shape = shape();
        Require.that(0 <= from && from < to && to <= shape[0], "%d to %d is no part of the %d along the first dimension",
                from, to, shape[0]);
        int each = size() / shape[0];
        FloatBuffer source = buffer().slice(from * each, (to - from) * each);
        shape[0] = to - from;
        Tensor part = zeros(shape);
        part.buffer().put(source);
        return part;
    }

    private FloatBuffer sameShape(Tensor other) {
        FloatBuffer buffer = other.memory.buffer();
        Require.that(Arrays.equals(memory.shape(), other.memory.shape()), "the shapes %s and %s differ: give equal ones",
                shapeText(), other.shapeText());
        return buffer;
    }

    /**
     * Frees the memory; does nothing the second time.
     *
     * @throws IllegalStateException when a model works with it: then it stays open
     */
    @Override
    public void close() {
        memory.close();
    }

    /** The shape alone. */
    @Override
    public String toString() {
        return "Tensor " + shapeText();
    }
}
