package io.github.sdcpp4j.testkit;

import java.io.IOException;
import java.nio.file.Path;

/** Command line: {@code WriteCheckpoint [--full] [--seed N] OUT}; the name of OUT says which container. */
public final class WriteCheckpoint {
    private static final String USAGE = 
            "usage: WriteCheckpoint [--full] [--seed N] OUT(.safetensors|.gguf|.ckpt)";

    private WriteCheckpoint() {}

    /** Writes the small checkpoint, or with {@code --full} the one with SD 1.5's shapes. */
    public static void main(String[] args) throws IOException {
        boolean full = false;
        long seed = CheckpointSpec.small().seed();
        Path out = null;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--full")) {
                full = true;
            } else if (args[i].equals("--seed") && i + 1 < args.length) {
                seed = Long.parseLong(args[++i]);
            } else if (args[i].startsWith("--") || out != null) {
                throw new IllegalArgumentException("unexpected argument '" + args[i] + "'; " + USAGE);
            } else {
                out = Path.of(args[i]);
            }
        }
        if (out == null) {
            throw new IllegalArgumentException(USAGE);
        }
        CheckpointSpec spec = full ? CheckpointSpec.full() : CheckpointSpec.small();
        Checkpoint checkpoint = spec.withSeed(seed).write(out);
        System.out.printf("%s%ntensors %d%nbytes   %d%n",
                checkpoint.path(), checkpoint.tensors(), checkpoint.bytes());
    }
}
