package io.github.sdcpp4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {

    private static final long GIB = 1L << 30;

    @TempDir
    Path root;

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void machineHas(long bytes) throws IOException {
        file("proc/meminfo", "MemTotal:       99999999 kB\nMemFree:  1 kB\nMemAvailable:   %d kB\n".formatted(bytes / 1024));
    }

    @Test
    void withoutControlGroupsItIsWhatTheMachineHas() throws IOException {
        machineHas(5 * GIB);
        assertThat(new HostMemory(root).available()).hasValue(5 * GIB);
    }

    @Test
    void aControlGroupOfVersion2Narrows() throws IOException {
        machineHas(5 * GIB);
        file("proc/self/cgroup", "0::/app/inner\n");
        file("sys/fs/cgroup/app/memory.max", Long.toString(2 * GIB));
        file("sys/fs/cgroup/app/memory.current", Long.toString(GIB));
        file("sys/fs/cgroup/app/memory.stat", "anon 1\ninactive_file %d\n".formatted(GIB / 2));
        file("sys/fs/cgroup/app/inner/memory.max", "max\n");
        file("sys/fs/cgroup/app/inner/memory.current", "5\n");
        assertThat(new HostMemory(root).available()).hasValue(GIB + GIB / 2);
    }

    @Test
    void insideAContainerItsOwnGroupIsTheTop() throws IOException {
        machineHas(5 * GIB);
        file("proc/self/cgroup", "0::/kubepods/pod1/container\n");
        file("sys/fs/cgroup/memory.max", Long.toString(3 * GIB));
        file("sys/fs/cgroup/memory.current", Long.toString(GIB));
        assertThat(new HostMemory(root).available()).hasValue(2 * GIB);
    }

    @Test
    void aControlGroupOfVersion1Narrows() throws IOException {
        machineHas(5 * GIB);
        file("proc/self/cgroup", "7:cpu,cpuacct:/other\n4:memory:/job\n");
        file("sys/fs/cgroup/memory/job/memory.limit_in_bytes", Long.toString(GIB));
        file("sys/fs/cgroup/memory/job/memory.usage_in_bytes", Long.toString(2 * GIB));
        assertThat(new HostMemory(root).available()).hasValue(0);
    }

    @Test
    void aSystemThatDoesNotTellIsNotGuessedAt() {
        assertThat(new HostMemory(root).available()).isEmpty();
    }

    @Test
    void thisMachineTells() {
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(Path.of("/proc/meminfo")), "skipped: not Linux");
        assertThat(HostMemory.SYSTEM.available()).isPresent();
        assertThat(HostMemory.SYSTEM.available().getAsLong()).isPositive();
    }
}
