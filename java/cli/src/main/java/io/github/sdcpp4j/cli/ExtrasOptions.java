package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.SamplingExtras;
import io.github.sdcpp4j.SamplingExtras.SkipLayers;
import io.github.sdcpp4j.StepCache;
import java.util.List;
import java.util.OptionalDouble;
import picocli.CommandLine.Option;

/** What few models or few pictures need of sampling. */
final class ExtrasOptions implements HelpSection.Member {

    private static final String THRESHOLD = "threshold=";

    @Option(names = "--sigmas", paramLabel = "X", split = ",",
            description = "The noise levels themselves in place of --steps and --scheduler, falling, such as 14.61,7.8,3.5,0.")
    private List<Double> sigmas;

    @Option(names = "--flow-shift", paramLabel = "X",
            description = "Shift of the schedule of flow models such as SD3 and Wan. The model's own by default.")
    private Double flowShift;

    @Option(names = "--guidance", paramLabel = "X",
            description = "Distilled guidance, for models such as Flux. Default: 3.5.")
    private Double guidance;

    @Option(names = "--img-cfg-scale", paramLabel = "X",
            description = "How closely pix2pix and edit models keep to their picture. Default: 1.")
    private Double imageGuidance;

    @Option(names = "--slg-scale", paramLabel = "X",
            description = "Skip layer guidance, such as 2.5 for SD3.5 medium. Default: 0, none.")
    private double slgScale;

    @Option(names = "--skip-layers", paramLabel = "N", split = ",", description = "The layers it skips. Default: 7,8,9.")
    private List<Integer> skipLayers = List.of(7, 8, 9);

    @Option(names = "--skip-layer-start", paramLabel = "X", description = "The share of the steps where it begins. Default: 0.01.")
    private double skipLayerStart = 0.01;

    @Option(names = "--skip-layer-end", paramLabel = "X", description = "The share of the steps where it ends. Default: 0.2.")
    private double skipLayerEnd = 0.2;

    @Option(names = "--cache-mode", paramLabel = "MODE", converter = Choice.OfCacheMode.class,
            completionCandidates = Choice.OfCacheMode.class,
            description = "Leave out work in steps that change little: ${COMPLETION-CANDIDATES}; ucache is for SD 1.x, SD 2.x and SDXL."
                    + " None by default.")
    private StepCache.Mode cacheMode;

    @Option(names = "--cache-option", paramLabel = "threshold=X",
            description = "How much a step may have changed to be left out. The mode's own by default.")
    private String cacheOption;

    /** Returns these options over what a request has already. */
    SamplingExtras over(SamplingExtras before) {
        SamplingExtras extras = before;
        if (sigmas != null) {
            extras = extras.withSigmas(sigmas);
        }
        if (flowShift != null) {
            extras = extras.withFlowShift(flowShift);
        }
        if (guidance != null) {
            extras = extras.withDistilledGuidance(guidance);
        }
        if (imageGuidance != null) {
            extras = extras.withImageGuidance(imageGuidance);
        }
        if (slgScale != 0) {
            extras = extras.withSkipLayers(new SkipLayers(skipLayers, slgScale, skipLayerStart, skipLayerEnd));
        }
        return cacheMode == null ? extras : extras.withCache(new StepCache(cacheMode, threshold()));
    }

    private OptionalDouble threshold() {
        if (cacheOption == null) {
            return OptionalDouble.empty();
        }
        try {
            if (cacheOption.startsWith(THRESHOLD)) {
                return OptionalDouble.of(Double.parseDouble(cacheOption.substring(THRESHOLD.length())));
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new InvalidRequestException("cache option is '%s': give threshold=X, such as threshold=0.25".formatted(cacheOption));
    }

    @Override
    public HelpSection section() {
        return HelpSection.PICTURE;
    }
}
