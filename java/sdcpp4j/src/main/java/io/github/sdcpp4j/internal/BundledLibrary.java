package io.github.sdcpp4j.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;

/**
 * The library inside a natives jar, extracted once into a folder named by its SHA-256: an upgrade gets another folder, two
 * processes that extract at once write the same bytes, and a half-written file never has the final name.
 */
record BundledLibrary(String folder, String name, String sha256) {

    /** The jar on the class path for this platform, if there is one. */
    static Optional<BundledLibrary> find(Platform platform) throws IOException {
        String folder = "io/github/sdcpp4j/natives/" + platform.classifier() + "/";
        try (InputStream in = open(folder + "natives.properties")) {
            if (in == null) {
                return Optional.empty();
            }
            Properties index = new Properties();
            index.load(in);
            return Optional.of(new BundledLibrary(folder, index.getProperty("library"), index.getProperty("sha256")));
        }
    }

    private static InputStream open(String resource) {
        return BundledLibrary.class.getClassLoader().getResourceAsStream(resource);
    }

    /** Returns the extracted file below {@code cache}, extracting it when it is not there yet. */
    Path extract(Path cache) throws IOException {
        Path target = cache.resolve("sdcpp4j").resolve(sha256.substring(0, 16)).resolve(name);
        if (Files.isRegularFile(target)) {
            return target;
        }
        Files.createDirectories(target.getParent());
        Path unfinished = Files.createTempFile(target.getParent(), name, ".part");
        try {
            String digest = copy(unfinished);
            if (!digest.equals(sha256)) {
                throw new IOException("the natives jar is damaged: %s has SHA-256 %s, expected %s".formatted(name, digest, sha256));
            }
            move(unfinished, target);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return target;
    }

    private String copy(Path target) throws IOException {
        try (InputStream in = open(folder + name)) {
            if (in == null) {
                throw new IOException("the natives jar lists " + name + " but does not hold it");
            }
            DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
            Files.copy(digesting, target, StandardCopyOption.REPLACE_EXISTING);
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e)); // every JDK has SHA-256
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
