package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Mask;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The picture to start from. */
final class StartOptions implements HelpSection.Member {

    @Option(names = {"-i", "--init-img"}, paramLabel = "FILE", required = true,
            description = "The picture: PNG, JPEG, BMP, GIF or TIFF.")
    private Path initImage;

    @Option(names = "--strength", paramLabel = "X",
            description = "How much to change, from 0 to 1. Default: 0.75.")
    private Double strength;

    @Option(names = "--mask", paramLabel = "FILE",
            description = "Repaint only where this picture is white; the rest stays as it is, to the last bit.")
    private Path mask;

    @Option(names = "--mask-feather", paramLabel = "PIXELS",
            description = "Width of the mask's soft edge, inside the white. Default: 0.")
    private int maskFeather;

    @Option(names = "--outpaint", paramLabel = "L,T,R,B", split = ",", arity = "1",
            description = "Let the picture grow by so many pixels on the left, at the top, on the right, at the bottom.")
    private List<Integer> outpaint;

    ImageToImage.Builder builder() {
        ImageToImage.Builder builder = outpaint == null ? ImageToImage.builder(initImage) : grown();
        if (mask != null) {
            builder.mask(Mask.read(mask).withFeather(maskFeather));
        }
        return builder;
    }

    /** Sets the strength if it is given: after what a picture to repeat says. */
    ImageToImage.Builder applyStrength(ImageToImage.Builder builder) {
        return strength == null ? builder : builder.strength(strength);
    }

    private ImageToImage.Builder grown() {
        if (outpaint.size() != 4) {
            throw new InvalidRequestException(
                    "--outpaint has %d numbers: give it four, for left, top, right and bottom".formatted(outpaint.size()));
        }
        if (mask != null) {
            throw new InvalidRequestException("--outpaint makes its own mask: leave out --mask, or do one after the other");
        }
        return ImageToImage.outpaint(ImageToImage.builder(initImage).build().image(),
                outpaint.get(0), outpaint.get(1), outpaint.get(2), outpaint.get(3));
    }

    @Override
    public HelpSection section() {
        return HelpSection.START;
    }
}
