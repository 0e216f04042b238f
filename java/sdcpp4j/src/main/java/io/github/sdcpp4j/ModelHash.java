package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.checkpoint.FileDigest;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * What model sites and web UIs know a file by. It takes all of the file's bytes, so it is computed only when asked for:
 * neither {@link CheckpointInfo#read} nor loading a model does.
 *
 * @param sha256 the SHA-256 of the file, 64 hexadecimal digits; kept in lower case
 */
public record ModelHash(String sha256) {

    private static final int AUTO_V2_DIGITS = 10;

    /**
     * Checks the digits.
     *
     * @throws InvalidRequestException when they are not 64 hexadecimal ones
     */
    public ModelHash {
        Objects.requireNonNull(sha256, "sha256");
        Check.that(sha256.matches("[0-9a-fA-F]{64}"),
                "the SHA-256 is '%s': give its 64 hexadecimal digits".formatted(sha256));
        sha256 = sha256.toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a file from its beginning to its end; a few gigabytes take seconds. An interrupt of the thread stops it.
     *
     * @param file any file; it need not be a model
     * @return its hash
     * @throws CheckpointException when the file is missing, empty or cannot be read
     * @throws CancelledException when the thread is interrupted; its interrupt status stays set
     */
    public static ModelHash of(Path file) {
        return new ModelHash(FileDigest.sha256(file));
    }

    /**
     * Returns what CIVITAI calls AutoV2 and web UIs write into pictures as {@code Model hash}: the first ten digits.
     *
     * @return ten hexadecimal digits in lower case; CIVITAI shows them in upper case
     */
    public String autoV2() {
        return sha256.substring(0, AUTO_V2_DIGITS);
    }
}
