package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Families beside SD 1.x, from end to end on generated checkpoints. */
@Timeout(300)
class FamiliesTest {

    private static TextToImage.Builder request(String prompt) {
        return TextToImage.builder().prompt(prompt).size(64, 64).seed(3).steps(2);
    }

    private static byte[] pixels(StableDiffusion sd, TextToImage.Builder request) {
        return Models.pixels(sd.generate(request.build()).getFirst());
    }

    @Test
    void sd2PaintsWithItsOwnTextEncoderAndPrediction() {
        Path checkpoint = PartFiles.sd2(Models.fixtures());
        assertThat(CheckpointInfo.read(checkpoint)).satisfies(info -> {
            assertThat(info.kind()).isEqualTo(ModelKind.CHECKPOINT);
            assertThat(info.family()).hasValue("SD 2.x");
        });
        byte[] usual;
        try (StableDiffusion sd = StableDiffusion.load(checkpoint)) {
            assertThat(sd.family()).isEqualTo("SD 2.x");
            usual = pixels(sd, request("a lovely cat"));
            assertThat(Models.distance(pixels(sd, request("a dog")), usual)).as("the prompt matters").isPositive();
            assertThat(pixels(sd, request("a lovely cat"))).isEqualTo(usual);
            assertThat(sd.tokens("a lovely cat").count()).isEqualTo(3);
            assertThatThrownBy(() -> pixels(sd, request("a cat").clipSkip(1)))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("clip skip is 1");
            assertThatThrownBy(() -> pixels(sd, request("a cat").lora(PartFiles.lora(Models.fixtures()), 1)))
                    .isInstanceOf(CheckpointException.class).hasMessageContaining("SD 1.x").hasMessageContaining("SD 2.x");
        }
        // what an SD 2.x model predicts the runtime finds out by trying: this one was made to predict noise
        try (StableDiffusion sd = StableDiffusion.builder(checkpoint).prediction(Prediction.EPS).load()) {
            assertThat(pixels(sd, request("a lovely cat"))).as("noise is what it predicts").isEqualTo(usual);
        }
        try (StableDiffusion sd = StableDiffusion.builder(checkpoint).prediction(Prediction.V).load()) {
            assertThat(pixels(sd, request("a lovely cat"))).as("read as velocity it is another picture").isNotEqualTo(usual);
        }
        Path word = PartFiles.textualInversionOfAnotherFamily(Models.fixtures());
        try (StableDiffusion sd = StableDiffusion.builder(checkpoint).additions(Additions.NONE.withEmbedding("zwx", word)).load()) {
            assertThat(sd.tokens("zwx").count()).as("its embeddings are words of two vectors").isEqualTo(2);
            assertThat(pixels(sd, request("a zwx"))).isNotEqualTo(usual);
        }
    }
}
