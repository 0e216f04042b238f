package io.github.sdcpp4j.internal.checkpoint;

import java.nio.file.Path;

/** What a model is called after its file. */
public final class FileNames {

    private FileNames() {
    }

    /**
     * The name of a file without its ending.
     *
     * @param file the file
     * @return such as {@code model.v2} of {@code folder/model.v2.gguf}
     */
    public static String stem(Path file) {
        return stem(String.valueOf(file.getFileName()));
    }

    /**
     * The same of a name.
     *
     * @param name a file's name without its folder
     * @return the name up to its last dot; the whole where that is its first character, or there is none
     */
    public static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
