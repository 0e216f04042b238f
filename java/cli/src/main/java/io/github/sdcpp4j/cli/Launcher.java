package io.github.sdcpp4j.cli;

/**
 * Where the runnable jar starts. Compiled for Java 8, so that an old Java says what is missing in one sentence instead of
 * refusing the class file; nothing of {@link Main} is loaded before the check.
 */
public final class Launcher {

    static final int NEEDED = 22;

    private Launcher() {}

    /**
     * Checks the Java version, then runs {@link Main}.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        if (feature(System.getProperty("java.specification.version")) < NEEDED) {
            System.err.println(refusal(System.getProperty("java.version"), System.getProperty("java.home")));
            System.exit(2);
        }
        Main.main(args);
    }

    /** Reads {@code 1.8} as 8 and {@code 17} as 17. */
    static int feature(String specificationVersion) {
        String[] parts = specificationVersion.split("\\.");
        return Integer.parseInt(parts[0].equals("1") && parts.length > 1 ? parts[1] : parts[0]);
    }

    static String refusal(String version, String home) {
        return "error: sdcpp4j needs Java " + NEEDED + " or newer, this is Java " + version + " (" + home
                + "): run it with a newer java";
    }
}
