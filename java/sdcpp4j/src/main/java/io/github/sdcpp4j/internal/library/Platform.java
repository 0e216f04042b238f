package io.github.sdcpp4j.internal.library;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What this JVM runs on, in the words of the natives' classifiers. */
public record Platform(String os, String arch) {

    /** The one of this process. */
    public static Platform current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Platform of(String osName, String osArch) {
        String name = osName.toLowerCase(Locale.ROOT);
        String os = name.startsWith("linux") ? "linux"
                : name.startsWith("windows") ? "windows"
                : name.startsWith("mac") ? "osx" : name.replaceAll("[^a-z0-9]", "");
        String arch = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64", "x86-64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch_64";
            default -> osArch.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        };
        return new Platform(os, arch);
    }

    /** Such as {@code linux-x86_64}. */
    public String classifier() {
        return os + "-" + arch;
    }

    /** Where natives jars keep their files, the one to prefer first. */
    List<String> nativesFolders() {
        return List.of(classifier() + "-cuda", classifier());
    }

    /** How to find out what a library wants that is not there. */
    String whatIsMissing(Path library) {
        return switch (os) {
            case "windows" -> "The Visual C++ runtime may be missing, which `dumpbin /dependents " + library + "` tells";
            case "osx" -> "`otool -L " + library + "` names what it needs";
            default -> "`ldd " + library + "` names what is missing";
        };
    }

    /** The folder for what can be made again, by the platform's custom. */
    Path cacheFolder() {
        String home = System.getProperty("user.home");
        String configured = System.getenv(os.equals("windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
        if (configured != null && !configured.isEmpty()) {
            return Path.of(configured);
        }
        return switch (os) {
            case "windows" -> Path.of(home, "AppData", "Local");
            case "osx" -> Path.of(home, "Library", "Caches");
            default -> Path.of(home, ".cache");
        };
    }
}
