package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.ControlImage;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.Images;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.PhotoMaker;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Pictures that guide the painting. */
final class GuideOptions implements HelpSection.Member {

    @Option(names = "--control-image", paramLabel = "FILE", description = "What the --control-net is shown.")
    private Path controlImage;

    @Option(names = "--control-strength", paramLabel = "X", description = "How strongly the ControlNet works. Default: 0.9.")
    private Double controlStrength;

    @Option(names = "--canny", description = "Show the ControlNet the edges of the control image.")
    private boolean canny;

    @Option(names = {"-r", "--ref-image"}, paramLabel = "FILE",
            description = "A picture that pix2pix and edit models work from; several times for several.")
    private List<Path> references = List.of();

    @Option(names = "--pm-id-images-dir", paramLabel = "FOLDER",
            description = "Pictures of a person for --photo-maker. The prompt names the person as in 'a man img, in a spacesuit'.")
    private Path idImages;

    @Option(names = "--pm-style-strength", paramLabel = "X",
            description = "Percent of the steps before the person is seen. Default: 20.")
    private Double styleStrength;

    private ControlImage control;
    private List<BufferedImage> referenceImages;
    private PhotoMaker person;

    /** Reads the pictures at the first call. */
    void apply(GenerationSettings.Builder<?> builder) {
        if (controlImage == null && (canny || controlStrength != null)) {
            throw new InvalidRequestException("there is no control image: name one with --control-image");
        }
        if (controlImage != null) {
            if (control == null) {
                BufferedImage image = Images.read(controlImage);
                control = canny ? ControlImage.canny(image) : ControlImage.of(image);
            }
            builder.control(controlStrength == null ? control : control.withStrength(controlStrength));
        }
        if (referenceImages == null) {
            referenceImages = references.stream().map(Images::read).toList();
        }
        builder.referenceImages(referenceImages);
        if (idImages == null && styleStrength != null) {
            throw new InvalidRequestException("there are no pictures of a person: name their folder with --pm-id-images-dir");
        }
        if (idImages != null) {
            if (person == null) {
                person = PhotoMaker.of(PictureFolder.read(idImages, "--pm-id-images-dir"));
            }
            builder.photoMaker(styleStrength == null ? person : person.withStyleStrength(styleStrength));
        }
    }

    @Override
    public HelpSection section() {
        return HelpSection.START;
    }
}
