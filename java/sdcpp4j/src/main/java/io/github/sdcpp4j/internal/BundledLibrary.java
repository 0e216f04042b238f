package io.github.sdcpp4j.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** The library inside a natives jar. */
record BundledLibrary(String folder, CachedFile file) {

    /** The jar on the class path for this platform, if there is one. */
    static Optional<BundledLibrary> find(Platform platform) throws IOException {
        String folder = "io/github/sdcpp4j/natives/" + platform.classifier() + "/";
        try (InputStream in = open(folder + "natives.properties")) {
            if (in == null) {
                return Optional.empty();
            }
            Properties index = new Properties();
            index.load(in);
            return Optional.of(new BundledLibrary(
                    folder, new CachedFile(index.getProperty("library"), index.getProperty("sha256"))));
        }
    }

    private static InputStream open(String resource) {
        return BundledLibrary.class.getClassLoader().getResourceAsStream(resource);
    }

    /** Returns the extracted file below {@code cache}, extracting it when it is not there yet. */
    Path extract(Path cache) throws IOException {
        return file.in(cache, out -> {
            try (InputStream in = open(folder + file.name())) {
                if (in == null) {
                    throw new IOException("the natives jar lists " + file.name() + " but does not hold it");
                }
                in.transferTo(Channels.newOutputStream(out));
            }
        });
    }
}
