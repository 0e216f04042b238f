package io.github.sdcpp4j;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * One side of an {@link XyGrid}: a field of the request and the values that it takes one after the other. There are ready-made
 * ones for the usual fields; for anything else say what each value does to a request.
 *
 * <pre>{@code
 * Axis steps = Axis.steps(10, 20, 30);
 * Axis same = Axis.parse("steps=10-30:10");
 * Axis masks = new Axis("Mask", List.of(new Axis.Value("hard", hard), new Axis.Value("soft", soft)));
 * }</pre>
 *
 * @param name what the picture of the grid calls it, such as {@code CFG scale}; the ready-made ones have the names of web UIs
 * @param values from left to right or from top to bottom, 1 to {@link #MAX_VALUES}
 */
public record Axis(String name, List<Value> values) {

    /** The most values of one axis. */
    public static final int MAX_VALUES = 1000;

    /** An axis that changes nothing, for a grid of one row or column; it has no name and no label. */
    public static final Axis NONE = new Axis("", List.of(new Value("", request -> request)));

    /**
     * One value.
     *
     * @param label what stands beside its row or column
     * @param change makes a request with this value; called when the grid is made, and any number of times later
     */
    public record Value(String label, UnaryOperator<ImageRequest> change) {

        /** Checks that nothing is missing. */
        public Value {
            Objects.requireNonNull(label, "label");
            Objects.requireNonNull(change, "change");
        }
    }

    /**
     * Checks that there are values.
     *
     * @throws InvalidRequestException when there is none, or there are too many
     */
    public Axis {
        Objects.requireNonNull(name, "name");
        values = List.copyOf(values);
        Check.that(!values.isEmpty(), "axis %s has no value: give it one or more".formatted(name));
        Check.that(values.size() <= MAX_VALUES,
                "axis %s has %d values: give it %d or fewer".formatted(name, values.size(), MAX_VALUES));
    }

    /**
     * Reads an axis from text, with the field names of the command line.
     *
     * @param definition a name of {@link #names()}, {@code =} and values with commas between them, such as
     *     {@code steps=10,20,30}. Of numbers there are ranges too, {@code 10-30:10} or {@code 10..30:10}, by 1 when the step is
     *     left out. A value that has a comma stands in double quotes, a double quote in it is doubled. The first value of
     *     {@code prompt-sr} is the text to search for, and the first of its replacements. The seed -1 is a random one
     * @return the axis
     * @throws InvalidRequestException when the text is no axis, no such field is known, or a value is not of the field's kind;
     *     a value of the right kind that is out of its range is found by {@link XyGrid}
     */
    public static Axis parse(String definition) {
        return AxisField.parse(definition);
    }

    /**
     * Returns the fields that {@link #parse} knows.
     *
     * @return such as {@code cfg-scale}
     */
    public static List<String> names() {
        return AxisField.names();
    }

    /**
     * Changes the number of sampling steps.
     *
     * @param values each 1 to 1000
     * @return the axis
     */
    public static Axis steps(int... values) {
        return of("Steps", boxed(values), String::valueOf, GenerationSettings.Builder::steps);
    }

    /**
     * Changes the guidance.
     *
     * @param values each 0 to 100
     * @return the axis
     */
    public static Axis guidanceScale(double... values) {
        return of("CFG scale", boxed(values), Axis::shown, GenerationSettings.Builder::guidanceScale);
    }

    /**
     * Changes the sampling method.
     *
     * @param values the samplers
     * @return the axis
     */
    public static Axis sampler(Sampler... values) {
        return of("Sampler", List.of(values), Sampler::webUiName, GenerationSettings.Builder::sampler);
    }

    /**
     * Changes the noise schedule.
     *
     * @param values the schedulers
     * @return the axis
     */
    public static Axis scheduler(Scheduler... values) {
        return of("Schedule type", List.of(values), Scheduler::webUiName, GenerationSettings.Builder::scheduler);
    }

    /**
     * Changes the seed.
     *
     * @param values each 0 to {@link GenerationSettings#MAX_SEED}
     * @return the axis
     */
    public static Axis seed(long... values) {
        return of("Seed", LongStream.of(values).boxed().toList(), String::valueOf, GenerationSettings.Builder::seed);
    }

    /**
     * Changes the CLIP layer to read.
     *
     * @param values each 1 to 12, counted from the last layer
     * @return the axis
     */
    public static Axis clipSkip(int... values) {
        return of("Clip skip", boxed(values), String::valueOf, GenerationSettings.Builder::clipSkip);
    }

    /**
     * Changes the noise that ancestral samplers and DDIM add.
     *
     * @param values each 0 to 10
     * @return the axis
     */
    public static Axis eta(double... values) {
        return of("Eta", boxed(values), Axis::shown, GenerationSettings.Builder::eta);
    }

    /**
     * Changes the size. Each picture is set in the middle of a cell as wide as the widest and as high as the highest.
     *
     * @param values sides that are multiples of 8, from 8 to 16384
     * @return the axis
     */
    public static Axis size(Resolution... values) {
        return of("Size", List.of(values), Resolution::toString, (builder, size) -> builder.size(size.width(), size.height()));
    }

    /**
     * Changes the prompt as a whole. Beside an axis of {@link #promptReplace} this one belongs on x, since y comes second.
     *
     * @param values the prompts
     * @return the axis
     */
    public static Axis prompt(String... values) {
        return of("Prompt", List.of(values), Axis::shown, GenerationSettings.Builder::prompt);
    }

    /**
     * Changes the negative prompt as a whole.
     *
     * @param values the negative prompts; an empty one keeps away from nothing
     * @return the axis
     */
    public static Axis negativePrompt(String... values) {
        return of("Negative prompt", List.of(values), Axis::shown, GenerationSettings.Builder::negativePrompt);
    }

    /**
     * Replaces a part of the prompt and of the negative prompt, wherever it is there: what web UIs call prompt S/R.
     *
     * @param search the text to replace, upper and lower case as in the prompt
     * @param replacements what stands in its place; name the searched text too for a picture without a change. An empty one
     *     takes the text out
     * @return the axis
     * @throws InvalidRequestException when the text to search for is empty. A prompt without it is found by {@link XyGrid}
     */
    public static Axis promptReplace(String search, String... replacements) {
        Check.that(!search.isEmpty(), "the text to search for in the prompt is empty: name a part of the prompt");
        return new Axis("Prompt S/R", Stream.of(replacements)
                .map(text -> new Value(shown(text), request -> replaced(request, search, text)))
                .toList());
    }

    /**
     * Changes how much of the picture that {@link ImageToImage} starts from is changed.
     *
     * @param values each 0 to 1
     * @return the axis
     */
    public static Axis strength(double... values) {
        return new Axis("Denoising strength", DoubleStream.of(values)
                .mapToObj(value -> new Value(shown(value), request -> {
                    Check.that(request instanceof ImageToImage,
                            "strength is for image to image: start from a picture, or leave this axis out");
                    return ((ImageToImage) request).toBuilder().strength(value).build();
                }))
                .toList());
    }

    /** Changes one side of the picture. */
    static Axis side(String name, boolean width, int... values) {
        return new Axis(name, IntStream.of(values)
                .mapToObj(value -> new Value(String.valueOf(value), request -> {
                    GenerationSettings old = request.settings();
                    return request.with(builder -> builder.size(width ? value : old.width(), width ? old.height() : value));
                }))
                .toList());
    }

    private static <T> Axis of(
            String name, List<T> values, Function<T, String> label, BiConsumer<GenerationSettings.Builder<?>, T> setter) {
        return new Axis(name, values.stream()
                .map(value -> new Value(
                        label.apply(value), request -> request.with(builder -> setter.accept(builder, value))))
                .toList());
    }

    private static ImageRequest replaced(ImageRequest request, String search, String replacement) {
        String prompt = request.settings().prompt();
        String negative = request.settings().negativePrompt();
        Check.that(prompt.contains(search) || negative.contains(search),
                "'%s' is not in the prompt '%s'%s: search for a part of it, upper and lower case as there"
                        .formatted(search, prompt, negative.isEmpty() ? "" : " nor in the negative prompt '" + negative + "'"));
        return request.with(builder ->
                builder.prompt(prompt.replace(search, replacement)).negativePrompt(negative.replace(search, replacement)));
    }

    private static String shown(String text) {
        return text.isBlank() ? "(none)" : text;
    }

    private static String shown(double value) {
        return Double.isFinite(value) ? InfotextFields.number(value) : Double.toString(value);
    }

    private static List<Integer> boxed(int... values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static List<Double> boxed(double... values) {
        return Arrays.stream(values).boxed().toList();
    }
}
