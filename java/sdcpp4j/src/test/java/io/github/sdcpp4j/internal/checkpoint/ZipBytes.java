package io.github.sdcpp4j.internal.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes the files of torch.save: zip archives, stored, deflated or Zip64, and the older row of pickles. */
final class ZipBytes {

    /** PROTO 2, EMPTY_DICT, STOP. */
    static final byte[] PICKLE = {(byte) 0x80, 2, '}', '.'};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8);

    static byte[] valid() {
        return new ZipBytes().stored("archive/data.pkl", PICKLE).stored("archive/data/0", new byte[64])
                .stored("archive/version", "3\n".getBytes(StandardCharsets.US_ASCII)).bytes();
    }

    /** Magic number, version 1001, two more pickles and the data of one storage. */
    static byte[] validLegacy() {
        var file = new ByteArrayOutputStream();
        file.writeBytes(HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e80024de9032e"));
        file.writeBytes(PICKLE);
        file.writeBytes(PICKLE);
        file.writeBytes(new byte[24]);
        return file.toByteArray();
    }

    /** The older row of pickles around this one; its storages begin with their number of elements. */
    static byte[] legacy(byte[] pickle, byte[] storages) {
        var file = new ByteArrayOutputStream();
        file.writeBytes(HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e80024de9032e"));
        file.writeBytes(PICKLE);
        file.writeBytes(pickle);
        file.writeBytes(new PickleBytes().op(']').end());
        file.writeBytes(storages);
        return file.toByteArray();
    }

    /** A Zip64 archive as PyTorch writes it: both end records, sizes of the entry in its extra field. */
    static byte[] zip64(byte[] pickle) {
        byte[] name = "archive/data.pkl".getBytes(StandardCharsets.US_ASCII);
        var crc = new CRC32();
        crc.update(pickle);
        var file = new ByteArrayOutputStream();
        var out = new GgufBytes.Out(file);
        out.i32(0x04034b50).i16(45).i16(0).i16(0).i32(0).i32((int) crc.getValue()).i32(pickle.length)
                .i32(pickle.length).i16(name.length).i16(0).raw(name).raw(pickle);
        int directory = file.size();
        out.i32(0x02014b50).i16(45).i16(45).i16(0).i16(0).i32(0).i32((int) crc.getValue()).i32(-1).i32(-1)
                .i16(name.length).i16(4 + 6 + 4 + 24).i16(0).i16(0).i16(0).i32(0).i32(-1).raw(name)
                .i16(0x4246).i16(6).raw(new byte[6])
                .i16(1).i16(24).i64(pickle.length).i64(pickle.length).i64(0);
        int end = file.size();
        out.i32(0x06064b50).i64(44).i16(45).i16(45).i32(0).i32(0).i64(1).i64(1).i64(end - directory).i64(directory);
        out.i32(0x07064b50).i32(0).i64(end).i32(1);
        out.i32(0x06054b50).i16(0).i16(0).i16(-1).i16(-1).i32(-1).i32(-1).i16(0);
        return file.toByteArray();
    }

    ZipBytes stored(String name, byte[] content) {
        var crc = new CRC32();
        crc.update(content);
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        return add(entry, content);
    }

    ZipBytes deflated(String name, byte[] content) {
        return add(new ZipEntry(name), content);
    }

    private ZipBytes add(ZipEntry entry, byte[] content) {
        try {
            zip.putNextEntry(entry);
            zip.write(content);
            zip.closeEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        try {
            zip.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The archive as a buffer, with the position on its first directory entry. */
    static ByteBuffer atDirectory(byte[] zip) {
        ByteBuffer buffer = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        return buffer.position(buffer.getInt(zip.length - 6));
    }
}
