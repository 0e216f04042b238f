package io.github.sdcpp4j.internal.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tells the container of a file from its first bytes. */
final class ContentSniffer {

    /** Enough for the text of a Git LFS pointer, the title of a web page and the mark of a tar archive. */
    private static final int HEAD_BYTES = 1024;

    private ContentSniffer() {
    }

    static CheckpointFormat detect(CheckpointFile file) throws IOException {
        byte[] head = file.read(0, HEAD_BYTES);
        if (startsWith(head, 'G', 'G', 'U', 'F')) {
            return CheckpointFormat.GGUF;
        }
        if (startsWith(head, 'P', 'K', 3, 4) || startsWith(head, 'P', 'K', 5, 6)) {
            return CheckpointFormat.TORCH_ZIP;
        }
        if (TorchLegacy.matches(head)) {
            return CheckpointFormat.TORCH_LEGACY;
        }
        if (looksLikeSafetensors(head, file.size())) {
            return CheckpointFormat.SAFETENSORS;
        }
        throw UnknownContent.refuse(file, head);
    }

    /**
     * A safetensors file has no magic number. It is one if the length in front is plausible, or if an object begins
     * where the header must begin; text is ruled out first, since "[{"a": {" has a brace in that place too.
     */
    private static boolean looksLikeSafetensors(byte[] head, long fileSize) {
        if (head.length < Long.BYTES) {
            return false;
        }
        long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length >= 2 && length <= Limits.SAFETENSORS_HEADER_BYTES && length <= fileSize - Long.BYTES) {
            return true;
        }
        return head.length > Long.BYTES && head[Long.BYTES] == '{' && !UnknownContent.isText(head);
    }

    static boolean startsWith(byte[] bytes, int... prefix) {
        if (bytes.length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if ((bytes[i] & 0xff) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
