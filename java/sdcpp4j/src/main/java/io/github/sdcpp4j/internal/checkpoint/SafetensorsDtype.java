package io.github.sdcpp4j.internal.checkpoint;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The element types that the native loader reads from safetensors; it refuses the whole file for any other. */
enum SafetensorsDtype {

    F64(8), F32(4), F16(2), BF16(2), F8_E4M3(1), F8_E5M2(1), I64(8), I32(4),

    /** Read past by the native loader: the tensor is not used. */
    U8(1);

    /** What the format knows besides; named so that the message can tell an odd file from a damaged one. */
    private static final Set<String> OTHERS = Set.of("BOOL", "I8", "I16", "U16", "U32", "U64",
            "F4", "F6_E2M3", "F6_E3M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64");

    private static final Map<String, SafetensorsDtype> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

    private final int bytes;

    SafetensorsDtype(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    static Optional<SafetensorsDtype> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static boolean isKnownToTheFormat(String name) {
        return OTHERS.contains(name);
    }

    static String names() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }
}
