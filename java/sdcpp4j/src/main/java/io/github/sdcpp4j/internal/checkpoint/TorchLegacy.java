package io.github.sdcpp4j.internal.checkpoint;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Recognises the format before PyTorch 1.6: a pickle with a magic number, a pickle with the version 1001, and more.
 * The rest is not parsed, because its length can only be known by running through all of the pickle.
 */
final class TorchLegacy {

    /** LONG1 of ten bytes, the magic number 0x1950a86a20f9469cfc6c, STOP; before it stand PROTO and its number. */
    private static final byte[] MAGIC = HexFormat.of().parseHex("8a0a6cfc9c46f9206aa850192e");

    /** PROTO 2, BININT2 1001, STOP. */
    private static final byte[] VERSION = HexFormat.of().parseHex("80024de9032e");

    private static final int PROTOCOL_BYTES = 2;
    private static final int START_BYTES = PROTOCOL_BYTES + MAGIC.length + VERSION.length;

    private TorchLegacy() {
    }

    static boolean matches(byte[] head) {
        int end = PROTOCOL_BYTES + MAGIC.length;
        return head.length >= end && (head[0] & 0xff) == 0x80
                && Arrays.equals(head, PROTOCOL_BYTES, end, MAGIC, 0, MAGIC.length);
    }

    static CheckpointHeader read(CheckpointFile file) throws IOException {
        byte[] head = file.read(0, START_BYTES);
        if (file.size() <= START_BYTES) {
            throw file.refuse("it is truncated: it ends after " + file.size()
                    + " bytes, within the beginning of a PyTorch file; download it again");
        }
        // The protocol number of the second pickle follows that of the first.
        int version = PROTOCOL_BYTES + MAGIC.length;
        int number = version + PROTOCOL_BYTES;
        if ((head[version] & 0xff) != 0x80
                || !Arrays.equals(head, number, START_BYTES, VERSION, PROTOCOL_BYTES, VERSION.length)) {
            throw file.damaged("it has the magic number of torch.save, but after it "
                    + HexFormat.of().formatHex(head, version, START_BYTES) + " instead of the version 1001 ("
                    + HexFormat.of().formatHex(VERSION) + ")");
        }
        return new CheckpointHeader(file.path(), CheckpointFormat.TORCH_LEGACY, file.size(), List.of(), Map.of());
    }
}
