package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.checkpoint.FileNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The fields of an infotext that are of the model and how it was loaded: written, applied to other options, and compared. */
final class InfotextLoad {

    private static final String RNG = "RNG";
    private static final String SAMPLER_RNG = "Sampler RNG";
    private static final String TILING = "Tiling";
    private static final String VAE = "VAE";
    private static final String TAESD = "TAESD";
    private static final String WEIGHT_TYPE = "Weight type";

    /** What {@link #notes} speaks of, or what has no part in a picture. */
    static final Set<String> SPOKEN_OF = Set.of(RNG, SAMPLER_RNG, TILING, VAE, TAESD, WEIGHT_TYPE,
            InfotextFields.MODEL, InfotextFields.MODEL_HASH, InfotextFields.VERSION, "VAE hash", "User", "Created Date");

    private InfotextLoad() {}

    /** What differs from the defaults, as they are what web UIs leave out. */
    static Map<String, String> of(LoadOptions options) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (options.rng() != Rng.CUDA) {
            fields.put(RNG, options.rng().webUiName());
        }
        options.samplerRng().filter(rng -> rng != options.rng()).ifPresent(rng -> fields.put(SAMPLER_RNG, rng.webUiName()));
        if (options.circularX() || options.circularY()) {
            fields.put(TILING, options.circularX() && options.circularY() ? "True" : options.circularX() ? "X" : "Y");
        }
        putFile(fields, VAE, options, ModelFile.VAE);
        putFile(fields, TAESD, options, ModelFile.TAESD);
        options.weightType().ifPresent(type -> fields.put(WEIGHT_TYPE, type.flag()));
        return fields;
    }

    private static void putFile(Map<String, String> fields, String name, LoadOptions options, ModelFile slot) {
        Optional.ofNullable(options.files().get(slot)).ifPresent(path -> fields.put(name, path.getFileName().toString()));
    }

    /** Sets what a picture needs of the model beside its files. */
    static void apply(Infotext text, LoadOptions.Builder builder) {
        rng(text, RNG).ifPresent(builder::rng);
        rng(text, SAMPLER_RNG).ifPresent(builder::samplerRng);
        text.field(TILING).map(tiling -> tiling.toUpperCase(Locale.ROOT)).ifPresent(tiling ->
                builder.circular(tiling.equals("TRUE") || tiling.equals("X"), tiling.equals("TRUE") || tiling.equals("Y")));
    }

    private static Optional<Rng> rng(Infotext text, String name) {
        return text.field(name).map(value -> generator(value)
                .orElseThrow(() -> InfotextSampler.unknown("random number generator", value, Rng.values())));
    }

    /** {@code GPU} is what web UIs mean when they write none, and {@code NV} the same without a GPU. */
    private static Optional<Rng> generator(String name) {
        return name.equalsIgnoreCase("GPU") ? Optional.of(Rng.CUDA) : Rng.find(name);
    }

    private static String generatorName(String name) {
        return generator(name).map(Rng::webUiName).orElse(name);
    }

    /** Says where the model is another one, or loaded in another way. */
    static List<String> notes(Infotext text, LoadOptions options) {
        List<String> notes = new ArrayList<>();
        String file = options.mainFile().getFileName().toString();
        Optional<String> hash = text.field(InfotextFields.MODEL_HASH);
        text.field(InfotextFields.MODEL).ifPresentOrElse(
                made -> {
                    if (!made.equals(file) && !made.equals(FileNames.stem(file))) {
                        notes.add("the picture was made with the model %s%s, this is %s"
                                .formatted(made, hash.map(" (hash %s)"::formatted).orElse(""), FileNames.stem(file)));
                    }
                },
                () -> hash.ifPresent(made ->
                        notes.add("the picture was made with a model whose hash is %s, this is %s".formatted(made, FileNames.stem(file)))));
        Map<String, String> wanted = wanted(text);
        Map<String, String> given = of(options);
        Stream.of(RNG, SAMPLER_RNG, TILING, VAE, TAESD, WEIGHT_TYPE)
                .filter(name -> !same(wanted.get(name), given.get(name)))
                // web UIs do not always name a VAE, and never the type of the weights
                .filter(name -> wanted.containsKey(name) || text.isOurs() || !Set.of(VAE, TAESD, WEIGHT_TYPE).contains(name))
                .map(name -> "the picture was made with %s, this model is loaded with %s"
                        .formatted(words(name, wanted), words(name, given)))
                .forEach(notes::add);
        return notes;
    }

    /** What {@link #of} would have given when the picture was made; a generator that is not known here by its own name. */
    private static Map<String, String> wanted(Infotext text) {
        Map<String, String> wanted = new LinkedHashMap<>();
        String rng = text.field(RNG).map(InfotextLoad::generatorName).orElse(Rng.CUDA.webUiName());
        if (!rng.equals(Rng.CUDA.webUiName())) {
            wanted.put(RNG, rng);
        }
        text.field(SAMPLER_RNG).map(InfotextLoad::generatorName).filter(name -> !name.equals(rng))
                .ifPresent(name -> wanted.put(SAMPLER_RNG, name));
        text.field(TILING).filter(tiling -> !tiling.equalsIgnoreCase("False")).ifPresent(tiling -> wanted.put(TILING, tiling));
        Stream.of(VAE, TAESD, WEIGHT_TYPE).forEach(name -> text.field(name).ifPresent(value -> wanted.put(name, value)));
        return wanted;
    }

    private static boolean same(String wanted, String given) {
        return wanted == null || given == null
                ? wanted == given
                : wanted.equalsIgnoreCase(given) || wanted.equals(FileNames.stem(given));
    }

    private static String words(String name, Map<String, String> fields) {
        // RNG and VAE stay as they are
        String word = Character.isUpperCase(name.charAt(1)) ? name
                : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
        return fields.containsKey(name) ? "the " + word + " " + fields.get(name) : "the usual " + word;
    }
}
