package io.github.sdcpp4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.SafetyScores;
import org.junit.jupiter.api.Test;

/** The rule by which a picture's embedding is compared with the concepts. */
class SafetyConceptsTest {

    /** Its cosine with the first unit vector is 0.6, with the second 0.8; its length makes no difference. */
    private static final float[] EMBEDDING = {3, 4, 0};

    private static final float[][] UNITS = {{5, 0, 0}, {0, 0.1f, 0}, {0, 0, 1}};

    private static SafetyScores scores(float[] careThresholds, float... thresholds) {
        return new SafetyConcepts(UNITS, careThresholds, UNITS, thresholds).scores(EMBEDDING);
    }

    @Test
    void aScoreIsTheCosineAboveTheThresholdInThousandths() {
        SafetyScores scores = scores(new float[] {0.7f, 0.9f, 0.2f}, 0.5996f, 0.81f, -0.0249f);
        assertThat(scores.specialCare()).containsExactly(-0.1f, -0.1f, -0.2f);
        assertThat(scores.concepts()).containsExactly(0f, -0.01f, 0.025f);
        assertThat(scores.isNsfw()).isTrue();
    }

    @Test
    void lessThanHalfAThousandthAboveIsNotFound() {
        SafetyScores scores = scores(new float[] {1, 1, 1}, 0.5996f, 0.9f, 0.9f);
        assertThat(scores.concepts().getFirst()).isZero();
        assertThat(scores.isNsfw()).isFalse();
        assertThat(scores(new float[] {1, 1, 1}, 0.5994f, 0.9f, 0.9f).isNsfw()).isTrue();
    }

    @Test
    void aConceptThatCallsForCareMakesAllAfterItFoundEarlier() {
        SafetyScores scores = scores(new float[] {0.9f, 0.75f, 0.005f}, 0.605f, 0.9f, 0.9f);
        assertThat(scores.specialCare()).containsExactly(-0.3f, 0.05f, 0.005f);
        assertThat(scores.concepts()).containsExactly(0.005f, -0.09f, -0.89f);
        assertThat(scores.isNsfw()).isTrue();
        assertThat(scores(new float[] {0.9f, 0.9f, 0.005f}, 0.605f, 0.9f, 0.9f).isNsfw()).as("without one").isFalse();
    }

    @Test
    void conceptsThatCallForCareAloneFlagNothing() {
        assertThat(scores(new float[] {0, 0, 0}, 0.9f, 0.9f, 0.9f).isNsfw()).isFalse();
    }

    @Test
    void nothingIsNearToNothing() {
        SafetyScores scores = new SafetyConcepts(UNITS, new float[3], UNITS, new float[3]).scores(new float[3]);
        assertThat(scores.concepts()).containsOnly(0f);
    }
}
