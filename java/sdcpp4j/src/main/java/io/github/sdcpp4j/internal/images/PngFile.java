package io.github.sdcpp4j.internal.images;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** PNG files with the text chunk that web UIs read and write. */
public final class PngFile {

    private static final String KEYWORD = "parameters";
    private static final String TREE = "javax_imageio_png_1.0";

    private PngFile() {}

    /**
     * Writes a picture; the file appears whole or not at all.
     *
     * @param file where to
     * @param image the picture
     * @param parameters the text of the chunk; without it there is none
     * @throws IOException when the file cannot be written
     */
    public static void write(Path file, BufferedImage image, Optional<String> parameters) throws IOException {
        WholeFile.write(file, out -> encode(out, image, parameters));
    }

    /**
     * Returns what {@link #write} writes.
     *
     * @param image the picture
     * @param parameters the text of the chunk; without it there is none
     * @return the bytes of a PNG file
     * @throws IOException when the picture cannot be encoded
     */
    public static byte[] bytes(BufferedImage image, Optional<String> parameters) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            encode(out, image, parameters);
        }
        return bytes.toByteArray();
    }

    private static void encode(ImageOutputStream out, BufferedImage image, Optional<String> parameters) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try {
            writer.setOutput(out);
            IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
            if (parameters.isPresent()) {
                metadata.mergeTree(TREE, textTree(parameters.get()));
            }
            writer.write(new IIOImage(image, null, metadata));
        } finally {
            writer.dispose();
        }
    }

    /** tEXt where Latin-1 holds the text, since every reader knows it; ImageIO silently drops other characters there. */
    private static IIOMetadataNode textTree(String parameters) {
        boolean latin1 = StandardCharsets.ISO_8859_1.newEncoder().canEncode(parameters);
        IIOMetadataNode entry = new IIOMetadataNode(latin1 ? "tEXtEntry" : "iTXtEntry");
        entry.setAttribute("keyword", KEYWORD);
        if (latin1) {
            entry.setAttribute("value", parameters);
        } else {
            entry.setAttribute("compressionFlag", "FALSE");
            entry.setAttribute("compressionMethod", "0");
            entry.setAttribute("languageTag", "");
            entry.setAttribute("translatedKeyword", "");
            entry.setAttribute("text", parameters);
        }
        IIOMetadataNode chunk = new IIOMetadataNode(latin1 ? "tEXt" : "iTXt");
        chunk.appendChild(entry);
        IIOMetadataNode root = new IIOMetadataNode(TREE);
        root.appendChild(chunk);
        return root;
    }

    /**
     * Reads the parameters of a PNG file.
     *
     * @param file the file
     * @return the chunk's text, empty when there is none
     * @throws IOException when the file cannot be read or is no PNG
     */
    public static Optional<String> readParameters(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no such file");
        }
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            reader.setInput(in, true);
            Element root = (Element) reader.getImageMetadata(0).getAsTree(TREE);
            return text(root, "iTXtEntry", "text")
                    .or(() -> text(root, "tEXtEntry", "value"))
                    .or(() -> text(root, "zTXtEntry", "text"));
        } catch (RuntimeException e) {
            throw new IOException("it is damaged (" + e.getMessage() + ")", e);
        } finally {
            reader.dispose();
        }
    }

    private static Optional<String> text(Element root, String entryName, String attribute) {
        NodeList entries = root.getElementsByTagName(entryName);
        for (int i = 0; i < entries.getLength(); i++) {
            if (entries.item(i) instanceof Element entry && KEYWORD.equals(entry.getAttribute("keyword"))) {
                return Optional.of(entry.getAttribute(attribute));
            }
        }
        return Optional.empty();
    }
}
