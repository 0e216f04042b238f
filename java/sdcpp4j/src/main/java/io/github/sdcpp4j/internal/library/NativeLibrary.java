package io.github.sdcpp4j.internal.library;

import io.github.sdcpp4j.NativeLibraryException;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds, loads and checks the native library, once per process:
 *
 * <ol>
 *   <li>the file or folder named by the system property {@code sdcpp4j.library.path}, and nothing else when it is set;
 *   <li>a natives jar on the class path, with CUDA or else without, extracted below {@code sdcpp4j.cache.dir} or the user's
 *       cache folder;
 *   <li>the folders of {@code java.library.path}.
 * </ol>
 */
public final class NativeLibrary {

    /** The system property that names the library. */
    public static final String PATH_PROPERTY = "sdcpp4j.library.path";

    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * Makes sure that the bindings can be used.
     *
     * @throws NativeLibraryException when there is no library, or it is not the one that the bindings were made for
     */
    public static synchronized void ensureLoaded() {
        if (loaded) {
            return;
        }
        Path file = locate();
        try {
            System.load(file.toString());
        } catch (UnsatisfiedLinkError e) {
            throw new NativeLibraryException(
                    "%s cannot be loaded: %s. %s; the natives jar must be of this platform (%s)"
                            .formatted(file, e.getMessage(), Platform.current().whatIsMissing(file), Platform.current().classifier()), e);
        }
        if (SymbolLookup.loaderLookup().find("sdcpp4j_abi_version").isEmpty()) {
            throw new NativeLibraryException(
                    file + " is not the sdcpp4j library: point " + PATH_PROPERTY + " to the folder that a build of native/ installs");
        }
        LibraryIdentity.mismatch(LibraryIdentity.ofBindings(), LibraryIdentity.ofLibrary()).ifPresent(difference -> {
            throw new NativeLibraryException(
                    "%s does not belong to this version of sdcpp4j: %s. Use the natives of the same version, or build native/ again"
                            .formatted(file, difference));
        });
        NativeLog.install();
        loaded = true;
    }

    /**
     * Finds the library without loading it; one in a natives jar is extracted.
     *
     * @return the file that {@link #ensureLoaded()} loads
     * @throws NativeLibraryException when there is none
     */
    public static Path locate() {
        return find(Platform.current());
    }

    private static Path find(Platform platform) {
        List<String> tried = new ArrayList<>();
        String fileName = System.mapLibraryName("sdcpp4j");
        String configured = System.getProperty(PATH_PROPERTY);
        if (configured != null && !configured.isEmpty()) {
            Path path = Path.of(configured).toAbsolutePath();
            Path file = Files.isDirectory(path) ? path.resolve(fileName) : path;
            if (Files.isRegularFile(file)) {
                return file;
            }
            throw new NativeLibraryException(
                    "there is no %s, which the system property %s asks for: correct it or leave it out".formatted(file, PATH_PROPERTY));
        }

        IOException failure = null;
        try {
            Optional<BundledLibrary> bundled = BundledLibrary.find(platform);
            if (bundled.isPresent()) {
                return bundled.get().extract(CachedFile.cache());
            }
            tried.add("no jar sdcpp4j-natives with the classifier natives-%s or natives-%s-cuda on the class path"
                    .formatted(platform.classifier(), platform.classifier()));
        } catch (IOException e) {
            failure = e;
            tried.add("the natives jar could not be extracted to %s (%s; %s)"
                    .formatted(CachedFile.cache(), e.getMessage(), CachedFile.whereElse()));
        }

        for (String folder : System.getProperty("java.library.path", "").split(File.pathSeparator)) {
            Path file = Path.of(folder).resolve(fileName).toAbsolutePath();
            if (!folder.isEmpty() && Files.isRegularFile(file)) {
                return file;
            }
        }
        tried.add("no " + fileName + " in java.library.path (" + System.getProperty("java.library.path") + ")");
        throw new NativeLibraryException(
                "the native library was not found: %s. Add the natives jar, or set -D%s=DIR"
                        .formatted(String.join("; ", tried), PATH_PROPERTY), failure);
    }
}
