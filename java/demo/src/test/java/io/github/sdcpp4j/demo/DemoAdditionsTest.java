package io.github.sdcpp4j.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.Additions;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.demo.Weights.Matrix;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A LoRA and a textual inversion embedding that mean something. How the text encoder writes words down is known (see
 * training/text_encoder.py): so the LoRA is one that makes each cross attention take red for blue, and the embedding a new word
 * for red.
 */
class DemoAdditionsTest {

    private static final String TOKENS = "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight";
    private static final int RED = 736;
    private static final int BLUE = 1746;
    private static final int CODE = 192; // channels of a token's code
    private static final int PLACES = 3; // the token's own code, that of the one before, and of the one before that

    @TempDir
    private static Path folder;

    private static StableDiffusion sd;

    @BeforeAll
    static void load() throws IOException {
        Weights weights = new Weights(LoadOptions.builder().demo().build().mainFile());
        Weights.write(folder.resolve("red-is-blue.safetensors"), redIsBlue(weights));
        Weights.write(folder.resolve("vermilion.safetensors"), Map.of("emb_params", weights.rows(TOKENS, RED, 1)));
        sd = LoadOptions.builder().demo().additions(
                Additions.NONE.withLoraFolder(folder).withEmbedding("vermilion", folder.resolve("vermilion.safetensors"))).load();
    }

    @AfterAll
    static void close() {
        sd.close();
    }

    /** For a weight W that reads the code c of a word: W + W (blue - red) red' / (red' red), at each place of a code. */
    private static Map<String, Matrix> redIsBlue(Weights weights) throws IOException {
        float[] red = weights.rows(TOKENS, RED, 1).values();
        float[] blue = weights.rows(TOKENS, BLUE, 1).values();
        float length = 0;
        for (int i = 0; i < CODE; i++) {
            length += red[i] * red[i];
        }
        Map<String, Matrix> lora = new TreeMap<>();
        for (String ending : new String[] {"attn2.to_k.weight", "attn2.to_v.weight"}) {
            for (String name : weights.names(ending)) {
                Matrix weight = weights.matrix(name);
                float[] down = new float[PLACES * weight.columns()];
                float[] up = new float[weight.rows() * PLACES];
                for (int place = 0; place < PLACES; place++) {
                    for (int i = 0; i < CODE; i++) {
                        int column = place * CODE + i;
                        down[place * weight.columns() + column] = red[i] / length;
                        for (int row = 0; row < weight.rows(); row++) {
                            up[row * PLACES + place] += weight.values()[row * weight.columns() + column] * (blue[i] - red[i]);
                        }
                    }
                }
                String base = name.substring(0, name.length() - ".weight".length());
                lora.put(base + ".lora_down.weight", new Matrix(PLACES, weight.columns(), down));
                lora.put(base + ".lora_up.weight", new Matrix(weight.rows(), PLACES, up));
            }
        }
        return lora;
    }

    private static BufferedImage picture(String prompt, long seed) {
        return sd.generate(TextToImage.builder().prompt(prompt).size(128, 128).steps(10).seed(seed).build()).getFirst().image();
    }

    private static boolean isSeen(Palette color, BufferedImage image) {
        return new Wish(Outline.CIRCLE, color, Palette.WHITE).isSeenIn(Painting.of(image));
    }

    @Test
    void theLoraPaintsRedThingsBlueAndLeavesOthersAlone() {
        assertThat(isSeen(Palette.BLUE, picture("a red circle on a white background<lora:red-is-blue:1>", 1))).isTrue();
        assertThat(isSeen(Palette.GREEN, picture("a green circle on a white background<lora:red-is-blue:1>", 1))).isTrue();
        assertThat(isSeen(Palette.RED, picture("a red circle on a white background", 1))).as("without it").isTrue();
    }

    @Test
    void theNewWordIsRed() {
        assertThat(isSeen(Palette.RED, picture("a Vermilion circle on a white background", 2))).isTrue();
    }
}
