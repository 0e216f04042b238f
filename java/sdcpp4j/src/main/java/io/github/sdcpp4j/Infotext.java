package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.PngFile;
import java.io.IOException;
import java.math.BigDecimal;
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

    private static final String NEGATIVE = "Negative prompt: ";

    /** A value is quoted when it holds what separates fields. */
    private static final Pattern FIELD = Pattern.compile("\\s*([\\w ./+\\-]+):\\s*(\"(?:\\\\.|[^\\\\\"])*\"|[^,]*)(?:,|$)");

    /** Keeps its own copy of the fields. */
    public Infotext {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    static Infotext of(ImageRequest request, String model) {
        GenerationSettings settings = request.settings();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Steps", Integer.toString(settings.steps()));
        settings.sampler().ifPresent(sampler -> fields.put("Sampler", sampler.webUiName()));
        settings.scheduler().ifPresent(scheduler -> fields.put("Schedule type", scheduler.webUiName()));
        fields.put("CFG scale", number(settings.guidanceScale()));
        settings.seed().ifPresent(seed -> fields.put("Seed", Long.toString(seed)));
        fields.put("Size", settings.width() + "x" + settings.height());
        if (!model.isEmpty()) {
            fields.put("Model", model);
        }
        if (request instanceof ImageToImage fromImage) {
            fields.put("Denoising strength", number(fromImage.strength()));
        }
        settings.clipSkip().ifPresent(skip -> fields.put("Clip skip", Integer.toString(skip)));
        settings.eta().ifPresent(eta -> fields.put("Eta", number(eta)));
        fields.put("Version", "sdcpp4j");
        return new Infotext(promptWithLoras(settings), settings.negativePrompt(), fields);
    }

    /** Those given by file are written as web UIs name them, in the prompt. */
    private static String promptWithLoras(GenerationSettings settings) {
        return settings.prompt() + settings.loras().stream()
                .map(lora -> " <lora:%s:%s>".formatted(
                        lora.file().getFileName().toString().replaceFirst("\\.[^.]*$", ""), number(lora.weight())))
                .collect(Collectors.joining());
    }

    /**
     * Returns the text.
     *
     * @return what goes into the PNG
     */
    public String text() {
        StringBuilder text = new StringBuilder(prompt);
        if (!negativePrompt.isEmpty()) {
            text.append('\n').append(NEGATIVE).append(negativePrompt);
        }
        return text.append('\n')
                .append(fields.entrySet().stream()
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
            Matcher matcher = FIELD.matcher(lines.getLast());
            while (matcher.lookingAt()) {
                fields.put(matcher.group(1).strip(), unquoted(matcher.group(2).strip()));
                matcher.region(matcher.end(), lines.getLast().length());
            }
            // a prompt can look like one pair; the parameters are always more
            if (fields.containsKey("Steps") || fields.size() > 2) {
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
        return new Infotext(
                String.join("\n", prompt), negative == null ? "" : String.join("\n", negative), fields);
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

    static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static String quoted(String value) {
        if (value.indexOf(',') < 0 && value.indexOf(':') < 0 && value.indexOf('\n') < 0 && value.indexOf('"') < 0) {
            return value;
        }
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static String unquoted(String value) {
        if (value.length() < 2 || value.charAt(0) != '"') {
            return value;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 1; i < value.length() - 1; i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
                c = value.charAt(i) == 'n' ? '\n' : value.charAt(i);
            }
            plain.append(c);
        }
        return plain.toString();
    }
}
