package io.github.sdcpp4j.internal.images;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * AVI files of JPEG frames (Motion JPEG), which every player and ffmpeg read. The layout is that of Microsoft's "AVI RIFF File
 * Reference": a header list with one video stream, the list of frames, the index.
 */
public final class AviFile {

    private static final float QUALITY = 0.95f;
    private static final int HAS_INDEX = 0x10;
    private static final int KEY_FRAME = 0x10;
    private static final int MAIN_HEADER_BYTES = 56;
    private static final int STREAM_HEADER_BYTES = 56;
    private static final int FORMAT_BYTES = 40;
    private static final int INDEX_ENTRY_BYTES = 16;
    private static final int CHUNK_HEAD_BYTES = 8;
    private static final int LIST_HEAD_BYTES = 12;
    private static final int STREAM_LIST_BYTES = LIST_HEAD_BYTES + 2 * CHUNK_HEAD_BYTES + STREAM_HEADER_BYTES + FORMAT_BYTES;
    private static final int HEADER_LIST_BYTES = LIST_HEAD_BYTES + CHUNK_HEAD_BYTES + MAIN_HEADER_BYTES + STREAM_LIST_BYTES;
    private static final int MICROSECONDS = 1_000_000;

    private AviFile() {}

    /**
     * Writes a video; the file appears whole or not at all.
     *
     * @param file where to
     * @param frames one or more, of one size
     * @param framesPerSecond how fast
     * @throws IOException when the file cannot be written, or would be larger than the 2 GB that the format holds
     */
    public static void write(Path file, List<BufferedImage> frames, int framesPerSecond) throws IOException {
        List<byte[]> pictures = new ArrayList<>();
        for (BufferedImage frame : frames) {
            pictures.add(jpeg(frame));
        }
        long moviBytes = 4 + pictures.stream().mapToLong(picture -> CHUNK_HEAD_BYTES + padded(picture.length)).sum();
        long indexBytes = (long) INDEX_ENTRY_BYTES * pictures.size();
        long riffBytes = 4 + HEADER_LIST_BYTES + CHUNK_HEAD_BYTES + moviBytes + CHUNK_HEAD_BYTES + indexBytes;
        if (riffBytes > Integer.MAX_VALUE) {
            throw new IOException("%d frames make more than the 2 GB that an AVI file holds: write them as pictures".formatted(frames.size()));
        }
        WholeFile.write(file, out -> {
            out.setByteOrder(ByteOrder.LITTLE_ENDIAN);
            list(out, "RIFF", riffBytes, "AVI ");
            headers(out, frames.getFirst(), pictures, framesPerSecond);
            list(out, "LIST", moviBytes, "movi");
            for (byte[] picture : pictures) {
                chunk(out, "00dc", picture.length);
                out.write(picture);
                out.write(new byte[padded(picture.length) - picture.length]);
            }
            chunk(out, "idx1", indexBytes);
            int offset = 4; // from the list's type on
            for (byte[] picture : pictures) {
                out.writeBytes("00dc");
                ints(out, KEY_FRAME, offset, picture.length);
                offset += CHUNK_HEAD_BYTES + padded(picture.length);
            }
        });
    }

    private static void headers(ImageOutputStream out, BufferedImage frame, List<byte[]> pictures, int framesPerSecond)
            throws IOException {
        int width = frame.getWidth();
        int height = frame.getHeight();
        int largest = pictures.stream().mapToInt(picture -> picture.length).max().orElseThrow();
        list(out, "LIST", HEADER_LIST_BYTES - CHUNK_HEAD_BYTES, "hdrl");
        chunk(out, "avih", MAIN_HEADER_BYTES);
        ints(out, MICROSECONDS / framesPerSecond, 0, 0, HAS_INDEX, pictures.size(), 0, 1, largest, width, height, 0, 0, 0, 0);
        list(out, "LIST", STREAM_LIST_BYTES - CHUNK_HEAD_BYTES, "strl");
        chunk(out, "strh", STREAM_HEADER_BYTES);
        out.writeBytes("vidsMJPG");
        // flags, priority and language, initial frames, scale and rate, start, length, buffer, quality, sample size
        ints(out, 0, 0, 0, 1, framesPerSecond, 0, pictures.size(), largest, -1, 0);
        for (int side : new int[] {0, 0, width, height}) {
            out.writeShort(side);
        }
        chunk(out, "strf", FORMAT_BYTES);
        ints(out, FORMAT_BYTES, width, height);
        out.writeShort(1); // planes
        out.writeShort(24); // bits a pixel
        out.writeBytes("MJPG");
        ints(out, 3 * width * height, 0, 0, 0, 0);
    }

    private static void list(ImageOutputStream out, String id, long bytes, String type) throws IOException {
        chunk(out, id, bytes);
        out.writeBytes(type);
    }

    private static void chunk(ImageOutputStream out, String id, long bytes) throws IOException {
        out.writeBytes(id);
        out.writeInt((int) bytes);
    }

    private static void ints(ImageOutputStream out, int... values) throws IOException {
        for (int value : values) {
            out.writeInt(value);
        }
    }

    /** Chunks begin on even offsets. */
    private static int padded(int bytes) {
        return bytes + bytes % 2;
    }

    private static byte[] jpeg(BufferedImage frame) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(RgbImages.named(frame), null, null), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
