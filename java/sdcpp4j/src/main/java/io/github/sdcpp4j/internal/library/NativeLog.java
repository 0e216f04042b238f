package io.github.sdcpp4j.internal.library;

import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_log_fn;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native log lines on the way to the {@link System.Logger} {@code io.github.sdcpp4j.native}. The runtime is talkative: its
 * INFO becomes DEBUG here, its DEBUG becomes TRACE. The levels are read once, when the library is loaded, so that lines
 * nobody wants are not even formatted.
 */
public final class NativeLog {

    private static final Logger LOG = System.getLogger("io.github.sdcpp4j.native");

    /** Takes lines, on any thread. */
    @FunctionalInterface
    public interface Sink {
        /** One line. */
        void line(Level level, String text);
    }

    /** Where lines go, and from which level on. */
    private record Target(Sink sink, Level minimum) {}

    private static volatile Target redirected;

    private NativeLog() {}

    /** The level from which on lines are wanted by this process's logger: TRACE, DEBUG or WARNING. */
    public static Level minimum() {
        return LOG.isLoggable(Level.TRACE) ? Level.TRACE : LOG.isLoggable(Level.DEBUG) ? Level.DEBUG : Level.WARNING;
    }

    /** Logs a line that came from another process. */
    public static void log(Level level, String text) {
        LOG.log(level, text);
    }

    /** Sends the lines elsewhere; to be called before the library is loaded. */
    public static void redirect(Sink sink, Level minimum) {
        redirected = new Target(sink, minimum);
    }

    static void install() {
        Target target = redirected == null ? new Target(NativeLog::log, minimum()) : redirected;
        int minimum = switch (target.minimum) {
            case TRACE -> sdcpp4j_h.SD_LOG_DEBUG();
            case DEBUG -> sdcpp4j_h.SD_LOG_INFO();
            default -> sdcpp4j_h.SD_LOG_WARN();
        };
        sdcpp4j_h.sdcpp4j_set_log(
                sdcpp4j_log_fn.allocate((level, text) -> onLine(target.sink, level, text), Arena.global()), minimum);
    }

    private static void onLine(Sink sink, int level, MemorySegment text) {
        try {
            sink.line(levelOf(level), text.reinterpret(Long.MAX_VALUE).getString(0));
        } catch (Throwable t) {
            // A logger that throws must not end the JVM, which is what an exception out of an upcall does.
        }
    }

    static Level levelOf(int nativeLevel) {
        return switch (nativeLevel) {
            case 0 -> Level.TRACE;
            case 1 -> Level.DEBUG;
            case 2 -> Level.WARNING;
            default -> Level.ERROR;
        };
    }
}
