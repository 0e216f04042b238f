package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.PromptTokens.Token;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a prompt: tokens, chunks, weights, and the words that embeddings add. */
@Timeout(300)
class PromptTest {

    @TempDir
    private Path folder;

    private static TextToImage.Builder request(String prompt) {
        return TextToImage.builder().prompt(prompt).size(64, 64).seed(3).steps(2);
    }

    private static byte[] pixels(StableDiffusion sd, String prompt) {
        return Models.pixels(sd.generate(request(prompt).build()).getFirst());
    }

    @Test
    void tokensAreThoseOfClip() {
        PromptTokens tokens = Models.shared().tokens("A red circle, photorealistically");
        // as CLIP's own tokenizer numbers them
        assertThat(tokens.chunks()).hasSize(1);
        assertThat(tokens.chunks().getFirst()).startsWith(
                new Token(320, "a", 1), new Token(736, "red", 1), new Token(7117, "circle", 1), new Token(267, ",", 1));
        assertThat(tokens.count()).isGreaterThan(5); // the last word is several
    }

    @Test
    void bracketsWeighTokens() {
        List<Token> tokens = Models.shared().tokens("a (red:1.5) [circle] ((x))").chunks().getFirst();
        assertThat(tokens).extracting(Token::text).containsExactly("a", "red", "circle", "x");
        assertThat(tokens.get(0).weight()).isEqualTo(1);
        assertThat(tokens.get(1).weight()).isEqualTo(1.5);
        assertThat(tokens.get(2).weight()).isBetween(0.9, 0.92);
        assertThat(tokens.get(3).weight()).isBetween(1.2, 1.22);
    }

    @Test
    void whatIsLongerThanAChunkGoesOnInTheNextAndCounts() {
        StableDiffusion sd = Models.shared();
        String words = "cat ".repeat(PromptTokens.CHUNK);
        assertThat(sd.tokens(words).chunks()).hasSize(1);
        PromptTokens longer = sd.tokens(words + "dog");
        assertThat(longer.chunks()).hasSize(2);
        assertThat(longer.chunks().getLast()).extracting(Token::text).containsExactly("dog");
        assertThat(longer.count()).isEqualTo(PromptTokens.CHUNK + 1);
        assertThat(Models.distance(pixels(sd, words + "dog"), pixels(sd, words + "red"))).as("the 76th word matters").isPositive();
    }

    @Test
    void aBreakBeginsAnotherChunk() {
        StableDiffusion sd = Models.shared();
        PromptTokens tokens = sd.tokens("a red circle BREAK a blue square");
        assertThat(tokens.chunks()).extracting(chunk -> chunk.stream().map(Token::text).toList())
                .containsExactly(List.of("a", "red", "circle"), List.of("a", "blue", "square"));
        assertThat(pixels(sd, "a red circle BREAK a blue square")).isNotEqualTo(pixels(sd, "a red circle a blue square"));
    }

    @Test
    void anEmptyPromptHasNoTokens() {
        assertThat(Models.shared().tokens("").count()).isZero();
    }

    @Test
    void anEmbeddingIsAWordAndChangesThePicture() {
        Path f32 = PartFiles.textualInversion(Models.fixtures());
        byte[] without = pixels(Models.shared(), "a zwx cat");
        byte[] with;
        try (StableDiffusion sd = load(Additions.NONE.withEmbedding("zwx", f32))) {
            assertThat(sd.tokens("a ZWX cat").chunks().getFirst()).extracting(Token::text).containsExactly("a", "zwx", "zwx", "cat");
            assertThat(sd.tokens("azwx zwx_1").chunks().getFirst()).as("other words").noneMatch(token -> token.text().equals("zwx"));
            with = pixels(sd, "a zwx cat");
            assertThat(pixels(sd, "a Zwx cat")).isEqualTo(with);
            assertThat(Models.distance(with, without)).as("effect of the embedding").isGreaterThan(1);
            assertThat(pixels(sd, "a zwx cat")).isEqualTo(with);
            assertThat(pixels(sd, "a lovely cat")).as("a prompt without it").isEqualTo(pixels(Models.shared(), "a lovely cat"));
        }
        try (StableDiffusion sd = load(Additions.NONE.withEmbedding("zwx", PartFiles.textualInversionPt(Models.fixtures())))) {
            assertThat(pixels(sd, "a zwx cat")).as("the same as .pt").isEqualTo(with);
        }
        try (StableDiffusion sd = load(Additions.NONE.withEmbedding("zwx", PartFiles.textualInversionF16(Models.fixtures())))) {
            assertThat(Models.distance(pixels(sd, "a zwx cat"), with)).as("the same, rounded to halves").isLessThan(1);
        }
    }

    @Test
    void twoEmbeddingsStandBesideEachOther() {
        Path first = PartFiles.textualInversion(Models.fixtures());
        Path second = PartFiles.otherTextualInversion(Models.fixtures());
        byte[] one;
        byte[] other;
        try (StableDiffusion sd = load(Additions.NONE.withEmbedding("zwx", first))) {
            one = pixels(sd, "a zwx cat");
        }
        try (StableDiffusion sd = load(Additions.NONE.withEmbedding("qqy", second))) {
            other = pixels(sd, "a qqy cat");
        }
        try (StableDiffusion sd = load(Additions.NONE.withEmbedding("zwx", first).withEmbedding("qqy", second))) {
            assertThat(pixels(sd, "a qqy cat")).isEqualTo(other).isNotEqualTo(one);
            assertThat(pixels(sd, "a zwx cat")).isEqualTo(one);
            assertThat(sd.tokens("zwx qqy").count()).isEqualTo(5);
        }
    }

    @Test
    void aFolderNamesEmbeddingsByTheirFilesAndLeavesOthersOut() throws IOException {
        Files.copy(PartFiles.textualInversion(Models.fixtures()), folder.resolve("zwx.safetensors"));
        Files.copy(PartFiles.textualInversionOfAnotherFamily(Models.fixtures()), folder.resolve("qqy.safetensors"));
        Files.copy(PartFiles.lora(Models.fixtures()), folder.resolve("vvk.safetensors"));
        Files.writeString(folder.resolve("notes.txt"), "not a model");
        try (StableDiffusion sd = load(Additions.NONE.withEmbeddingFolder(folder))) {
            assertThat(sd.tokens("zwx").chunks().getFirst()).extracting(Token::text).containsExactly("zwx", "zwx");
            assertThat(sd.tokens("qqy").chunks().getFirst()).noneMatch(token -> token.text().equals("qqy"));
        }
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).embeddingFolder(folder).worker().load()) {
            assertThat(sd.tokens("zwx").chunks().getFirst()).extracting(Token::text).containsExactly("zwx", "zwx");
        }
    }

    @Test
    void anEmbeddingThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> load(Additions.NONE.withEmbedding("qqy", PartFiles.textualInversionOfAnotherFamily(Models.fixtures()))))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("SD 2.x").hasMessageContaining("SD 1.x");
        assertThatThrownBy(() -> load(Additions.NONE.withEmbedding("qqy", PartFiles.lora(Models.fixtures()))))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("a LoRA").hasMessageContaining("not a textual inversion");
        assertThatThrownBy(() -> Additions.NONE.withEmbedding("two words", Path.of("x.pt")))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("'two words'");
    }

    private static StableDiffusion load(Additions additions) {
        return StableDiffusion.builder(Models.smallSd1()).additions(additions).load();
    }
}
