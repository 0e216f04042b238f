/**
 * Stable Diffusion in the JVM's own process: a binding of stable-diffusion.cpp.
 *
 * <p>Start at {@link io.github.sdcpp4j.StableDiffusion}. The library depends on the JDK alone; the native library comes
 * from a jar with a classifier or from a folder named by the system property {@code sdcpp4j.library.path}.
 */
module io.github.sdcpp4j {
    requires transitive java.desktop;
    requires jdk.jfr;

    exports io.github.sdcpp4j;
    exports io.github.sdcpp4j.components;
    exports io.github.sdcpp4j.schedulers;
    exports io.github.sdcpp4j.spi;

    uses io.github.sdcpp4j.spi.DemoCheckpoint;
}
