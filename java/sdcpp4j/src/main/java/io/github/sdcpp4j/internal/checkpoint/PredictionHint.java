package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.Prediction;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a file itself says about its prediction: marker tensors first, then the trainer's metadata. The shapes say
 * nothing: the 512 and the 768 model of SD 2.x have the same.
 */
final class PredictionHint {

    private PredictionHint() {
    }

    static Optional<Prediction> of(TensorNames names, Map<String, String> metadata) {
        // the name alone in a checkpoint, behind a prefix in a diffusion model that was cut out of one
        if (marked(names, "edm_vpred.sigma_max")) {
            return Optional.of(Prediction.EDM_V);
        }
        // noise that reaches zero signal leaves nothing for a noise prediction to subtract from: such a model is a v model
        if (marked(names, "v_pred") || marked(names, "ztsnr")) {
            return Optional.of(Prediction.V);
        }
        String type = lower(metadata, "modelspec.prediction_type");
        return switch (type) {
            case "v", "v_prediction", "v-prediction" -> Optional.of(Prediction.V);
            case "epsilon", "eps" -> Optional.of(Prediction.EPS);
            default -> lower(metadata, "ss_v_parameterization").equals("true")
                    || lower(metadata, "modelspec.architecture").startsWith("stable-diffusion-v2-768-v")
                    ? Optional.of(Prediction.V) : Optional.empty();
        };
    }

    private static boolean marked(TensorNames names, String marker) {
        return names.has(marker) || names.has("model.diffusion_model." + marker);
    }

    private static String lower(Map<String, String> metadata, String key) {
        return metadata.getOrDefault(key, "").strip().toLowerCase(Locale.ROOT);
    }
}
