package io.github.sdcpp4j.cli;

import picocli.CommandLine.IVersionProvider;

/** The answer to {@code --version}: this program's version, from the jar's manifest, and the Java it runs on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "sdcpp4j %s (Java %s, %s %s)".formatted(
                    version == null ? "development" : version,
                    System.getProperty("java.version"),
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"))
        };
    }
}
