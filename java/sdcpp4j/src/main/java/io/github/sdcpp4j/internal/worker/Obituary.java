package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.WorkerException;

/** Says how a process ended. */
final class Obituary {

    /** The exit code of a process that never ran. */
    static final int NEVER_RAN = -1;

    private Obituary() {}

    /**
     * Makes the exception for a process that has ended.
     *
     * @param when such as {@code while it loaded the model}
     * @param remedy what to do
     * @param exitCode as the JVM reports it
     * @param lines what the process said
     * @param cause how the end was noticed
     */
    static WorkerException of(String when, String remedy, int exitCode, LastLines lines, Throwable cause) {
        // A JVM that reports a crash ends with another code, which depends on its options; what it died of is in the report.
        int code = lines.crashSignal().isPresent() ? 128 + lines.crashSignal().getAsInt() : exitCode;
        String how = code > 128 && code < 160 ? "was ended by " + signalName(code - 128) : "ended with exit code " + code;
        String hint = code == 128 + 9 ? ", as the kernel does when memory runs out" : "";
        String said = lines.essence().isEmpty() ? "" : "; it said last: " + String.join(" | ", lines.essence());
        if (cause instanceof StrayOutputException && lines.crashSignal().isEmpty()) {
            how = "was stopped, since " + cause.getMessage() + ",";
            hint = "";
        }
        return new WorkerException(
                "the worker process %s %s%s: %s%s".formatted(how, when, hint, remedy, said),
                code, lines.all(), cause);
    }

    private static String signalName(int signal) {
        return switch (signal) {
            case 1 -> "SIGHUP";
            case 2 -> "SIGINT";
            case 4 -> "SIGILL";
            case 6 -> "SIGABRT";
            case 7 -> "SIGBUS";
            case 8 -> "SIGFPE";
            case 9 -> "SIGKILL";
            case 11 -> "SIGSEGV";
            case 15 -> "SIGTERM";
            default -> "signal " + signal;
        };
    }
}
