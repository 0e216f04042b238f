import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import io.github.sdcpp4j.langchain4j.StableDiffusionImageModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Paints with the demo checkpoint. */
class Sample {

    public static void main(String... args) throws Exception {
        try (StableDiffusionImageModel model = StableDiffusionImageModel.builder().demo().steps(4).seed(42L).build()) {
            ImageModel images = model;
            Image picture = images.generate("a red circle on a yellow background").content();
            Files.write(Path.of(args[0]), Base64.getDecoder().decode(picture.base64Data()));
        }
        System.out.println("painted " + args[0]);
    }
}
