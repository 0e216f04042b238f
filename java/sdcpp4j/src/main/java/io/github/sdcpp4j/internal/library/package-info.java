/**
 * How the native library gets into the process: found on disk or extracted from a jar, loaded, compared with the bindings, and
 * its log lines brought to Java's logger.
 *
 * <p>Start at {@link io.github.sdcpp4j.internal.library.NativeLibrary}.
 */
package io.github.sdcpp4j.internal.library;
