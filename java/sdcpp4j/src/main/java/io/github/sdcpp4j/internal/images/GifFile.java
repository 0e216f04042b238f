package io.github.sdcpp4j.internal.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;

/** Animated GIF files, by the JDK's writer: each frame has a palette of its own. */
public final class GifFile {

    private static final String TREE = "javax_imageio_gif_image_1.0";
    private static final int HUNDREDTHS = 100;

    /** GIF89a's looping extension as browsers know it: sub-block 1, then how often, 0 for ever. */
    private static final byte[] FOR_EVER = {1, 0, 0};

    private GifFile() {}

    /**
     * Writes an animation that begins anew at its end; the file appears whole or not at all.
     *
     * @param file where to
     * @param frames one or more
     * @param framesPerSecond how fast; of more than 50, which browsers slow down, the delay is still written
     * @throws IOException when the file cannot be written
     */
    public static void write(Path file, List<BufferedImage> frames, int framesPerSecond) throws IOException {
        WholeFile.write(file, out -> {
            ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
            try {
                writer.setOutput(out);
                writer.prepareWriteSequence(null);
                for (int i = 0; i < frames.size(); i++) {
                    BufferedImage frame = RgbImages.named(frames.get(i));
                    IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(frame), null);
                    // the hundredths that a frame cannot have go to one of the next
                    int delay = (i + 1) * HUNDREDTHS / framesPerSecond - i * HUNDREDTHS / framesPerSecond;
                    metadata.mergeTree(TREE, tree(delay, i == 0));
                    writer.writeToSequence(new IIOImage(frame, null, metadata), null);
                }
                writer.endWriteSequence();
            } finally {
                writer.dispose();
            }
        });
    }

    private static IIOMetadataNode tree(int delay, boolean first) {
        IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("delayTime", Integer.toString(delay));
        control.setAttribute("transparentColorIndex", "0");
        IIOMetadataNode root = new IIOMetadataNode(TREE);
        root.appendChild(control);
        if (first) {
            IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
            loop.setAttribute("applicationID", "NETSCAPE");
            loop.setAttribute("authenticationCode", "2.0");
            loop.setUserObject(FOR_EVER);
            IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
            extensions.appendChild(loop);
            root.appendChild(extensions);
        }
        return root;
    }
}
