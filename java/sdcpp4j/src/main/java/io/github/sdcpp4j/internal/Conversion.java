package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.InsufficientMemoryException;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.ModelConversion;
import io.github.sdcpp4j.WeightType;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.checkpoint.CheckpointHeader;
import io.github.sdcpp4j.internal.checkpoint.ConversionPlan;
import io.github.sdcpp4j.internal.checkpoint.TypeRule;
import io.github.sdcpp4j.internal.library.AtomicMove;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;

/** Runs conversions: everything is checked first, then native code writes beside the output, then that takes its name. */
public final class Conversion {

    /** {@code GGML_MAX_NAME} less the NUL: the runtime cuts longer names off without a word. */
    private static final int LONGEST_NAME = 127;

    private Conversion() {}

    /**
     * Reads the types that a conversion asks for.
     *
     * @param type for all
     * @param rules for some
     * @return all of them
     * @throws InvalidRequestException when a rule is none
     */
    public static Stream<WeightType> types(Optional<WeightType> type, String rules) {
        return Stream.concat(type.stream(), TypeRule.parse(rules).stream().map(TypeRule::type));
    }

    /**
     * Converts on a thread of its own, with the stack that native code wants. An interrupt is heard before native code
     * begins and when it is done.
     *
     * @param conversion what to convert
     * @return what the output holds
     */
    public static CheckpointInfo run(ModelConversion conversion) {
        WorkQueue queue = new WorkQueue("sdcpp4j convert " + conversion.input().getFileName());
        try {
            return queue.call(Optional.empty(), token -> convert(conversion, token));
        } finally {
            queue.close(() -> {});
        }
    }

    static CheckpointInfo convert(ModelConversion conversion, CancelToken token) {
        Path output = conversion.output();
        checkPlace(output);
        ConversionPlan plan = ConversionPlan.of(conversion.input(), conversion.vae(), conversion.weightType(),
                TypeRule.parse(conversion.tensorTypeRules()), conversion.toSafetensors());
        try {
            checkIsAnother(output, conversion.input());
            if (conversion.vae().isPresent()) {
                checkIsAnother(output, conversion.vae().get());
            }
            checkSpace(output, plan);
            NativeLibrary.ensureLoaded();
            writeBeside(conversion, plan, token);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write the converted model to %s: %s".formatted(output, e.getMessage()), e);
        }
        return Inspection.read(output);
    }

    private static void checkPlace(Path output) {
        Path folder = output.toAbsolutePath().getParent();
        if (output.getFileSystem() != FileSystems.getDefault()) {
            throw new InvalidRequestException("the output %s is not on a disk but in %s, where the native runtime cannot write"
                    .formatted(output, output.getFileSystem()));
        }
        if (!Files.isDirectory(folder)) {
            throw new InvalidRequestException("the folder of the output does not exist: create " + folder);
        }
        if (!Files.isWritable(folder)) {
            throw new InvalidRequestException(
                    "the folder of the output cannot be written to: check the rights of " + folder);
        }
        if (Files.isDirectory(output)) {
            throw new InvalidRequestException("the output %s is a folder: name a file".formatted(output));
        }
    }

    private static void checkIsAnother(Path output, Path input) throws IOException {
        if (Files.exists(output) && Files.isSameFile(output, input)) {
            throw new InvalidRequestException("the output %s is the file that is read: name another".formatted(output));
        }
    }

    /** What exists is replaced at the end only, so its bytes do not count as free. */
    private static void checkSpace(Path output, ConversionPlan plan) throws IOException {
        Path folder = output.toAbsolutePath().getParent();
        long free = Files.getFileStore(folder).getUsableSpace();
        if (plan.fileBytes() > free) {
            throw new IOException("it will take about %d MB, and %d MB are free in %s: make room or name another folder"
                    .formatted(HostMemory.megabytes(plan.fileBytes()), HostMemory.megabytes(free), folder));
        }
    }

    private static void writeBeside(ModelConversion conversion, ConversionPlan plan, CancelToken token) throws IOException {
        Path output = conversion.output().toAbsolutePath();
        // the runtime looks at the ending, and for nothing but this one
        Path unfinished = output.resolveSibling(".%s.%s.part%s".formatted(
                output.getFileName(), UUID.randomUUID(), conversion.toSafetensors() ? ".safetensors" : ".gguf"));
        unfinished.toFile().deleteOnExit(); // Ctrl-C does not wait for native code to come back
        try {
            write(conversion, plan, unfinished, token);
            checkWritten(conversion.input(), unfinished);
            token.throwIfCancelled();
            AtomicMove.move(unfinished, output);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static void write(ModelConversion conversion, ConversionPlan plan, Path target, CancelToken token) {
        try (LoadTurn _ = LoadTurn.await(token); NativeCall call = new NativeCall(conversion.progress(), token)) {
            checkMemory(plan); // not earlier: what was loaded or converted meanwhile counts
            Arena arena = call.arena();
            String rules = plan.nativeRules();
            int status = sdcpp4j_h.sdcpp4j_convert(
                    call.segment(),
                    Marshal.path(conversion.input(), arena),
                    conversion.vae().map(vae -> Marshal.path(vae, arena)).orElse(MemorySegment.NULL),
                    Marshal.path(target, arena),
                    plan.nativeType().map(WeightType::nativeValue).orElseGet(sdcpp4j_h::SD_TYPE_COUNT),
                    rules.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(rules));
            call.check(status, text -> new CheckpointException(
                    "%s cannot be converted: %s".formatted(conversion.input(), text)));
        }
    }

    private static void checkMemory(ConversionPlan plan) {
        OptionalLong free = HostMemory.SYSTEM.available();
        if (free.isPresent() && plan.memoryBytes() > free.getAsLong()) {
            throw new InsufficientMemoryException(
                    "the conversion needs about %d MB, since all of the result is in memory before it is written, and %d MB are free: a smaller type, such as q8_0, needs less"
                            .formatted(HostMemory.megabytes(plan.memoryBytes()), HostMemory.megabytes(free.getAsLong())),
                    plan.memoryBytes(), free.getAsLong());
        }
    }

    /** The runtime does not look at whether the last bytes reached the disk; the header knows how many there must be. */
    private static void checkWritten(Path input, Path unfinished) throws IOException {
        CheckpointHeader header;
        try {
            header = CheckpointHeader.read(unfinished);
        } catch (CheckpointException e) {
            throw new IOException("what was written is not whole; the disk may be full or failing", e);
        }
        if (header.tensors().isEmpty()) {
            throw new CheckpointException(input + " holds nothing that the runtime would write into another file");
        }
        header.tensors().stream().filter(tensor -> tensor.name().getBytes(StandardCharsets.UTF_8).length >= LONGEST_NAME)
                .findFirst().ifPresent(tensor -> {
                    throw new CheckpointException("%s has a tensor whose name is too long for the runtime: %s..."
                            .formatted(input, tensor.name()));
                });
    }
}
