package io.github.sdcpp4j.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Tells whether a stream is a terminal, and how wide it is. */
interface Terminal {

    /** A pipe, a file, or nothing. */
    Terminal NONE = () -> 0;

    /**
     * Returns the width, which changes when the window does.
     *
     * @return columns, or 0 when there is no terminal
     */
    int columns();

    /** Returns what standard error is, which {@link System#console()} does not know: it looks at the other two streams. */
    static Terminal ofStandardError() {
        return StandardError.isTerminal() ? StandardError::columns : NONE;
    }

    /** The C library's view of file descriptor 2. */
    final class StandardError {

        private static final int DESCRIPTOR = 2;
        private static final int USUAL_COLUMNS = 80;
        private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
        private static final boolean MAC = System.getProperty("os.name").startsWith("Mac");

        /** {@code TIOCGWINSZ}: fills a {@code struct winsize} of four shorts, rows first. */
        private static final long GET_WINDOW_SIZE = MAC ? 0x40087468L : 0x5413L;

        private static final Optional<MethodHandle> ISATTY =
                function(WINDOWS ? "_isatty" : "isatty", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        private static final Optional<MethodHandle> IOCTL = WINDOWS ? Optional.empty() : function(
                "ioctl",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));

        private StandardError() {}

        private static Optional<MethodHandle> function(String name, FunctionDescriptor type, Linker.Option... options) {
            Linker linker = Linker.nativeLinker();
            return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, type, options));
        }

        static boolean isTerminal() {
            try {
                return ISATTY.isPresent() && (int) ISATTY.get().invokeExact(DESCRIPTOR) != 0;
            } catch (Throwable t) {
                throw new AssertionError(t); // a C function throws nothing
            }
        }

        static int columns() {
            if (IOCTL.isEmpty()) {
                return USUAL_COLUMNS;
            }
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4);
                int status = (int) IOCTL.get().invokeExact(DESCRIPTOR, GET_WINDOW_SIZE, size);
                int columns = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1));
                // a pseudo terminal without a window has the size 0
                return status == 0 && columns > 0 ? columns : USUAL_COLUMNS;
            } catch (Throwable t) {
                throw new AssertionError(t); // a C function throws nothing
            }
        }
    }
}
