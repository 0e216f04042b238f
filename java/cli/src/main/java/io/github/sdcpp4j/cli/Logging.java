package io.github.sdcpp4j.cli;

import java.io.PrintStream;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sends the library's log to standard error, or nowhere. */
final class Logging {

    // java.util.logging forgets the settings of loggers that nobody holds on to
    private static final Logger LIBRARY = Logger.getLogger("io.github.sdcpp4j");
    private static final Logger NATIVE = Logger.getLogger("io.github.sdcpp4j.native");

    private Logging() {}

    static void configure(boolean verbose, PrintStream err) {
        for (Handler handler : LIBRARY.getHandlers()) {
            LIBRARY.removeHandler(handler);
        }
        LIBRARY.setUseParentHandlers(false);
        LIBRARY.setLevel(verbose ? Level.ALL : Level.WARNING);
        // without -v the runtime's lines are inside the exceptions where they matter
        NATIVE.setLevel(verbose ? Level.ALL : Level.OFF);
        LIBRARY.addHandler(new Lines(err));
    }

    /** One line for each record. */
    private static final class Lines extends Handler {
        private final PrintStream err;

        Lines(PrintStream err) {
            this.err = err;
            setFormatter(new Formatter() {
                @Override
                public String format(LogRecord line) {
                    String name = line.getLoggerName().substring(line.getLoggerName().lastIndexOf('.') + 1);
                    return "[%s] %s: %s".formatted(name, word(line.getLevel()), formatMessage(line));
                }
            });
        }

        private static String word(Level level) {
            int value = level.intValue();
            return value >= Level.SEVERE.intValue() ? "error"
                    : value >= Level.WARNING.intValue() ? "warning"
                    : value >= Level.INFO.intValue() ? "info"
                    : value >= Level.FINE.intValue() ? "debug"
                    : "trace";
        }

        @Override
        public void publish(LogRecord line) {
            if (isLoggable(line)) {
                err.println(getFormatter().format(line));
            }
        }

        @Override
        public void flush() {
            err.flush();
        }

        @Override
        public void close() {
            flush();
        }
    }
}
