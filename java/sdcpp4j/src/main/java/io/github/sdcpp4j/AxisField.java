package io.github.sdcpp4j;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** The fields that an axis can be read for. They are named as the options of the command line. */
enum AxisField {
    PROMPT("prompt", text -> Axis.prompt(text.texts())),
    PROMPT_SR("prompt-sr", text -> Axis.promptReplace(text.values().getFirst(), text.texts())),
    NEGATIVE_PROMPT("negative-prompt", text -> Axis.negativePrompt(text.texts())),
    STEPS("steps", text -> Axis.steps(text.wholes())),
    CFG_SCALE("cfg-scale", text -> Axis.guidanceScale(text.numbers())),
    SEED("seed", text -> Axis.seed(text.seeds())),
    SAMPLING_METHOD("sampling-method", text -> Axis.sampler(text.choices(Sampler.values()).toArray(Sampler[]::new))),
    SCHEDULER("scheduler", text -> Axis.scheduler(text.choices(Scheduler.values()).toArray(Scheduler[]::new))),
    ETA("eta", text -> Axis.eta(text.numbers())),
    CLIP_SKIP("clip-skip", text -> Axis.clipSkip(text.wholes())),
    STRENGTH("strength", text -> Axis.strength(text.numbers())),
    WIDTH("width", text -> Axis.side("Width", true, text.wholes())),
    HEIGHT("height", text -> Axis.side("Height", false, text.wholes())),
    SIZE("size", text -> Axis.size(text.sizes()));

    private final String flag;
    private final Function<AxisText, Axis> reader;

    AxisField(String flag, Function<AxisText, Axis> reader) {
        this.flag = flag;
        this.reader = reader;
    }

    static List<String> names() {
        return Stream.of(values()).map(field -> field.flag).toList();
    }

    static Axis parse(String definition) {
        int equals = definition.indexOf('=');
        Check.that(equals > 0,
                "'%s' is no axis: give a field and its values, such as steps=10,20,30".formatted(definition.strip()));
        String name = definition.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        AxisField field = Stream.of(values()).filter(each -> each.flag.equals(name)).findFirst()
                .orElseThrow(() -> new InvalidRequestException(
                        "'%s' is no field for an axis: give one of %s".formatted(name, String.join(", ", names()))));
        return field.reader.apply(AxisText.of(name, definition.substring(equals + 1)));
    }
}
