package io.github.sdcpp4j.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes what {@code torch.save} does since PyTorch 1.6: a zip archive of stored entries, {@code archive/data.pkl}
 * that describes the tensors, {@code archive/data/N} for the storage of each, {@code archive/version}. The data of
 * every entry starts on a multiple of 64 bytes, by padding in an extra field, as in PyTorch. Archives of four
 * gigabytes and more would need Zip64 and are refused.
 */
final class TorchZipWriter {
    private static final String FOLDER = "archive/";
    private static final byte[] VERSION = "3\n".getBytes(StandardCharsets.US_ASCII);
    private static final int ALIGNMENT = 64;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int NEEDS_VERSION = 20;
    private static final int EXTRA_HEADER_BYTES = 4;
    private static final int PADDING_FIELD = 0x4246; // PyTorch's mark, "FB"
    private static final int JANUARY_FIRST_1980 = 0x21;
    private static final long MAX_BYTES = 0xFFFF_FFFFL;

    /** An entry whose data has a place: {@code start} of its local header, {@code data} and {@code length} of it. */
    record Stored(String name, long start, long data, long length) {
        long end() {
            return data + length;
        }
    }

    private TorchZipWriter() {}

    /** Writes a new file; fails if {@code path} exists. */
    static void write(Path path, String key, List<Tensor> tensors) throws IOException {
        byte[] pickle = StateDictPickle.of(key, StateDictPickle.items(tensors)).toByteArray();
        List<Stored> entries = layOut(key, tensors);
        requireNoZip64(entries);
        LittleEndian directory = new LittleEndian();
        try (TensorChannel out = TensorChannel.create(path)) {
            for (int i = 0; i < entries.size(); i++) {
                Stored entry = entries.get(i);
                CRC32 crc = new CRC32();
                out.position(entry.data());
                if (i == 0 || i > tensors.size()) {
                    byte[] content = i == 0 ? pickle : VERSION;
                    crc.update(content);
                    out.write(content);
                } else {
                    out.write(tensors.get(i - 1), crc);
                }
                out.position(entry.start());
                out.write(local(entry, crc.getValue()).toByteArray());
                central(directory, entry, crc.getValue());
            }
            out.position(entries.getLast().end());
            end(directory, entries, directory.size());
            out.write(directory.toByteArray());
        }
    }

    static long fileBytes(String key, List<Tensor> tensors) {
        List<Stored> entries = layOut(key, tensors);
        return entries.getLast().end() + END_BYTES
                + entries.stream().mapToLong(entry -> CENTRAL_BYTES + entry.name().length()).sum();
    }

    /** The pickle, the storage of each tensor, the version. */
    static List<Stored> layOut(String key, List<Tensor> tensors) {
        List<Stored> entries = new ArrayList<>();
        entries.add(place("data.pkl", 0, StateDictPickle.of(key, StateDictPickle.items(tensors)).size()));
        for (int i = 0; i < tensors.size(); i++) {
            entries.add(place("data/" + i, entries.getLast().end(), tensors.get(i).bytes()));
        }
        entries.add(place("version", entries.getLast().end(), VERSION.length));
        return entries;
    }

    private static Stored place(String name, long start, long length) {
        long least = start + LOCAL_BYTES + FOLDER.length() + name.length() + EXTRA_HEADER_BYTES;
        return new Stored(FOLDER + name, start, (least + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT, length);
    }

    static LittleEndian local(Stored entry, long crc) {
        int extra = (int) (entry.data() - entry.start()) - LOCAL_BYTES - entry.name().length();
        LittleEndian out = new LittleEndian().i32(0x04034b50);
        common(out, entry, crc).i16(extra).text(entry.name());
        return out.i16(PADDING_FIELD).i16(extra - EXTRA_HEADER_BYTES).zeros(extra - EXTRA_HEADER_BYTES);
    }

    static void central(LittleEndian out, Stored entry, long crc) {
        out.i32(0x02014b50).i16(NEEDS_VERSION);
        common(out, entry, crc).i16(0);
        out.i16(0).i16(0).i16(0).i32(0).i32(entry.start()).text(entry.name()); // no comment, disk 0, no attributes
    }

    /** What local header and directory have in common, from the version to the length of the name. */
    private static LittleEndian common(LittleEndian out, Stored entry, long crc) {
        return out.i16(NEEDS_VERSION).i16(0).i16(0).i16(0).i16(JANUARY_FIRST_1980)
                .i32(crc).i32(entry.length()).i32(entry.length()).i16(entry.name().length());
    }

    static void end(LittleEndian out, List<Stored> entries, int directoryBytes) {
        out.i32(0x06054b50).i16(0).i16(0).i16(entries.size()).i16(entries.size())
                .i32(directoryBytes).i32(entries.getLast().end()).i16(0);
    }

    private static void requireNoZip64(List<Stored> entries) {
        if (entries.getLast().end() >= MAX_BYTES || entries.size() >= 0xFFFF) {
            throw new IllegalArgumentException("this archive would need Zip64, which is not written: "
                    + entries.getLast().end() + " bytes, " + entries.size() + " entries");
        }
    }
}
