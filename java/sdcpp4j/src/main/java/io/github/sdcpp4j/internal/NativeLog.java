package io.github.sdcpp4j.internal;

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
final class NativeLog {

    private static final Logger LOG = System.getLogger("io.github.sdcpp4j.native");

    private NativeLog() {}

    static void install() {
        int minimum = LOG.isLoggable(Level.TRACE) ? sdcpp4j_h.SD_LOG_DEBUG()
                : LOG.isLoggable(Level.DEBUG) ? sdcpp4j_h.SD_LOG_INFO()
                : sdcpp4j_h.SD_LOG_WARN();
        sdcpp4j_h.sdcpp4j_set_log(sdcpp4j_log_fn.allocate(NativeLog::onLine, Arena.global()), minimum);
    }

    private static void onLine(int level, MemorySegment text) {
        try {
            LOG.log(levelOf(level), text.reinterpret(Long.MAX_VALUE).getString(0));
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
