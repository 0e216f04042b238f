package io.github.sdcpp4j;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Shows a person that a few pictures show, after Li and others, "PhotoMaker: Customizing Realistic Human Photos via Stacked ID
 * Embedding" (2023). The model is SDXL, loaded with a PhotoMaker of version 1 ({@link ModelFile#PHOTO_MAKER}).
 *
 * <p>The prompt names the person by a class word such as man, woman, boy or girl, and right after it the trigger word
 * {@value #TRIGGER_WORD}: {@code "a man img, in a spacesuit"}. The person is put in the place of the class word's last token; the
 * trigger word itself is not painted. In the steps before the person is seen, brackets' weights and {@code BREAK} have no effect.
 *
 * <p>A loaded PhotoMaker also holds a LoRA, which the runtime applies to every picture, those without a person included: load the
 * model without the file for pictures as they are without it.
 *
 * @param idImages pictures of the person's face, 1 to {@link #MAX_ID_IMAGES}, of any size; scaled to fill 224 x 224 and cropped
 *     evenly
 * @param styleStrength how many percent of the steps are made before the person is seen, 0 to 100; 20 by default as in
 *     {@code sd-cli}. Less is more like the person, more is more like the prompt. The runtime rounds the steps down, so that
 *     with few steps the person is seen from the first
 */
public record PhotoMaker(List<BufferedImage> idImages, double styleStrength) {

    /** What follows the class word in a prompt. */
    public static final String TRIGGER_WORD = "img";

    /** The most pictures of a person. */
    public static final int MAX_ID_IMAGES = 16;

    private static final double USUAL_STRENGTH = 20;

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when there is no picture, there are too many, or the strength is out of its range
     */
    public PhotoMaker {
        idImages = List.copyOf(idImages);
        Check.that(!idImages.isEmpty(), "there is no ID image: give at least one picture of the person, or leave PhotoMaker out");
        Check.range("number of ID images", idImages.size(), 1, MAX_ID_IMAGES);
        Check.range("style strength", styleStrength, 0, 100);
    }

    /**
     * A person with the usual strength.
     *
     * @param idImages pictures of the person's face
     * @return the person
     * @throws InvalidRequestException when there is no picture, or there are too many
     */
    public static PhotoMaker of(List<BufferedImage> idImages) {
        return new PhotoMaker(idImages, USUAL_STRENGTH);
    }

    /**
     * Returns the same with another strength.
     *
     * @param value 0 to 100
     * @return the person
     * @throws InvalidRequestException when it is out of its range
     */
    public PhotoMaker withStyleStrength(double value) {
        return new PhotoMaker(idImages, value);
    }
}
