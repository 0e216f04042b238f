package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.images.PngFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parameters of a picture as text, in the form that web UIs write into PNG files and read back: the prompt, a line
 * {@code Negative prompt: ...}, and a last line of {@code Name: value} pairs.
 *
 * @param prompt the prompt, may have several lines
 * @param negativePrompt the negative prompt, empty for none
 * @param fields the pairs of the last line in their order, such as {@code Steps} to {@code 20}
 */
public record Infotext(String prompt, String negativePrompt, Map<String, String> fields) {

    private static final String UPSCALER = "Postprocess upscaler";
    private static final String NEGATIVE = "Negative prompt: ";

    /** Where the prompts are written once more when their plain form would be read in another way. */
    private static final String EXACT_PROMPT = "Exact prompt";

    private static final String EXACT_NEGATIVE = "Exact negative prompt";

    /** Characters of an ignored value in a note. */
    private static final int SHOWN = 60;

    /** A value is quoted when it holds what separates fields; some tools write lists and JSON without quotes. */
    private static final Pattern FIELD = Pattern.compile("\\s*([\\w ./+\\-]+):\\s*"
            + "(\"(?:\\\\.|[^\\\\\"])*+\"|\\[[^\\]]*\\](?=,|$)|\\{[^}]*\\}(?=,|$)|[^,]*)(?:,|$)");

    /** Keeps its own copy of the fields. */
    public Infotext {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    static Infotext of(ImageRequest request, String model, Map<String, String> load) {
        GenerationSettings settings = request.settings();
        return new Infotext(InfotextFields.prompt(settings), settings.negativePrompt(), InfotextFields.of(request, model, load));
    }

    /**
     * Returns a field's value.
     *
     * @param name such as {@code Seed}
     * @return the value, or empty when there is no such field
     */
    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /**
     * Returns the same text without some fields: those that a request is not to get from it.
     *
     * @param names such as {@code Seed}; what is not there is no mistake
     * @return the text without them
     */
    public Infotext without(String... names) {
        Map<String, String> rest = new LinkedHashMap<>(fields);
        rest.keySet().removeAll(List.of(names));
        return new Infotext(prompt, negativePrompt, rest);
    }

    /**
     * Returns the sampler.
     *
     * @return the sampler, without a scheduler that is part of its name as in {@code DPM++ 2M Karras}; empty when none is named
     * @throws InvalidRequestException when there is none of that name here; the message lists those that there are
     */
    public Optional<Sampler> sampler() {
        return InfotextSampler.sampler(this);
    }

    /**
     * Returns the scheduler: of the field {@code Schedule type} or of the sampler's name. {@code Automatic} is Karras for the
     * samplers where AUTOMATIC1111's web UI means that by it.
     *
     * @return the scheduler; empty when none is named
     * @throws InvalidRequestException when there is none of that name here; the message lists those that there are
     */
    public Optional<Scheduler> scheduler() {
        return InfotextSampler.scheduler(this);
    }

    /**
     * Starts a request that repeats the picture. For a picture made by this library, by the same model loaded in the same way
     * (see {@link #applyTo(LoadOptions.Builder)}), the result is the same to the last bit. See {@link #notes} for what a
     * request cannot repeat.
     *
     * @return a builder with what the text says, and the defaults where it says nothing
     * @throws InvalidRequestException when a field has a value that is not known here, such as a sampler; the message names it
     */
    public TextToImage.Builder toTextToImage() {
        return applyTo(TextToImage.builder());
    }

    /**
     * Sets in a builder what the text says: prompts, steps, sampler, scheduler, guidance, seed, size, clip skip, eta, VAE
     * tiling, and the strength of an image to image request, whose picture and mask are not in the text.
     *
     * @param builder a request's builder
     * @param <B> its type
     * @return the builder
     * @throws InvalidRequestException when a field has a value that is not known here, such as a sampler; the message names it
     */
    public <B extends GenerationSettings.Builder<B>> B applyTo(B builder) {
        InfotextFields.apply(this, builder);
        return builder;
    }

    /**
     * Sets in a model's options what the picture needs: the random number generators, and whether its edges meet. The
     * files are not touched.
     *
     * @param builder the options' builder
     * @return the builder
     * @throws InvalidRequestException when a random number generator is not known here; the message names it
     */
    public LoadOptions.Builder applyTo(LoadOptions.Builder builder) {
        InfotextLoad.apply(this, builder);
        return builder;
    }

    /**
     * Tells why a request might not give the picture again: another model or VAE, the picture it was made from, a mask, and
     * every field that means nothing here, such as those of a hires fix by a web UI.
     *
     * @param request the request made of this text; where its values differ from the text they are taken for intended
     * @param options what its model was loaded with
     * @return sentences, often none
     */
    public List<String> notes(ImageRequest request, LoadOptions options) {
        List<String> notes = new ArrayList<>(InfotextLoad.notes(this, options));
        notes.addAll(InfotextFields.startNotes(this, request));
        String ignored = fields.entrySet().stream()
                .filter(field -> !InfotextFields.OF_REQUEST.contains(field.getKey()))
                .filter(field -> !InfotextLoad.SPOKEN_OF.contains(field.getKey()))
                .map(field -> field.getKey() + ": " + shortened(field.getValue()))
                .collect(Collectors.joining(", "));
        if (!ignored.isEmpty()) {
            notes.add("of the picture's parameters these are not repeated: " + ignored);
        }
        return List.copyOf(notes);
    }

    /** Whether this library made the picture. */
    boolean isOurs() {
        return InfotextFields.OURS.equals(fields.get(InfotextFields.VERSION));
    }

    private static String shortened(String value) {
        return value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "...";
    }

    /**
     * Returns the parameters of the picture after it was made larger, with the two fields that web UIs write for that:
     * {@code Postprocess upscale by} and {@code Postprocess upscaler}.
     *
     * @param factor how many times as wide and high it is now, 1 or more
     * @param upscaler the upscaler's name, see {@link Upscaler#name()}
     * @return the parameters
     * @throws InvalidRequestException when the factor is out of its range
     */
    public Infotext upscaled(int factor, String upscaler) {
        Check.range("upscale factor", factor, 1, Integer.MAX_VALUE);
        Map<String, String> all = new LinkedHashMap<>(fields);
        String version = all.remove(InfotextFields.VERSION); // stays the last
        all.put("Postprocess upscale by", Integer.toString(factor));
        all.put(UPSCALER, upscaler);
        if (version != null) {
            all.put(InfotextFields.VERSION, version);
        }
        return new Infotext(prompt, negativePrompt, all);
    }

    /**
     * Returns the text.
     *
     * @return what goes into the PNG
     */
    public String text() {
        String text = text(fields);
        Infotext back = parse(text);
        if (back.prompt.equals(prompt) && back.negativePrompt.equals(negativePrompt)) {
            return text;
        }
        // a prompt that looks like another part of the text, or whose line ends do
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put(EXACT_PROMPT, prompt);
        all.put(EXACT_NEGATIVE, negativePrompt);
        return text(all);
    }

    private String text(Map<String, String> written) {
        StringBuilder text = new StringBuilder(prompt);
        if (!negativePrompt.isEmpty()) {
            text.append('\n').append(NEGATIVE).append(negativePrompt);
        }
        return text.append('\n')
                .append(written.entrySet().stream()
                        .map(field -> field.getKey() + ": " + quoted(field.getValue()))
                        .collect(Collectors.joining(", ")))
                .toString();
    }

    /**
     * Reads the text form.
     *
     * @param text the text
     * @return its parts; a text without a line of pairs is all prompt
     */
    public static Infotext parse(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        Map<String, String> fields = new LinkedHashMap<>();
        if (!lines.isEmpty()) {
            readFields(lines.getLast(), fields);
            // a prompt can look like one pair; the parameters are always more
            if (fields.containsKey("Steps") || fields.containsKey(EXACT_PROMPT) || fields.containsKey(UPSCALER) || fields.size() > 2) {
                lines.removeLast();
            } else {
                fields.clear();
            }
        }
        List<String> prompt = new ArrayList<>();
        List<String> negative = null;
        for (String line : lines) {
            if (negative == null && line.startsWith(NEGATIVE.strip())) {
                negative = new ArrayList<>(List.of(line.substring(NEGATIVE.strip().length()).stripLeading()));
            } else {
                (negative == null ? prompt : negative).add(line);
            }
        }
        String exactPrompt = fields.remove(EXACT_PROMPT);
        String exactNegative = fields.remove(EXACT_NEGATIVE);
        return new Infotext(
                exactPrompt != null ? exactPrompt : String.join("\n", prompt),
                exactNegative != null ? exactNegative : negative == null ? "" : String.join("\n", negative),
                fields);
    }

    private static void readFields(String line, Map<String, String> fields) {
        Matcher matcher = FIELD.matcher(line);
        while (matcher.regionStart() < line.length()) {
            int end;
            if (matcher.lookingAt()) {
                fields.put(matcher.group(1).strip(), unquoted(matcher.group(2).strip()));
                end = matcher.end();
            } else {
                // among fields, what is none is passed over; a line that begins with none is no line of fields
                end = fields.isEmpty() ? line.length() : line.indexOf(',', matcher.regionStart()) + 1;
            }
            matcher.region(end == 0 ? line.length() : end, line.length());
        }
    }

    /**
     * Reads the parameters of a PNG file.
     *
     * @param png the file
     * @return the parameters, or empty when the picture has none
     * @throws InvalidRequestException when the file is missing or is no PNG
     */
    public static Optional<Infotext> read(Path png) {
        try {
            return PngFile.readParameters(png).map(Infotext::parse);
        } catch (IOException e) {
            throw new InvalidRequestException("cannot read " + png + " as PNG: " + e.getMessage(), e);
        }
    }

    /**
     * Writes a picture as a PNG file with these parameters in its text chunk {@code parameters}. The file appears whole or not
     * at all; an existing one is replaced.
     *
     * @param picture the picture
     * @param png where to
     * @throws UncheckedIOException when the file cannot be written
     */
    public void save(BufferedImage picture, Path png) {
        try {
            PngFile.write(png, picture, Optional.of(text()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the picture to " + png + ": " + e.getMessage(), e);
        }
    }

    private static String quoted(String value) {
        if (value.chars().noneMatch(c -> ",:\"\n\r".indexOf(c) >= 0) && value.equals(value.strip())) {
            return value;
        }
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r") + '"';
    }

    /** Web UIs quote as JSON does. */
    private static String unquoted(String value) {
        if (value.length() < 2 || value.charAt(0) != '"' || value.charAt(value.length() - 1) != '"') {
            return value;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 1; i < value.length() - 1; i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
                c = switch (value.charAt(i)) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> value.charAt(i);
                };
            }
            plain.append(c);
        }
        return plain.toString();
    }
}
