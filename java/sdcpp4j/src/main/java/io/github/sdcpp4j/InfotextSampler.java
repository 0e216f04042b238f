package io.github.sdcpp4j;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sampler and the scheduler that an infotext names. Newer web UIs write them into a field each; older ones and sd-cli
 * write both into one, as in {@code DPM++ 2M Karras} and {@code euler_a karras}.
 */
final class InfotextSampler {

    /** What web UIs call by other names than ours; {@code Uniform} is what k-diffusion's samplers do without a schedule. */
    private static final Map<String, Sampler> OTHER_SAMPLERS = Map.of(
            "euler ancestral", Sampler.EULER_A,
            "k_euler", Sampler.EULER,
            "k_euler_a", Sampler.EULER_A);

    private static final Map<String, Scheduler> OTHER_SCHEDULERS = Map.of("uniform", Scheduler.DISCRETE);

    /** What {@code Automatic} means in AUTOMATIC1111's web UI for those of its samplers that are here too; else Uniform. */
    private static final Set<Sampler> KARRAS_BY_THEMSELVES = Set.of(Sampler.DPM2, Sampler.DPMPP_2M, Sampler.DPMPP_2S_A);

    private static final String AUTOMATIC = "Automatic";

    private InfotextSampler() {}

    static Optional<Sampler> sampler(Infotext text) {
        return text.field(InfotextFields.SAMPLER).map(name -> find(name)
                .or(() -> inName(name).flatMap(scheduler -> find(withoutEnding(name, scheduler))))
                .orElseThrow(() -> unknown("sampler", name, Sampler.values())));
    }

    static Optional<Scheduler> scheduler(Infotext text) {
        Optional<String> said = text.field(InfotextFields.SCHEDULER);
        if (said.isEmpty()) {
            // DDIM and the like end in no scheduler's name; LCM is both, and then it is the sampler
            return text.field(InfotextFields.SAMPLER)
                    .filter(name -> find(name).isEmpty())
                    .flatMap(name -> inName(name).flatMap(InfotextSampler::findScheduler));
        }
        if (said.get().equalsIgnoreCase(AUTOMATIC)) {
            return text.field(InfotextFields.SAMPLER)
                    .flatMap(InfotextSampler::find)
                    .filter(KARRAS_BY_THEMSELVES::contains)
                    .map(sampler -> Scheduler.KARRAS);
        }
        return said.map(name -> findScheduler(name).orElseThrow(() -> unknown("scheduler", name, Scheduler.values())));
    }

    private static Optional<Sampler> find(String name) {
        return Sampler.find(name).or(() -> Optional.ofNullable(OTHER_SAMPLERS.get(lower(name))));
    }

    private static Optional<Scheduler> findScheduler(String name) {
        return Scheduler.find(name).or(() -> Optional.ofNullable(OTHER_SCHEDULERS.get(lower(name))));
    }

    /** The scheduler's name that a sampler's name ends in; the longest, for {@code SGM Uniform} is not {@code Uniform}. */
    private static Optional<String> inName(String samplerName) {
        Function<Scheduler, Stream<String>> names = scheduler -> Stream.of(scheduler.flag(), scheduler.webUiName());
        return Stream.concat(Stream.of(Scheduler.values()).flatMap(names), OTHER_SCHEDULERS.keySet().stream())
                .filter(name -> lower(samplerName).endsWith(" " + lower(name)))
                .max(Comparator.comparingInt(String::length));
    }

    private static String withoutEnding(String samplerName, String scheduler) {
        return samplerName.substring(0, samplerName.length() - scheduler.length()).strip();
    }

    static InvalidRequestException unknown(String what, String name, RuntimeValue[] known) {
        return new InvalidRequestException("the picture was made with the %s '%s', which is not known here: choose one of %s"
                .formatted(what, name, Stream.of(known).map(RuntimeValue::flag).collect(Collectors.joining(", "))));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
