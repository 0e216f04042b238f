package io.github.sdcpp4j.internal.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Safetensors files of a few bytes, well-formed or not. */
final class SafetensorsBytes {

    private SafetensorsBytes() {
    }

    /** Two tensors and metadata: F16 [2, 3] and F32 [1]. */
    static byte[] valid() {
        return file("""
                {"__metadata__":{"format":"pt"},\
                "a.weight":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},\
                "b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", 16);
    }

    static byte[] file(String header, int dataBytes) {
        return file(header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    static byte[] file(byte[] header, int dataBytes) {
        return file(header.length, header, dataBytes);
    }

    static byte[] file(long claimedLength, byte[] header, int dataBytes) {
        byte[] data = new byte[dataBytes];
        Arrays.fill(data, (byte) 0x3c);
        return ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(claimedLength).put(header).put(data).array();
    }

    static String tensor(String name, String dtype, String shape, String offsets) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(name, dtype, shape, offsets);
    }
}
