package io.github.sdcpp4j.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.CancelledException.Reason;
import io.github.sdcpp4j.InsufficientMemoryException;
import io.github.sdcpp4j.ModelConversion;
import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import io.github.sdcpp4j.support.LiveObjects;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ConversionTest {

    @TempDir
    private Path folder;

    private ModelConversion.Builder conversion() {
        return ModelConversion.builder(PartFiles.lora(Models.fixtures()), folder.resolve("lora.gguf"));
    }

    @Test
    void anInterruptEndsTheWaitForAnotherLoad() throws Exception {
        NativeLibrary.ensureLoaded();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        try (LoadTurn _ = LoadTurn.await(new CancelToken())) {
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    conversion().run();
                    end.complete(null);
                } catch (Throwable t) {
                    end.complete(Thread.currentThread().isInterrupted() ? t : null);
                }
            });
            while (!LoadTurn.isAwaited()) {
                Thread.onSpinWait();
            }
            waiting.interrupt();
            assertThat(end.get()).isInstanceOfSatisfying(CancelledException.class,
                    e -> assertThat(e.reason()).isEqualTo(Reason.INTERRUPTED));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anInterruptWhileItWritesThrowsTheResultAway() {
        NativeLibrary.ensureLoaded();
        long before = LiveObjects.count();
        CancelToken token = new CancelToken();
        ModelConversion conversion = conversion().progress(progress -> {
            if (progress.phase() == Phase.WRITE) {
                token.cancel(Reason.INTERRUPTED);
            }
        }).build();
        assertThatThrownBy(() -> Conversion.convert(conversion, token)).isInstanceOf(CancelledException.class);
        assertThat(folder).isEmptyDirectory();
        assertThat(LiveObjects.count()).isEqualTo(before);
    }

    @Test
    void whatDoesNotFitIntoMemoryIsNotBegun() throws IOException {
        long free = HostMemory.SYSTEM.available().orElse(Long.MAX_VALUE / 4);
        long weights = free + (1L << 30);
        assumeTrue(weights < Files.getFileStore(folder).getUsableSpace(), "skipped: the disk has less space than the memory");
        Path input = folder.resolve("huge.safetensors");
        byte[] header = "{\"a\":{\"dtype\":\"F16\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(weights / 2, weights / 2 * 2)
                .getBytes(StandardCharsets.UTF_8);
        Files.write(input, ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header).array());
        try (RandomAccessFile hole = new RandomAccessFile(input.toFile(), "rw")) {
            hole.setLength(8 + header.length + weights / 2 * 2);
        }
        assertThatThrownBy(() -> ModelConversion.builder(input, folder.resolve("huge.gguf")).run())
                .isInstanceOfSatisfying(InsufficientMemoryException.class, e -> {
                    assertThat(e.needed()).isEqualTo(weights / 2 * 2);
                    assertThat(e).hasMessageContainingAll(Long.toString(Math.ceilDiv(e.needed(), 1 << 20)),
                            Long.toString(Math.ceilDiv(e.available(), 1 << 20)));
                });
        assertThat(folder.resolve("huge.gguf")).doesNotExist();
    }

    @Test
    void anUpscalerGoesOnWorking() {
        Path output = folder.resolve("upscaler.gguf");
        ModelConversion.builder(PartFiles.esrgan(Models.fixtures()), output).run();
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            int status = sdcpp4j_h.sdcpp4j_load_upscaler(call.segment(), call.arena().allocateFrom(output.toString()), 0, 1, 0,
                    MemorySegment.NULL, out);
            assertThat(status).as(call.errorText()).isZero();
            MemorySegment upscaler = out.get(sdcpp4j_h.C_POINTER, 0);
            assertThat(sdcpp4j_h.sdcpp4j_upscale_factor(upscaler)).isEqualTo(4);
            sdcpp4j_h.sdcpp4j_free_upscaler(upscaler);
        }
    }
}
