package io.github.sdcpp4j.internal.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is written once, whole, by whoever comes first. */
class CachedFileTest {

    private static final int BLOCK = 1 << 16;

    @TempDir
    private Path cache;

    /** Zeros in front, in the middle and at the end, and some blocks that are not. */
    private static byte[] bytes() {
        byte[] bytes = new byte[40 * BLOCK];
        for (int block : new int[] {3, 4, 20, 30}) {
            byte[] random = new byte[BLOCK];
            new Random(block).nextBytes(random);
            System.arraycopy(random, 0, bytes, block * BLOCK, BLOCK);
        }
        return bytes;
    }

    private static CachedFile file() throws Exception {
        return new CachedFile("file.bin", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes())));
    }

    private static CachedFile.Content content(AtomicInteger written) {
        return out -> {
            written.incrementAndGet();
            byte[] bytes = bytes();
            for (int at = 0; at < bytes.length; at += BLOCK) {
                out.write(ByteBuffer.wrap(bytes, at, BLOCK));
            }
        };
    }

    @Test
    void zerosBecomeHolesAndAreReadAsZeros() throws Exception {
        Path path = file().in(cache, content(new AtomicInteger()));
        assertThat(path).hasBinaryContent(bytes());
    }

    @Test
    void anInterruptedThreadGetsItAndStaysInterrupted() throws Exception {
        CachedFile file = file();
        Thread.currentThread().interrupt();
        Path path = file.in(cache, content(new AtomicInteger()));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(path).hasBinaryContent(bytes());
    }

    @Test
    void threadsThatWantItAtOnceWriteItOnce() throws Exception {
        AtomicInteger written = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Path>> wanting = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                wanting.add(threads.submit(() -> file().in(cache, content(written))));
            }
            for (Future<Path> path : wanting) {
                assertThat(path.get()).hasBinaryContent(bytes());
            }
        }
        assertThat(written).hasValue(1);
    }

    /** Says whether it was the one that wrote. */
    static final class Writer {
        public static void main(String[] arguments) throws Exception {
            AtomicInteger written = new AtomicInteger();
            file().in(Path.of(arguments[0]), out -> {
                LockSupport.parkNanos(1_000_000_000); // the other one is there by now
                content(written).writeTo(out);
            });
            System.out.print(written.get());
        }
    }

    @Test
    void aSecondProcessWaitsForTheFirst() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<ChildJvm>> children = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                children.add(threads.submit(() -> ChildJvm.run(
                        List.of(), System.getProperty("java.class.path"), Writer.class, cache.toString())));
            }
            assertThat(List.of(children.get(0).get().out(), children.get(1).get().out())).containsExactlyInAnyOrder("0", "1");
        }
    }

    @Test
    void otherBytesThanThoseOfTheChecksumAreRefusedAndRemoved() throws Exception {
        assertThatThrownBy(() -> file().in(cache, out -> out.write(ByteBuffer.allocate(10))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its jar is damaged").hasMessageContaining(file().sha256());
        try (var files = Files.walk(cache)) {
            assertThat(files.filter(Files::isRegularFile)).extracting(Path::getFileName).containsExactly(Path.of("lock"));
        }
        assertThat(file().in(cache, content(new AtomicInteger()))).hasBinaryContent(bytes());
    }
}
