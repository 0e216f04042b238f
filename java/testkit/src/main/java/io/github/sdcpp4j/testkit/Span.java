package io.github.sdcpp4j.testkit;

/**
 * A part of a file.
 *
 * @param start  its first byte
 * @param length number of bytes
 */
record Span(long start, long length) {
    long end() {
        return start + length;
    }

    Span movedBy(long distance) {
        return new Span(start + distance, length);
    }
}
