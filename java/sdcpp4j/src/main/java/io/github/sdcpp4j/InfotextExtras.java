package io.github.sdcpp4j;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fields of an infotext for hires fix and {@link SamplingExtras}; where web UIs have a name, theirs. */
final class InfotextExtras {

    private static final String HIRES_SIZE = "Hires resize";
    private static final String HIRES_SCALE = "Hires upscale";
    private static final String HIRES_STEPS = "Hires steps";
    private static final String HIRES_UPSCALER = "Hires upscaler";
    private static final String SIGMAS = "Sigmas";
    private static final String FLOW_SHIFT = "Shift";
    private static final String DISTILLED = "Distilled CFG Scale";
    private static final String IMAGE_GUIDANCE = "Image CFG scale";
    private static final String SKIP_LAYERS = "Skip layer guidance";
    private static final String CACHE = "Cache mode";

    /** What goes into a request. */
    static final Set<String> OF_REQUEST = Set.of(HIRES_SIZE, HIRES_SCALE, HIRES_STEPS, HIRES_UPSCALER, SIGMAS, FLOW_SHIFT, DISTILLED,
            IMAGE_GUIDANCE, SKIP_LAYERS, CACHE);

    private InfotextExtras() {}

    static void put(Map<String, String> fields, GenerationSettings settings) {
        settings.hires().ifPresent(hires -> {
            fields.put(HIRES_SIZE, hires.size().toString());
            hires.steps().ifPresent(steps -> fields.put(HIRES_STEPS, Integer.toString(steps)));
            fields.put(HIRES_UPSCALER, hires.model().map(file -> file.getFileName().toString()).orElse(hires.upscaler().flag()));
            fields.put(InfotextFields.STRENGTH, InfotextFields.number(hires.denoisingStrength())); // web UIs have one name for both
        });
        SamplingExtras extras = settings.extras();
        if (!extras.sigmas().isEmpty()) {
            fields.put(SIGMAS, numbers(extras.sigmas()));
        }
        extras.flowShift().ifPresent(value -> fields.put(FLOW_SHIFT, InfotextFields.number(value)));
        extras.distilledGuidance().ifPresent(value -> fields.put(DISTILLED, InfotextFields.number(value)));
        extras.imageGuidance().ifPresent(value -> fields.put(IMAGE_GUIDANCE, InfotextFields.number(value)));
        extras.skipLayers().ifPresent(skip -> fields.put(SKIP_LAYERS,
                numbers(Stream.concat(Stream.of(skip.scale(), skip.start(), skip.end()),
                        skip.layers().stream().map(Integer::doubleValue)).toList())));
        extras.cache().ifPresent(cache -> fields.put(CACHE, cache.mode().flag()
                + (cache.threshold().isPresent() ? " " + InfotextFields.number(cache.threshold().getAsDouble()) : "")));
    }

    /** Sets what the text says; the size is set already. */
    static void apply(Infotext text, GenerationSettings.Builder<?> builder) {
        hires(text).ifPresent(builder::hires);
        builder.extras(new SamplingExtras(
                InfotextFields.read(text, SIGMAS, "falling numbers", InfotextExtras::doubles).orElse(List.of()),
                number(text, FLOW_SHIFT), number(text, DISTILLED), number(text, IMAGE_GUIDANCE),
                InfotextFields.read(text, SKIP_LAYERS, "a scale, a start, an end and layers", InfotextExtras::skipLayers),
                InfotextFields.read(text, CACHE, "a cache mode", InfotextExtras::cache)));
    }

    private static OptionalDouble number(Infotext text, String name) {
        return InfotextFields.read(text, name, "a number", Double::valueOf).map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    private static SamplingExtras.SkipLayers skipLayers(String value) {
        List<Double> numbers = doubles(value);
        return new SamplingExtras.SkipLayers(
                numbers.stream().skip(3).map(Double::intValue).toList(), numbers.get(0), numbers.get(1), numbers.get(2));
    }

    private static StepCache cache(String value) {
        String[] parts = value.split(" ");
        StepCache cache = StepCache.of(StepCache.Mode.find(parts[0]).orElseThrow(NumberFormatException::new));
        return parts.length == 1 ? cache : new StepCache(cache.mode(), OptionalDouble.of(Double.parseDouble(parts[1])));
    }

    /** Empty, too, for an upscaler that is a file: the text does not say where it lies. */
    private static Optional<HiresFix> hires(Infotext text) {
        Optional<HiresUpscaler> upscaler = text.field(HIRES_UPSCALER).flatMap(HiresUpscaler::find)
                .filter(known -> known != HiresUpscaler.MODEL);
        Optional<Resolution> size = text.field(HIRES_SIZE).flatMap(Resolution::parse).or(() -> scaled(text));
        if (upscaler.isEmpty() || size.isEmpty()) {
            return Optional.empty();
        }
        OptionalInt steps = text.field(HIRES_STEPS).filter(value -> value.matches("[1-9]\\d{0,3}")).map(Integer::parseInt)
                .map(OptionalInt::of).orElse(OptionalInt.empty());
        return Optional.of(new HiresFix(size.get(), upscaler.get(), Optional.empty(), steps,
                number(text, InfotextFields.STRENGTH).orElse(HiresFix.USUAL_STRENGTH)));
    }

    private static Optional<Resolution> scaled(Infotext text) {
        return text.field(InfotextFields.SIZE).flatMap(Resolution::parse).flatMap(size -> text.field(HIRES_SCALE)
                .filter(value -> value.matches("\\d+(\\.\\d+)?")).map(Double::parseDouble)
                .map(scale -> new Resolution(eights(size.width() * scale), eights(size.height() * scale))));
    }

    private static int eights(double pixels) {
        return (int) (pixels / 8) * 8;
    }

    /** Whether a request from noise can be told from one of hires fix, which have one name for their strengths. */
    static boolean hasHires(Infotext text) {
        return Stream.of(HIRES_UPSCALER, HIRES_SCALE, HIRES_SIZE).anyMatch(name -> text.field(name).isPresent());
    }

    /** What of hires fix a request cannot repeat. */
    static Optional<String> note(Infotext text, ImageRequest request) {
        return hasHires(text) && request.settings().hires().isEmpty()
                ? Optional.of("the picture was made with hires fix, by %s, which is not repeated: ask for it with an upscaler that is here"
                        .formatted(text.field(HIRES_UPSCALER).orElse("an upscaler that is not named")))
                : Optional.empty();
    }

    private static String numbers(List<Double> values) {
        return values.stream().map(InfotextFields::number).collect(Collectors.joining(" "));
    }

    private static List<Double> doubles(String text) {
        return Arrays.stream(text.strip().split("\\s+")).map(Double::valueOf).toList();
    }
}
