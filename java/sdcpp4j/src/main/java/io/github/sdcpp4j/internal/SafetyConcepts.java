package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.SafetyScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The embeddings of the safety checker's concepts with their thresholds, and the rule by which a picture's embedding is compared
 * with them: that of {@code StableDiffusionSafetyChecker.forward} in
 * <a href="https://github.com/huggingface/diffusers/blob/v0.31.0/src/diffusers/pipelines/stable_diffusion/safety_checker.py">diffusers</a>,
 * single precision and rounding included.
 *
 * @param specialCare a row of {@value #WIDTH} numbers for each concept that calls for more care
 * @param specialCareThresholds the cosine above which each is found
 * @param concepts the same for the concepts that make a picture not safe for work
 * @param thresholds the cosine above which each is found
 */
record SafetyConcepts(float[][] specialCare, float[] specialCareThresholds, float[][] concepts, float[] thresholds) {

    /** Numbers of an embedding. */
    static final int WIDTH = 768;

    private static final int SPECIAL_CARE = 3;
    private static final int CONCEPTS = 17;
    /** How much earlier concepts are found after one that calls for care was. */
    private static final float CARE = 0.01f;
    /** Vectors shorter than this are not made longer than they are; as torch.nn.functional.normalize does. */
    private static final double SHORTEST = 1e-12;

    /** Reads a tensor of the checker. */
    @FunctionalInterface
    interface Tables {
        /** The numbers of the tensor of that name, which has so many. */
        float[] read(String name, int count);
    }

    /** Reads the concepts under the names that diffusers gives their tensors. */
    static SafetyConcepts of(Tables tables) {
        return new SafetyConcepts(
                rows(tables.read("special_care_embeds", SPECIAL_CARE * WIDTH)),
                tables.read("special_care_embeds_weights", SPECIAL_CARE),
                rows(tables.read("concept_embeds", CONCEPTS * WIDTH)),
                tables.read("concept_embeds_weights", CONCEPTS));
    }

    private static float[][] rows(float[] table) {
        float[][] rows = new float[table.length / WIDTH][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(table, i * WIDTH, (i + 1) * WIDTH));
        return rows;
    }

    /** Compares a picture's embedding with the concepts, those that call for care first. */
    SafetyScores scores(float[] embedding) {
        float adjustment = 0;
        List<Float> care = new ArrayList<>();
        for (int i = 0; i < specialCare.length; i++) {
            float score = score(embedding, specialCare[i], specialCareThresholds[i], adjustment);
            care.add(score);
            if (score > 0) {
                adjustment = CARE;
            }
        }
        List<Float> found = new ArrayList<>();
        for (int i = 0; i < concepts.length; i++) {
            found.add(score(embedding, concepts[i], thresholds[i], adjustment));
        }
        return new SafetyScores(care, found);
    }

    private static float score(float[] embedding, float[] concept, float threshold, float adjustment) {
        float above = (float) cosine(embedding, concept) - threshold + adjustment;
        return (float) Math.rint(above * 1000) / 1000;
    }

    private static double cosine(float[] a, float[] b) {
        return dot(a, b) / (Math.max(Math.sqrt(dot(a, a)), SHORTEST) * Math.max(Math.sqrt(dot(b, b)), SHORTEST));
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
