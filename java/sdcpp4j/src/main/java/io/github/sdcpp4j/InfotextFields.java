package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.checkpoint.FileNames;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fields of an infotext by the names that web UIs give them: written from a request, and read into one. */
final class InfotextFields {

    static final String SAMPLER = "Sampler";
    static final String SCHEDULER = "Schedule type";
    static final String MODEL = "Model";
    static final String MODEL_HASH = "Model hash";
    static final String STRENGTH = "Denoising strength";
    static final String MASK_FEATHER = "Mask feather";
    static final String VERSION = "Version";
    static final String OURS = "sdcpp4j";
    private static final String STEPS = "Steps";
    private static final String CFG_SCALE = "CFG scale";
    private static final String SEED = "Seed";
    static final String SIZE = "Size";
    private static final String CLIP_SKIP = "Clip skip";
    private static final String ETA = "Eta";
    private static final String VAE_TILING = "VAE tiling";

    /** What goes into a request; a mask is not in the text, only that there was one. */
    static final Set<String> OF_REQUEST = Stream.concat(
            Stream.of(STEPS, SAMPLER, SCHEDULER, CFG_SCALE, SEED, SIZE, STRENGTH, MASK_FEATHER, CLIP_SKIP, ETA, VAE_TILING),
            InfotextExtras.OF_REQUEST.stream()).collect(Collectors.toUnmodifiableSet());

    private InfotextFields() {}

    static Map<String, String> of(ImageRequest request, String model, Map<String, String> load) {
        GenerationSettings settings = request.settings();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(STEPS, Integer.toString(settings.steps()));
        settings.sampler().ifPresent(sampler -> fields.put(SAMPLER, sampler.webUiName()));
        settings.scheduler().ifPresent(scheduler -> fields.put(SCHEDULER, scheduler.webUiName()));
        fields.put(CFG_SCALE, number(settings.guidanceScale()));
        settings.seed().ifPresent(seed -> fields.put(SEED, Long.toString(seed)));
        fields.put(SIZE, settings.width() + "x" + settings.height());
        if (!model.isEmpty()) {
            fields.put(MODEL, model);
        }
        if (request instanceof ImageToImage fromImage) {
            fields.put(STRENGTH, number(fromImage.strength()));
            fromImage.mask().ifPresent(mask -> fields.put(MASK_FEATHER, Integer.toString(mask.feather())));
        }
        settings.clipSkip().ifPresent(skip -> fields.put(CLIP_SKIP, Integer.toString(skip)));
        settings.eta().ifPresent(eta -> fields.put(ETA, number(eta)));
        if (settings.vaeTiling() != VaeTiling.OFF) {
            fields.put(VAE_TILING, settings.vaeTiling().name().toLowerCase(Locale.ROOT));
        }
        InfotextExtras.put(fields, settings);
        fields.putAll(load);
        fields.put(VERSION, OURS);
        return fields;
    }

    /** The prompt; LoRAs given by file are named in it, as web UIs have them. */
    static String prompt(GenerationSettings settings) {
        return settings.prompt() + settings.loras().stream()
                .map(lora -> " <lora:%s:%s>".formatted(FileNames.stem(lora.file()), number(lora.weight())))
                .collect(Collectors.joining());
    }

    /** Sets what the text says; the rest stays as it is. */
    static <B extends GenerationSettings.Builder<B>> void apply(Infotext text, B builder) {
        builder.prompt(text.prompt()).negativePrompt(text.negativePrompt());
        read(text, STEPS, "a whole number", Integer::valueOf).ifPresent(builder::steps);
        text.sampler().ifPresent(builder::sampler);
        text.scheduler().ifPresent(builder::scheduler);
        read(text, CFG_SCALE, "a number", Double::valueOf).ifPresent(builder::guidanceScale);
        read(text, SEED, "a whole number", Long::valueOf).ifPresent(builder::seed);
        read(text, SIZE, "a size such as 512x768", value -> Resolution.parse(value).orElseThrow(NumberFormatException::new))
                .ifPresent(size -> builder.size(size.width(), size.height()));
        read(text, CLIP_SKIP, "a whole number", Integer::valueOf).ifPresent(builder::clipSkip);
        // sd-cli writes inf for the sampler's own
        boolean usualEta = text.field(ETA).filter(eta -> eta.contains("inf") || eta.contains("nan")).isPresent();
        read(usualEta ? text.without(ETA) : text, ETA, "a number", Double::valueOf).ifPresent(builder::eta);
        read(text, VAE_TILING, "on, off or auto", value -> VaeTiling.valueOf(value.toUpperCase(Locale.ROOT)))
                .ifPresent(builder::vaeTiling);
        InfotextExtras.apply(text, builder);
        if (builder instanceof ImageToImage.Builder fromImage) {
            read(text, STRENGTH, "a number", Double::valueOf).ifPresent(fromImage::strength);
        }
    }

    /**
     * What a field says.
     *
     * @param expected what it should be, for the message
     * @param parser throws IllegalArgumentException or IndexOutOfBoundsException when it is something else
     */
    static <T> Optional<T> read(Infotext text, String name, String expected, Function<String, T> parser) {
        return text.field(name).map(value -> {
            try {
                return parser.apply(value);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new InvalidRequestException("the picture's parameters have '%s' for %s, which is not %s: set another value"
                        .formatted(value, name, expected), e);
            }
        });
    }

    /** Says what a text has to do with the picture's beginning that a request does not. */
    static List<String> startNotes(Infotext text, ImageRequest request) {
        List<String> notes = new ArrayList<>();
        Optional<String> strength = text.field(STRENGTH);
        if (request instanceof ImageToImage fromImage) {
            Optional<String> feather = text.field(MASK_FEATHER);
            Optional<String> given = fromImage.mask().map(mask -> Integer.toString(mask.feather()));
            if (feather.isPresent() && !feather.equals(given)) {
                notes.add("the picture was made with a mask that has a feather of %s, and %s".formatted(feather.get(),
                        given.map(own -> "this one has " + own).orElse("none is given")));
            }
        } else if (strength.isPresent() && !InfotextExtras.hasHires(text)) {
            notes.add("the picture was made from another one, with the strength %s, and this one is made from noise"
                    .formatted(strength.get()));
        }
        InfotextExtras.note(text, request).ifPresent(notes::add);
        return notes;
    }

    static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
