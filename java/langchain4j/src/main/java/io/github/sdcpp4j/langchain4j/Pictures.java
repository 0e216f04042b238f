package io.github.sdcpp4j.langchain4j;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.output.Response;
import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.Images;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Mask;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Pictures as LangChain4j has them, and as this library does. */
final class Pictures {

    private Pictures() {}

    static Response<Image> first(List<GeneratedImage> pictures) {
        return new Response<>(image(pictures.getFirst()), null, null, metadata(pictures));
    }

    static Response<List<Image>> all(List<GeneratedImage> pictures) {
        return new Response<>(pictures.stream().map(Pictures::image).toList(), null, null, metadata(pictures));
    }

    private static Image image(GeneratedImage picture) {
        return Image.builder().base64Data(Base64.getEncoder().encodeToString(picture.png())).mimeType("image/png").build();
    }

    private static Map<String, Object> metadata(List<GeneratedImage> pictures) {
        GeneratedImage first = pictures.getFirst();
        return Map.of(
                "seeds", pictures.stream().map(GeneratedImage::seed).toList(),
                "model", first.model(),
                "timings", first.timings(),
                "notes", first.notes());
    }

    static BufferedImage read(Image image) {
        if (image.base64Data() != null) {
            return Images.decode(image.base64Data());
        }
        if (image.url() != null) {
            return Images.read(image.url());
        }
        throw new InvalidRequestException("the image has neither base64Data nor a url: give one of them");
    }

    static Mask mask(Image image, boolean transparent) {
        BufferedImage mask = read(image);
        if (transparent) {
            return Mask.of(whiteWhereTransparent(mask));
        }
        if (isTransparentAnywhere(mask)) {
            throw new InvalidRequestException("the mask has transparent pixels, which some providers repaint and this library would keep:"
                    + " give an opaque one, white where to repaint, or set transparentMasks(true) to repaint where it is transparent");
        }
        return Mask.of(mask);
    }

    private static boolean isTransparentAnywhere(BufferedImage image) {
        if (!image.getColorModel().hasAlpha()) {
            return false;
        }
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if (alpha(image, x, y) < 255) {
                    return true;
                }
            }
        }
        return false;
    }

    private static BufferedImage whiteWhereTransparent(BufferedImage image) {
        BufferedImage mask = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                mask.setRGB(x, y, alpha(image, x, y) < 128 ? 0xFFFFFF : 0);
            }
        }
        return mask;
    }

    private static int alpha(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) >>> 24;
    }
}
