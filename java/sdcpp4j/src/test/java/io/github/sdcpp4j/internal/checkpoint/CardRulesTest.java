package io.github.sdcpp4j.internal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.ModelCard;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CardRulesTest {

    @Test
    void modelSpecIsUnderstood() {
        ModelCard card = CardRules.of(Map.of(
                "modelspec.title", "Studio Light", "modelspec.author", " me ", "modelspec.description", "Light.",
                "modelspec.license", "MIT", "modelspec.architecture", "stable-diffusion-xl-v1-base/lora",
                "modelspec.trigger_phrase", "studio light, soft ,, studio light"));
        assertThat(card.title()).contains("Studio Light");
        assertThat(card.author()).contains("me");
        assertThat(card.description()).contains("Light.");
        assertThat(card.license()).contains("MIT");
        assertThat(card.baseModel()).contains("stable-diffusion-xl-v1-base/lora");
        assertThat(card.triggerWords()).containsExactly("studio light", "soft");
    }

    @Test
    void whatATrainerKnowsOfTheBaseModelCountsMoreThanTheArchitecture() {
        ModelCard card = CardRules.of(Map.of(
                "ss_base_model_version", "sdxl_base_v1-0", "modelspec.architecture", "stable-diffusion-v1/lora",
                "ss_output_name", "cat_v2", "modelspec.author", "None"));
        assertThat(card.baseModel()).contains("sdxl_base_v1-0");
        assertThat(card.title()).contains("cat_v2");
        assertThat(card.author()).isEmpty();
    }

    @Test
    void ggufHasItsOwnKeys() {
        ModelCard card = CardRules.of(Map.of("general.name", "Dream", "general.architecture", "sdxl", "general.author", "her"));
        assertThat(card.title()).contains("Dream");
        assertThat(card.baseModel()).contains("sdxl");
        assertThat(card.author()).contains("her");
    }

    @Test
    void tagsOfEveryCaptionAreTriggerWords() {
        Map<String, String> metadata = Map.of(
                "ss_tag_frequency", """
                        {"10_cat": {"sitting": 7, "mycat": 20, "indoors": 19}, "2_dog": {"mydog": 5, "mycat": 1}}""",
                "ss_dataset_dirs", """
                        {"10_cat": {"n_repeats": 10, "img_count": 20}, "2_dog": {"n_repeats": 2, "img_count": 5}}""");
        assertThat(CardRules.of(metadata).triggerWords()).containsExactly("mycat", "mydog");
    }

    @Test
    void withoutTheNumberOfPicturesTheMostFrequentTagCounts() {
        assertThat(CardRules.of(Map.of("ss_tag_frequency", "{\"img\": {\"a\": 3, \"style x\": 12, \"b\": 11}}")).triggerWords())
                .containsExactly("style x");
        // sentences that are all different
        assertThat(CardRules.of(Map.of("ss_tag_frequency", "{\"img\": {\"a cat\": 1, \"a dog\": 1}}")).triggerWords()).isEmpty();
    }

    @Test
    void tenTriggerWordsAreEnough() {
        StringBuilder tags = new StringBuilder("{\"img\": {\"tag 0\": 9");
        for (int i = 1; i < 30; i++) {
            tags.append(", \"tag ").append(i).append("\": 9");
        }
        assertThat(CardRules.of(Map.of("ss_tag_frequency", tags + "}}")).triggerWords()).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "{not json", "[]", "null", "{}", "{\"img\": [1]}", "{\"img\": {\"a\": \"many\"}}", "{\"img\": {\"a\": 1e9, \"b\": -3}}",
        "{\"img\": {\"  \": 5}}",
    })
    void tagsThatMakeNoSenseAreNone(String tags) {
        ModelCard card = CardRules.of(Map.of("ss_tag_frequency", tags));
        assertThat(card.triggerWords()).isEmpty();
        assertThat(card.metadata()).containsEntry("ss_tag_frequency", tags);
    }
}
