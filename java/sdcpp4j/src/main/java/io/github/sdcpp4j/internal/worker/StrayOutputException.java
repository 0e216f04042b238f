package io.github.sdcpp4j.internal.worker;

import java.io.IOException;

/** Somebody wrote into the stream of frames: nothing behind that can be trusted. */
final class StrayOutputException extends IOException {

    private static final long serialVersionUID = 1L;

    StrayOutputException(String text) {
        super("its standard output, which is kept for messages, holds something else: \"" + text + "\"");
    }
}
