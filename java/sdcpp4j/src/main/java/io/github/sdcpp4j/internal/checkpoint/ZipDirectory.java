package io.github.sdcpp4j.internal.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Walks the central directory of a zip archive, Zip64 included. {@link java.util.zip.ZipFile} would load the whole
 * directory at once, whatever size it claims, and rejects archives that the native loader reads.
 */
final class ZipDirectory {

    /**
     * An entry of the directory.
     *
     * @param name its name, one character for each byte
     * @param flags the general purpose bits
     * @param method 0 is stored, 8 is deflated
     * @param crc the checksum of the content
     * @param compressed the bytes in the archive
     * @param size the bytes of the content
     * @param offset where its local header starts
     */
    record Entry(String name, int flags, int method, long crc, long compressed, long size, long offset) {

        static final int STORED = 0;
        static final int DEFLATED = 8;

        boolean isEncrypted() {
            return (flags & 1) != 0;
        }
    }

    static final long LOCAL_SIGNATURE = 0x04034b50L;
    static final int LOCAL_BYTES = 30;

    private static final long ENTRY_SIGNATURE = 0x02014b50L;
    private static final int ENTRY_BYTES = 46;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int END64_BYTES = 56;
    private static final int ZIP64_FIELD = 1;
    private static final long IN_ZIP64 = 0xffff_ffffL;

    private final CheckpointFile file;
    private long start;
    private long length;
    private long count;

    /** Finds the directory, and refuses an archive without one. */
    ZipDirectory(CheckpointFile file) throws IOException {
        this.file = file;
        locate();
        if (start < 0 || length < 0 || start > file.size() || length > file.size() - start) {
            throw file.damaged("its zip directory claims the bytes from " + Long.toUnsignedString(start) + " on, "
                    + Long.toUnsignedString(length) + " in number, but the file has " + file.size());
        }
        if (length > Limits.ZIP_DIRECTORY_BYTES) {
            throw file.damaged("its zip directory claims " + length + " bytes, but no model needs more than "
                    + Limits.ZIP_DIRECTORY_BYTES);
        }
        if (count < 0 || count > length / ENTRY_BYTES) {
            throw file.damaged("its zip directory claims " + Long.toUnsignedString(count) + " entries in " + length
                    + " bytes, where they do not fit");
        }
    }

    /** Where the entries' data must have ended. */
    long start() {
        return start;
    }

    void forEach(Consumer<Entry> action) throws IOException {
        var input = new HeaderInput(file, start, start + length);
        try {
            for (long i = 0; i < count; i++) {
                action.accept(entry(input));
            }
        } catch (EOFException e) {
            throw file.damaged("its zip directory of " + length + " bytes ends within an entry");
        }
    }

    private void locate() throws IOException {
        int span = (int) Math.min(file.size(), END_BYTES + LONGEST_COMMENT);
        long spanStart = file.size() - span;
        ByteBuffer tail = littleEndian(file.read(spanStart, span));
        for (int i = tail.limit() - END_BYTES; i >= 0; i--) {
            if (tail.getInt(i) == END_SIGNATURE && i + END_BYTES + (tail.getShort(i + 20) & 0xffff) <= tail.limit()) {
                count = tail.getShort(i + 10) & 0xffff;
                length = tail.getInt(i + 12) & IN_ZIP64;
                start = tail.getInt(i + 16) & IN_ZIP64;
                locateZip64(spanStart + i);
                return;
            }
        }
        throw file.refuse("it is a zip archive that is truncated: the directory at its end is missing after "
                + file.size() + " bytes; download it again");
    }

    /** Archives past 4 GB, and all that PyTorch writes, have a second end record in front of the first. */
    private void locateZip64(long end) throws IOException {
        if (end < LOCATOR_BYTES) {
            return;
        }
        ByteBuffer locator = littleEndian(file.read(end - LOCATOR_BYTES, LOCATOR_BYTES));
        if (locator.limit() < LOCATOR_BYTES || locator.getInt(0) != LOCATOR_SIGNATURE) {
            return;
        }
        long position = locator.getLong(8);
        ByteBuffer end64 = littleEndian(position < 0 || position > end
                ? new byte[0] : file.read(position, END64_BYTES));
        if (end64.limit() < END64_BYTES || end64.getInt(0) != END64_SIGNATURE) {
            throw file.damaged("its Zip64 end record is not at byte " + Long.toUnsignedString(position)
                    + " where it should be");
        }
        count = end64.getLong(32);
        length = end64.getLong(40);
        start = end64.getLong(48);
    }

    private Entry entry(HeaderInput input) throws IOException {
        long position = input.position();
        if (input.u32() != ENTRY_SIGNATURE) {
            throw file.damaged("its zip directory has no entry at byte " + position + " where one should be");
        }
        input.pass(4);
        int flags = input.u16();
        int method = input.u16();
        input.pass(4);
        long crc = input.u32();
        long compressed = input.u32();
        long size = input.u32();
        int nameLength = input.u16();
        int extraLength = input.u16();
        int commentLength = input.u16();
        input.pass(8);
        long offset = input.u32();
        String name = new String(input.bytes(nameLength), StandardCharsets.ISO_8859_1);
        ByteBuffer extra = zip64Field(littleEndian(input.bytes(extraLength)));
        input.pass(commentLength);
        // The field holds only what did not fit, in this order.
        size = size == IN_ZIP64 ? next(extra, name) : size;
        compressed = compressed == IN_ZIP64 ? next(extra, name) : compressed;
        offset = offset == IN_ZIP64 ? next(extra, name) : offset;
        return new Entry(name, flags, method, crc, compressed, size, offset);
    }

    private long next(ByteBuffer zip64, String name) {
        long value = zip64.remaining() >= Long.BYTES ? zip64.getLong() : -1;
        if (value < 0) {
            throw file.damaged("the zip entry " + Texts.quote(name) + " has no valid Zip64 sizes");
        }
        return value;
    }

    private static ByteBuffer zip64Field(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = extra.getShort() & 0xffff;
            int size = Math.min(extra.getShort() & 0xffff, extra.remaining());
            if (id == ZIP64_FIELD) {
                return extra.limit(extra.position() + size);
            }
            extra.position(extra.position() + size);
        }
        return extra.position(extra.limit());
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
