package io.github.sdcpp4j.testkit;

/**
 * Other bytes for a part of a file.
 *
 * @param start where they go
 * @param bytes what goes there
 */
record Patch(long start, byte[] bytes) {
    Span span() {
        return new Span(start, bytes.length);
    }
}
