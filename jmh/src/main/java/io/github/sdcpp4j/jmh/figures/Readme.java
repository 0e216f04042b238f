package io.github.sdcpp4j.jmh.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts the tables of a run into README.md, each between the marks {@code <!-- PART -->} and {@code <!-- /PART -->}. */
public final class Readme {

    private Readme() {}

    /**
     * Writes: {@code --results FOLDER --readme FILE --machine TEXT --parts "PART PART"}.
     *
     * @param args the options
     * @throws IOException when a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        Options options = new Options(args);
        Path file = options.path("readme");
        String text = Files.readString(file);
        for (String part : options.text("parts").trim().split(" +")) {
            String table = Files.readString(options.path("results").resolve(part + ".md"));
            text = replaced(text, part, options.text("machine") + "\n\n" + table.strip());
        }
        Files.writeString(file, text);
    }

    static String replaced(String text, String part, String content) {
        String begin = "<!-- " + part + " -->\n";
        int from = text.indexOf(begin);
        int to = text.indexOf("<!-- /" + part + " -->");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("the file has no place for " + part + ": " + begin.strip() + " and its end are missing");
        }
        return text.substring(0, from + begin.length()) + "\n" + content + "\n\n" + text.substring(to);
    }
}
