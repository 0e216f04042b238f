package io.github.sdcpp4j.internal.library;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The library inside a natives jar: one file to load, and the modules that it loads itself from its own folder. The list is
 * {@code natives.properties}, which names the library and has a SHA-256 for each file:
 *
 * <pre>
 * library=libsdcpp4j.so
 * sha256.libsdcpp4j.so=...
 * sha256.libsdcpp4j-cpu-haswell.so=...
 * </pre>
 *
 * @param folder of the resources, with a slash at the end
 * @param modules what lies beside the library
 * @param library what is loaded
 */
record BundledLibrary(String folder, List<CachedFile> modules, CachedFile library) {

    private static final String DIGEST = "sha256.";

    /** The jar on the class path for this platform, if there is one; one with CUDA goes before one without. */
    static Optional<BundledLibrary> find(Platform platform) throws IOException {
        for (String kind : platform.nativesFolders()) {
            String folder = "io/github/sdcpp4j/natives/" + kind + "/";
            try (InputStream in = open(folder + "natives.properties")) {
                if (in != null) {
                    Properties index = new Properties();
                    index.load(in);
                    return Optional.of(of(folder, index));
                }
            }
        }
        return Optional.empty();
    }

    private static BundledLibrary of(String folder, Properties index) throws IOException {
        String name = index.getProperty("library", "");
        List<CachedFile> modules = new ArrayList<>();
        CachedFile library = null;
        for (String key : index.stringPropertyNames().stream().filter(key -> key.startsWith(DIGEST)).sorted().toList()) {
            CachedFile file = new CachedFile(key.substring(DIGEST.length()), index.getProperty(key));
            if (file.name().equals(name)) {
                library = file;
            } else {
                modules.add(file);
            }
        }
        if (library == null) {
            throw new IOException("its jar is damaged: natives.properties has no SHA-256 of the library '" + name + "'");
        }
        return new BundledLibrary(folder, modules, library);
    }

    private static InputStream open(String resource) {
        return BundledLibrary.class.getClassLoader().getResourceAsStream(resource);
    }

    /**
     * Extracts what is not there yet, all of it into one folder that is named by the content, the library last: where it is,
     * all is.
     *
     * @return the library's file below {@code cache}
     */
    Path extract(Path cache) throws IOException {
        StringBuilder content = new StringBuilder();
        for (CachedFile file : modules) {
            content.append(file.sha256()).append(' ').append(file.name()).append('\n');
        }
        content.append(library.sha256()).append(' ').append(library.name()).append('\n');
        String key = CachedFile.key(CachedFile.sha256(content.toString().getBytes(StandardCharsets.UTF_8)));
        for (CachedFile file : modules) {
            file.in(cache, key, unpack(file));
        }
        return library.in(cache, key, unpack(library));
    }

    private CachedFile.Content unpack(CachedFile file) {
        return out -> {
            try (InputStream in = open(folder + file.name())) {
                if (in == null) {
                    throw new IOException("the natives jar lists " + file.name() + " but does not hold it");
                }
                in.transferTo(Channels.newOutputStream(out));
            }
        };
    }
}
