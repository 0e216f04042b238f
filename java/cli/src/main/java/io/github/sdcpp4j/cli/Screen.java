package io.github.sdcpp4j.cli;

import java.io.PrintStream;

/**
 * Where progress and errors go.
 *
 * @param err the stream, usually standard error
 * @param terminal what the stream ends in
 */
record Screen(PrintStream err, Terminal terminal) {}
