package io.github.sdcpp4j;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a model runs in a process of its own: a child JVM that the library starts, feeds and restarts. What would end this
 * process, a crash in native code or the kernel's out-of-memory kill, then ends only the child: the running request fails
 * with a {@link WorkerException}, and the next one gets a fresh child with the model loaded again. Its listener then hears of
 * {@link Phase#LOAD} first.
 *
 * <p>This process loads no native code for such a model. Pictures are handed over through a file without a name in
 * {@code java.io.tmpdir}, which has to have room for one request's pictures. The child ends when this process does.
 *
 * @param idleTimeout a child without work for so long is ended, which gives the memory back; the next request starts
 *     another; empty keeps it until the model is closed. Empty by default
 * @param jvmOptions options of the child JVM, such as {@code -Xmx512m}; {@code -Xmx256m} by default: pictures and weights
 *     live outside its heap, but for the picture of an {@link ImageToImage} and {@link Previews}. {@code JAVA_TOOL_OPTIONS} and the like are
 *     meant for this JVM and are not passed on
 * @param classPath the class path of the child, with this library on it; empty takes it from where this library was loaded
 */
public record WorkerOptions(Optional<Duration> idleTimeout, List<String> jvmOptions, Optional<String> classPath) {

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when the idle timeout is not positive
     */
    public WorkerOptions {
        idleTimeout.ifPresent(value -> Check.that(
                value.isPositive(), "idle timeout is %s: give a positive duration, or none".formatted(value)));
        jvmOptions = List.copyOf(jvmOptions);
        classPath.ifPresent(value -> Check.text("class path", value));
    }

    /**
     * Returns the defaults.
     *
     * @return no idle timeout, a small heap, this library's own class path
     */
    public static WorkerOptions defaults() {
        return new WorkerOptions(Optional.empty(), List.of("-Xmx256m"), Optional.empty());
    }

    /**
     * The same with another idle timeout.
     *
     * @param value how long a child waits for work
     * @return the options
     */
    public WorkerOptions withIdleTimeout(Duration value) {
        return new WorkerOptions(Optional.of(value), jvmOptions, classPath);
    }

    /**
     * The same with other options of the child JVM.
     *
     * @param value such as {@code -Xmx512m}
     * @return the options
     */
    public WorkerOptions withJvmOptions(String... value) {
        return new WorkerOptions(idleTimeout, List.of(value), classPath);
    }

    /**
     * The same with another class path.
     *
     * @param value with this library on it
     * @return the options
     */
    public WorkerOptions withClassPath(String value) {
        return new WorkerOptions(idleTimeout, jvmOptions, Optional.of(value));
    }
}
