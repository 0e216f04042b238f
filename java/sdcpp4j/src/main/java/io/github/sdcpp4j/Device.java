package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.DeviceList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that computes: the CPU, or a GPU. {@link LoadOptions#backend} takes the name; each model may be given another one.
 *
 * @param name such as {@code CPU} or {@code CUDA0}; upper and lower case are the same
 * @param description what it is, such as the maker's name of it
 * @param cpuCode for the CPU: which kind of CPU the code in use was compiled for, such as {@code haswell}, or
 *     {@code built in}; empty for others
 * @param freeMemory bytes that can be taken now; empty when nobody tells
 * @param totalMemory bytes in all
 */
public record Device(String name, String description, Optional<String> cpuCode, OptionalLong freeMemory, long totalMemory) {

    /**
     * Lists what there is to compute on: GPUs first if the native library has code for them and their driver is there, and the CPU,
     * always.
     *
     * @return one device or more
     * @throws NativeLibraryException when the native library cannot be used
     */
    public static List<Device> list() {
        return DeviceList.read();
    }

    /**
     * Returns whether this is the machine's CPU.
     *
     * @return false for a GPU
     */
    public boolean isCpu() {
        return cpuCode.isPresent();
    }
}
