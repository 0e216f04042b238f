package io.github.sdcpp4j;

import java.util.List;

/**
 * What a {@link SafetyChecker} sees in a picture: how much nearer it is to each concept than that one's threshold allows, as a
 * difference of cosines, rounded to thousandths; above 0 means found. What the concepts are, the checkpoint does not say.
 *
 * @param specialCare the concepts that call for more care: when one is found, all after it are found 0.01 earlier
 * @param concepts the concepts that make a picture not safe for work
 */
public record SafetyScores(List<Float> specialCare, List<Float> concepts) {

    /** Copies the lists. */
    public SafetyScores {
        specialCare = List.copyOf(specialCare);
        concepts = List.copyOf(concepts);
    }

    /**
     * Whether a concept is found.
     *
     * @return true when a score of {@link #concepts} is above 0
     */
    public boolean isNsfw() {
        return concepts.stream().anyMatch(score -> score > 0);
    }
}
