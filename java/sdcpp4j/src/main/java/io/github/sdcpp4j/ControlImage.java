package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.CannyEdges;
import java.awt.image.BufferedImage;
import java.util.Objects;

/**
 * What a ControlNet is shown: edges, a pose, a depth map, as the network was trained for. The model is loaded with the
 * network ({@link ModelFile#CONTROL_NET}).
 *
 * @param image the picture; of another size than the request's, it is scaled to fill the size and cropped evenly
 * @param strength how strongly the network works, 0 to 10; 0.9 by default as in {@code sd-cli}
 */
public record ControlImage(BufferedImage image, double strength) {

    private static final double USUAL_STRENGTH = 0.9;

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when the strength is out of its range
     */
    public ControlImage {
        Objects.requireNonNull(image, "image");
        Check.range("control strength", strength, 0, 10);
    }

    /**
     * A control image with the usual strength.
     *
     * @param image the picture, as the network was trained for
     * @return the control image
     */
    public static ControlImage of(BufferedImage image) {
        return new ControlImage(image, USUAL_STRENGTH);
    }

    /**
     * The edges of a picture, for networks that were trained on those: white lines on black, found by Canny's method with the
     * runtime's own thresholds (0.08 and 0.08 of the strongest gradient).
     *
     * @param image any picture
     * @return a control image of its size
     * @throws NativeLibraryException when the native library cannot be used
     */
    public static ControlImage canny(BufferedImage image) {
        return of(CannyEdges.of(image));
    }

    /**
     * Returns the same with another strength.
     *
     * @param value 0 to 10
     * @return the control image
     * @throws InvalidRequestException when it is out of its range
     */
    public ControlImage withStrength(double value) {
        return new ControlImage(image, value);
    }
}
