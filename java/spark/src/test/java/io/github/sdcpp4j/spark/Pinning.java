package io.github.sdcpp4j.spark;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps each executor on a core of its own, also those that take the place of others. Linux, by taskset. */
final class Pinning {

    private final Map<Integer, ProcessHandle> cores = new ConcurrentHashMap<>();
    private final int count;
    private final Thread thread;

    Pinning(int count) {
        this.count = count;
        thread = Thread.ofPlatform().start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                for (ProcessHandle executor : LocalCluster.executors()) {
                    if (!cores.containsValue(executor)) {
                        pin(executor);
                    }
                }
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            // stopped
        }
    }

    private void pin(ProcessHandle executor) throws InterruptedException {
        for (int core = 0; core < count; core++) {
            if (!cores.containsKey(core) || !cores.get(core).isAlive()) {
                taskset(core, executor.pid());
                cores.put(core, executor);
                return;
            }
        }
    }

    /** The threads that come later are on the core of those that start them. */
    private static void taskset(int core, long pid) throws InterruptedException {
        try {
            new ProcessBuilder("taskset", "-a", "-c", "-p", String.valueOf(core), String.valueOf(pid))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectErrorStream(true).start().waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("executors cannot be pinned: install taskset (util-linux)", e);
        }
    }

    void stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
