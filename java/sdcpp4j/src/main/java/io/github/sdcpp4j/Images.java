package io.github.sdcpp4j;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Reads the pictures that work starts from. */
public final class Images {

    /** Characters of an address in a message. */
    private static final int SHOWN = 100;

    private Images() {}

    /**
     * Reads a picture.
     *
     * @param file a picture in a format that the JDK reads: PNG, JPEG, BMP, GIF, WBMP, TIFF
     * @return the picture
     * @throws InvalidRequestException when the file is missing or is no such picture
     */
    public static BufferedImage read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidRequestException("there is no picture at " + file + ": check the path");
        }
        return decode(file.toString(), () -> ImageIO.read(file.toFile()));
    }

    /**
     * Reads a picture from the bytes of its file, such as those of an upload.
     *
     * @param bytes a file's bytes in a format that the JDK reads: PNG, JPEG, BMP, GIF, WBMP, TIFF
     * @return the picture
     * @throws InvalidRequestException when they are no such picture
     */
    public static BufferedImage decode(byte[] bytes) {
        return decode("the input of %d bytes".formatted(bytes.length), () -> ImageIO.read(new ByteArrayInputStream(bytes)));
    }

    /**
     * Reads a picture from a {@code file:} or {@code data:} address. Nothing is fetched: this library opens no connections.
     *
     * @param address {@code file:///cat.png}, or {@code data:image/png;base64,...}
     * @return the picture
     * @throws InvalidRequestException when the address is of another kind, or there is no such picture
     */
    public static BufferedImage read(URI address) {
        return switch (String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT)) {
            case "file" -> read(path(address));
            case "data" -> decode(base64(address.getSchemeSpecificPart()));
            default -> throw new InvalidRequestException(
                    "pictures are not fetched from %s: give a file: or data: address, or the picture itself".formatted(shortened(address)));
        };
    }

    /**
     * Reads a picture from its file's bytes in Base64.
     *
     * @param base64 the text, plain or with line breaks
     * @return the picture
     * @throws InvalidRequestException when it is no Base64, or no picture
     */
    public static BufferedImage decode(String base64) {
        try {
            return decode(Base64.getMimeDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("the picture's Base64 text is damaged: " + e.getMessage(), e);
        }
    }

    private static Path path(URI address) {
        try {
            return Path.of(address);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("%s names no file here (%s): write file:///folder/picture.png".formatted(address, e.getMessage()), e);
        }
    }

    private static String base64(String dataAddress) {
        int comma = dataAddress.indexOf(',');
        if (comma < 0 || !dataAddress.substring(0, comma).endsWith(";base64")) {
            throw new InvalidRequestException("the data: address is not Base64: write data:image/png;base64,...");
        }
        return dataAddress.substring(comma + 1);
    }

    private static String shortened(URI address) {
        String text = address.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    private static BufferedImage decode(String what, Source source) {
        try {
            BufferedImage image = source.read();
            if (image == null) {
                throw new InvalidRequestException(
                        what + " is not a picture this JDK can read: convert it to PNG or JPEG");
            }
            return image;
        } catch (IOException | RuntimeException e) {
            // ImageIO's readers throw either for a damaged file
            if (e instanceof InvalidRequestException invalid) {
                throw invalid;
            }
            throw new InvalidRequestException(what + " is damaged (" + e.getMessage() + "): export it again", e);
        }
    }

    @FunctionalInterface
    private interface Source {
        BufferedImage read() throws IOException;
    }
}
