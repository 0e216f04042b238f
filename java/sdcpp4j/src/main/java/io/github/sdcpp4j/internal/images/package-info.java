/**
 * Pictures in pure Java: from a user's picture to the bytes that the runtime takes and back, brought to a size, drawn into grids,
 * and written to files. Nothing here calls native code.
 */
package io.github.sdcpp4j.internal.images;
