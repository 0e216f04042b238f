package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.UnionLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What GraalVM's native-image has to know of the bindings, read from them: the signature of every call down and up, the interfaces
 * that callbacks are found by, and the resources.
 */
final class NativeImageMetadata {

    private final SortedSet<String> downcalls = new TreeSet<>();
    private final SortedSet<String> upcalls = new TreeSet<>();
    private final SortedSet<String> callbacks = new TreeSet<>();

    /** Reads all classes of the bindings; the native library must be loaded. */
    static NativeImageMetadata ofBindings() throws Exception {
        NativeImageMetadata metadata = new NativeImageMetadata();
        for (Class<?> type : bindings()) {
            metadata.add(type);
        }
        return metadata;
    }

    private static List<Class<?>> bindings() throws Exception {
        URI classes = sdcpp4j_h.class.getResource("sdcpp4j_h.class").toURI();
        try (Stream<Path> files = Files.list(Path.of(classes).getParent())) {
            List<Class<?>> found = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replaceFirst("\\.class$", "");
                found.add(Class.forName(sdcpp4j_h.class.getPackageName() + "." + name));
            }
            return found;
        }
    }

    private void add(Class<?> type) throws IllegalAccessException {
        for (Field field : type.getDeclaredFields()) {
            if (field.getType() == FunctionDescriptor.class && Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                FunctionDescriptor descriptor = (FunctionDescriptor) field.get(null);
                // what C declares without parameters, jextract takes for variadic
                String options = field.getName().equals("BASE_DESC")
                        ? ", \"options\": {\"firstVariadicArg\": %d}".formatted(descriptor.argumentLayouts().size()) : "";
                downcalls.add(signature(descriptor, options));
                callback(type).ifPresent(method -> {
                    upcalls.add(signature(descriptor, ""));
                    callbacks.add(reflection(method));
                });
            }
        }
    }

    /** The one method of the interface that a class with callbacks has. */
    private static Optional<Method> callback(Class<?> type) {
        return Arrays.stream(type.getDeclaredClasses())
                .filter(Class::isInterface)
                .flatMap(function -> Arrays.stream(function.getDeclaredMethods()))
                .findFirst();
    }

    private static String signature(FunctionDescriptor descriptor, String options) {
        return "{\"returnType\": \"%s\", \"parameterTypes\": %s%s}".formatted(
                descriptor.returnLayout().map(NativeImageMetadata::name).orElse("void"),
                quoted(descriptor.argumentLayouts().stream().map(NativeImageMetadata::name)),
                options);
    }

    private static String reflection(Method method) {
        return "{\"type\": \"%s\", \"methods\": [{\"name\": \"%s\", \"parameterTypes\": %s}]}".formatted(
                method.getDeclaringClass().getName(), method.getName(),
                quoted(Arrays.stream(method.getParameterTypes()).map(Class::getName)));
    }

    private static String quoted(Stream<String> texts) {
        return texts.map(text -> '"' + text + '"').collect(Collectors.joining(", ", "[", "]"));
    }

    /** A layout in the words that the metadata have for it. */
    static String name(MemoryLayout layout) {
        return switch (layout) {
            case AddressLayout address -> "void*";
            case ValueLayout value -> "j" + value.carrier().getName();
            case PaddingLayout padding -> "padding(" + padding.byteSize() + ")";
            case SequenceLayout sequence -> "sequence(%d, %s)".formatted(sequence.elementCount(), name(sequence.elementLayout()));
            case StructLayout struct -> struct.memberLayouts().stream().map(NativeImageMetadata::name).collect(Collectors.joining(", ", "struct(", ")"));
            case UnionLayout union -> union.memberLayouts().stream().map(NativeImageMetadata::name).collect(Collectors.joining(", ", "union(", ")"));
        };
    }

    SortedSet<String> downcalls() {
        return downcalls;
    }

    SortedSet<String> upcalls() {
        return upcalls;
    }

    String json() {
        return """
                {
                  "reflection": [
                %s
                  ],
                  "resources": [
                    {"glob": "io/github/sdcpp4j/natives/**"}
                  ],
                  "foreign": {
                    "downcalls": [
                %s
                    ],
                    "upcalls": [
                %s
                    ]
                  }
                }
                """.formatted(lines(4, callbacks), lines(6, downcalls), lines(6, upcalls));
    }

    private static String lines(int indent, Collection<String> entries) {
        return entries.stream().map(entry -> " ".repeat(indent) + entry).collect(Collectors.joining(",\n"));
    }

    void write(Path file) throws IOException {
        Files.writeString(file, json());
    }
}
