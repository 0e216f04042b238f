package io.github.sdcpp4j.support;

import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.library.NativeLibrary;

/** What native code has handed out in this process and not got back: contexts, picture arrays, calls in progress. */
public final class LiveObjects {

    private LiveObjects() {}

    public static long count() {
        NativeLibrary.ensureLoaded();
        return sdcpp4j_h.sdcpp4j_live_objects();
    }
}
