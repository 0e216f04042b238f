package io.github.sdcpp4j.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much memory this process can still take, as Linux tells it: what is free or can be freed in the machine, and in the
 * control groups around the process. Other systems do not tell; then nothing is known.
 *
 * @param root where {@code proc} and {@code sys} are, {@code /} but in tests
 */
record HostMemory(Path root) {

    static final HostMemory SYSTEM = new HostMemory(Path.of("/"));

    private static final long NO_LIMIT = Long.MAX_VALUE;

    /** As messages name them: whole ones, rounded up. */
    static long megabytes(long bytes) {
        return Math.ceilDiv(bytes, 1L << 20);
    }

    /** Bytes that a computation may take: the limit if there is one, else what is free where it runs; -1 says that it runs here. */
    static long available(OptionalLong limit, long deviceFree) {
        if (limit.isPresent()) {
            return limit.getAsLong();
        }
        return deviceFree >= 0 ? deviceFree : SYSTEM.available().orElse(Long.MAX_VALUE);
    }

    /** Bytes; empty when nobody tells. */
    OptionalLong available() {
        long machine = machine();
        if (machine == NO_LIMIT) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.min(machine, groups()));
    }

    private long machine() {
        return lines("proc/meminfo").stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .map(line -> line.replaceAll("\\D", ""))
                .filter(digits -> !digits.isEmpty())
                .mapToLong(digits -> Long.parseLong(digits) * 1024)
                .findFirst().orElse(NO_LIMIT);
    }

    /** The narrowest control group, of version 2 or 1, from the process's own up to the root's. */
    private long groups() {
        long least = NO_LIMIT;
        for (String line : lines("proc/self/cgroup")) {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            boolean second = parts[1].isEmpty();
            if (!second && !List.of(parts[1].split(",")).contains("memory")) {
                continue;
            }
            Path top = root.resolve(second ? "sys/fs/cgroup" : "sys/fs/cgroup/memory");
            Path group = top.resolve(parts[2].substring(1)).normalize();
            // inside a container the path is that of the host, and the container's own group is the top
            for (; group.startsWith(top); group = group.getParent()) {
                least = Math.min(least, second
                        ? free(group, "memory.max", "memory.current", "inactive_file ")
                        : free(group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "));
            }
        }
        return least;
    }

    /** File pages that nobody used lately count as used, but the kernel gives them up on demand. */
    private static long free(Path group, String limitFile, String usageFile, String reclaimable) {
        long limit = number(lines(group.resolve(limitFile)));
        long usage = number(lines(group.resolve(usageFile)));
        if (limit == NO_LIMIT || usage == NO_LIMIT) {
            return NO_LIMIT;
        }
        long cache = lines(group.resolve("memory.stat")).stream()
                .filter(line -> line.startsWith(reclaimable))
                .mapToLong(line -> Long.parseLong(line.substring(reclaimable.length()).trim()))
                .findFirst().orElse(0);
        return Math.max(0, limit - usage + cache);
    }

    private static long number(List<String> lines) {
        return lines.stream().filter(line -> line.matches("\\d{1,18}")).mapToLong(Long::parseLong).findFirst().orElse(NO_LIMIT);
    }

    private List<String> lines(String file) {
        return lines(root.resolve(file));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // not this system, or not this version of its control groups
        }
    }
}
