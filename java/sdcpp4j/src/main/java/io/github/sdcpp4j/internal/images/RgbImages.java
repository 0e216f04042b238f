package io.github.sdcpp4j.internal.images;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/**
 * Pictures in the runtime's own pixel order, R G B bytes row by row, so that they go in and out with one bulk copy. None of
 * {@code BufferedImage}'s named types has that order: these have the type {@code TYPE_CUSTOM}.
 */
public final class RgbImages {

    private static final int CHANNELS = 3;
    private static final int CLIP_VISION_SIDE = 224;
    private static final int[] RGB = {0, 1, 2};

    private RgbImages() {}

    /** A black picture. */
    public static BufferedImage create(int width, int height) {
        return wrap(new byte[Math.multiplyExact(Math.multiplyExact(width, height), CHANNELS)], width, height);
    }

    private static BufferedImage wrap(byte[] rgb, int width, int height) {
        WritableRaster raster = Raster.createInterleavedRaster(
                new DataBufferByte(rgb, rgb.length), width, height, width * CHANNELS, CHANNELS, RGB, null);
        ComponentColorModel colors = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, BufferedImage.OPAQUE, DataBuffer.TYPE_BYTE);
        return new BufferedImage(colors, raster, false, null);
    }

    /** The bytes behind a picture made here; not a copy. */
    public static byte[] bytes(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    /** Any picture as one of these, transparency laid over black. One that was made here stays as it is. */
    public static BufferedImage of(BufferedImage image) {
        return isOurs(image) ? image : fit(image, image.getWidth(), image.getHeight(), image.getWidth(), image.getHeight());
    }

    /** Its R G B bytes: of a picture that was made here its own, not a copy. */
    public static byte[] rgb(BufferedImage image) {
        return bytes(of(image));
    }

    /**
     * Copies native pixels, cropped evenly to the size asked for.
     *
     * @param rgb nativeWidth * nativeHeight * 3 bytes
     * @param nativeWidth the native picture's width
     * @param nativeHeight the native picture's height
     * @param width at most nativeWidth
     * @param height at most nativeHeight
     * @return the picture
     */
    public static BufferedImage copyOf(MemorySegment rgb, int nativeWidth, int nativeHeight, int width, int height) {
        BufferedImage image = create(width, height);
        copy(rgb, nativeWidth, nativeHeight, MemorySegment.ofArray(bytes(image)), width, height);
        return image;
    }

    /** The same into memory of width * height * 3 bytes. */
    public static void copy(MemorySegment rgb, int nativeWidth, int nativeHeight, MemorySegment target, int width, int height) {
        long rowBytes = (long) width * CHANNELS;
        long firstRow = (nativeHeight - height) / 2;
        if (width == nativeWidth) {
            MemorySegment.copy(rgb, firstRow * rowBytes, target, 0, height * rowBytes);
            return;
        }
        for (long y = 0; y < height; y++) {
            long row = (y + firstRow) * nativeWidth + (nativeWidth - width) / 2;
            MemorySegment.copy(rgb, row * CHANNELS, target, y * rowBytes, rowBytes);
        }
    }

    /** Whether no byte of a picture has any light. */
    public static boolean isBlack(MemorySegment rgb) {
        for (long i = 0; i < rgb.byteSize(); i++) {
            if (rgb.get(ValueLayout.JAVA_BYTE, i) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Fits a picture to a size as web UIs do: scaled to fill it, cropped evenly. When the runtime works on a larger canvas,
     * the picture lies in its middle; around it is what the crop cut off, then the edge pixels repeated, so that cropping
     * the result gives the size asked for again. A {@link FittedImage} stays as it is, and so does a picture made here of
     * that very size.
     */
    public static BufferedImage fit(BufferedImage image, int width, int height, int canvasWidth, int canvasHeight) {
        if (image instanceof FittedImage) {
            return image;
        }
        if (image.getWidth() == canvasWidth && image.getHeight() == canvasHeight && width == canvasWidth && height == canvasHeight) {
            Optional<BufferedImage> same = reordered(image);
            if (same.isPresent()) {
                return same.get();
            }
        }
        double scale = Math.max((double) width / image.getWidth(), (double) height / image.getHeight());
        int scaledWidth = Math.max(width, (int) Math.round(image.getWidth() * scale));
        int scaledHeight = Math.max(height, (int) Math.round(image.getHeight() * scale));
        int left = Math.floorDiv(canvasWidth - scaledWidth, 2);
        int top = Math.floorDiv(canvasHeight - scaledHeight, 2);

        // drawn in a type that Graphics2D has fast loops for, which ours is not
        BufferedImage drawing = new BufferedImage(canvasWidth, canvasHeight, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = drawing.createGraphics();
        graphics.drawImage(scaled(named(image), scaledWidth, scaledHeight), left, top, null);
        graphics.dispose();
        BufferedImage canvas = create(canvasWidth, canvasHeight);
        swapRedAndBlue(bytes(drawing), bytes(canvas));
        repeatEdges(canvas, Math.max(0, left), Math.max(0, top),
                Math.min(canvasWidth, left + scaledWidth), Math.min(canvasHeight, top + scaledHeight));
        return canvas;
    }

    /** In the size that CLIP's image encoder sees. The runtime's own scaling reads beyond a picture whose size it rounds down. */
    public static BufferedImage forClipVision(BufferedImage image) {
        return fit(image, CLIP_VISION_SIDE, CLIP_VISION_SIDE, CLIP_VISION_SIDE, CLIP_VISION_SIDE);
    }

    /** A picture made here, such as an earlier result, in one of the named types; others as they are. */
    static BufferedImage named(BufferedImage image) {
        if (!isOurs(image)) {
            return image;
        }
        BufferedImage named = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        swapRedAndBlue(bytes(image), bytes(named));
        return named;
    }

    private static boolean isOurs(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_CUSTOM
                && image.getRaster().getDataBuffer() instanceof DataBufferByte // PNGs of 16 bits have this layout too
                && image.getColorModel().getColorSpace().isCS_sRGB()
                && image.getSampleModel() instanceof PixelInterleavedSampleModel model
                && Arrays.equals(model.getBandOffsets(), RGB)
                && bytes(image).length == image.getWidth() * image.getHeight() * CHANNELS;
    }

    /** The same picture in the runtime's order, if another order of its bytes is all it takes: then nothing has to be drawn. */
    private static Optional<BufferedImage> reordered(BufferedImage image) {
        if (isOurs(image)) {
            return Optional.of(image);
        }
        int pixels = image.getWidth() * image.getHeight();
        DataBuffer data = image.getRaster().getDataBuffer();
        // a part of a larger picture has the larger one's buffer
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR && data instanceof DataBufferByte bgr
                && bgr.getData().length == pixels * CHANNELS) {
            BufferedImage rgb = create(image.getWidth(), image.getHeight());
            swapRedAndBlue(bgr.getData(), bytes(rgb));
            return Optional.of(rgb);
        }
        if (image.getType() == BufferedImage.TYPE_INT_RGB && data instanceof DataBufferInt packed
                && packed.getData().length == pixels) {
            BufferedImage rgb = create(image.getWidth(), image.getHeight());
            unpack(packed.getData(), bytes(rgb));
            return Optional.of(rgb);
        }
        return Optional.empty();
    }

    private static void unpack(int[] from, byte[] to) {
        for (int i = 0; i < from.length; i++) {
            int rgb = from[i];
            to[i * CHANNELS] = (byte) (rgb >> 16);
            to[i * CHANNELS + 1] = (byte) (rgb >> 8);
            to[i * CHANNELS + 2] = (byte) rgb;
        }
    }

    private static void swapRedAndBlue(byte[] from, byte[] to) {
        for (int i = 0; i < from.length; i += CHANNELS) {
            to[i] = from[i + 2];
            to[i + 1] = from[i + 1];
            to[i + 2] = from[i];
        }
    }

    /** Halves with averaging as long as possible, so that fine patterns do not alias, then goes to the size. */
    private static BufferedImage scaled(BufferedImage image, int width, int height) {
        BufferedImage current = image;
        while (current.getWidth() >= 2 * width && current.getHeight() >= 2 * height) {
            current = drawn(current, current.getWidth() / 2, current.getHeight() / 2,
                    RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        }
        if (current.getWidth() == width && current.getHeight() == height) {
            return current;
        }
        return drawn(current, width, height, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    }

    private static BufferedImage drawn(BufferedImage image, int width, int height, Object interpolation) {
        BufferedImage target = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = target.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, interpolation);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return target;
    }

    /** Paints what lies around a rectangle with the pixels of its edge. */
    static void repeatEdges(BufferedImage canvas, int left, int top, int right, int bottom) {
        int width = canvas.getWidth();
        if (left == 0 && top == 0 && right == width && bottom == canvas.getHeight()) {
            return;
        }
        byte[] rgb = bytes(canvas);
        for (int y = 0; y < canvas.getHeight(); y++) {
            int fromY = Math.clamp(y, top, bottom - 1);
            for (int x = 0; x < width; x++) {
                int fromX = Math.clamp(x, left, right - 1);
                if (fromX != x || fromY != y) {
                    System.arraycopy(rgb, (fromY * width + fromX) * CHANNELS, rgb, (y * width + x) * CHANNELS, CHANNELS);
                }
            }
        }
    }
}
