package io.github.sdcpp4j;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A picture's size.
 *
 * @param width pixels, 1 or more
 * @param height pixels, 1 or more
 */
public record Resolution(int width, int height) {

    private static final Pattern WRITTEN = Pattern.compile("\\s*([1-9][0-9]{0,4})\\s*[xX]\\s*([1-9][0-9]{0,4})\\s*");

    /**
     * Reads a size as {@code modelspec.resolution} in a file's metadata has it.
     *
     * @param text such as {@code 1024x1024}
     * @return the size, or empty when the text is none
     */
    public static Optional<Resolution> parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        return matcher.matches()
                ? Optional.of(new Resolution(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
