/**
 * The pre-flight of model files, in pure Java: the header of a checkpoint is read and judged before any native call.
 *
 * <p>The native runtime trusts what a header says; a damaged one makes it abort or read past the end of a mapping, and
 * then the whole JVM is gone. Here the same file costs one exception with one sentence. Tensor data is never touched.
 *
 * <p>Start at {@link io.github.sdcpp4j.internal.checkpoint.CheckpointHeader#read}, which judges one file, and at
 * {@link io.github.sdcpp4j.internal.checkpoint.Preflight#of}, which judges the files of a load: what each one is, and
 * whether it belongs where it was given. A pickle is read, never run.
 */
package io.github.sdcpp4j.internal.checkpoint;
