package io.github.sdcpp4j.spark;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/** The columns that say something about a picture. Their order is part of the hash that seeds come from: add new ones at the end. */
enum RequestColumn {
    ID(Kind.KEY, "id"),
    PROMPT(Kind.TEXT, "prompt"),
    NEGATIVE_PROMPT(Kind.TEXT, "negative_prompt"),
    SEED(Kind.NUMBER, "seed"),
    WIDTH(Kind.NUMBER, "width"),
    HEIGHT(Kind.NUMBER, "height"),
    STEPS(Kind.NUMBER, "steps"),
    SAMPLER(Kind.TEXT, "sampler", "sampling_method"),
    SCHEDULER(Kind.TEXT, "scheduler"),
    GUIDANCE_SCALE(Kind.NUMBER, "guidance_scale", "guidance", "cfg_scale"),
    CLIP_SKIP(Kind.NUMBER, "clip_skip"),
    ETA(Kind.NUMBER, "eta"),
    INIT_IMAGE(Kind.PICTURE, "init_image", "init_img"),
    STRENGTH(Kind.NUMBER, "strength"),
    MASK(Kind.PICTURE, "mask"),
    MASK_FEATHER(Kind.NUMBER, "mask_feather");

    /** What a column holds. A number may be given as text, which is what a CSV file has. */
    enum Kind {
        KEY("text or a number"),
        TEXT("text"),
        NUMBER("a number, or text with a number"),
        PICTURE("binary, a picture's file, or text with its Base64");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        boolean takes(DataType type) {
            if (type instanceof StringType || type instanceof NullType) {
                return true;
            }
            return switch (this) {
                case TEXT -> false;
                case KEY, NUMBER -> type instanceof NumericType;
                case PICTURE -> type instanceof BinaryType;
            };
        }
    }

    private final Kind kind;
    private final List<String> names;

    RequestColumn(Kind kind, String... names) {
        this.kind = kind;
        this.names = List.of(names);
    }

    Kind kind() {
        return kind;
    }

    /** The name that messages use. */
    String title() {
        return names.getFirst();
    }

    /** Finds a column by its name; case and underscores make no difference, so that {@code negativePrompt} is found too. */
    static Optional<RequestColumn> find(String name) {
        String wanted = plain(name);
        return Stream.of(values()).filter(column -> column.names.stream().anyMatch(own -> plain(own).equals(wanted))).findFirst();
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
