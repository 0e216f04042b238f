package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.internal.library.CachedFile;
import io.github.sdcpp4j.spi.DemoCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** Finds the demo checkpoint and keeps it in the user's cache. */
public final class Demo {

    private Demo() {}

    /**
     * Returns the demo checkpoint, unpacked when it is first asked for.
     *
     * @return the file
     * @throws CheckpointException when the artifact is not there, or its file cannot be written
     */
    public static Path checkpoint() {
        DemoCheckpoint demo = ServiceLoader.load(DemoCheckpoint.class, DemoCheckpoint.class.getClassLoader()).findFirst()
                .orElseThrow(() -> new CheckpointException(
                        "there is no demo checkpoint: add the artifact io.github.sdcpp4j:sdcpp4j-demo, or load a checkpoint of your own"));
        Path cache = CachedFile.cache();
        try {
            return new CachedFile(demo.fileName(), demo.sha256()).in(cache, demo::unpack);
        } catch (IOException e) {
            throw new CheckpointException("the demo checkpoint cannot be written to %s: %s. %s"
                    .formatted(cache, e.getMessage(), CachedFile.whereElse()), e);
        }
    }
}
