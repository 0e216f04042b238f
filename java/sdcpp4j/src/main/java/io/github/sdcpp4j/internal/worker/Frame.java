package io.github.sdcpp4j.internal.worker;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;

/**
 * One message between parent and child.
 *
 * @param kind what it says
 * @param call the number of the load or request that it belongs to; 0 for none
 * @param payload the rest, as the codecs write it
 */
record Frame(Kind kind, int call, byte[] payload) {

    /** Begins every frame: what a stray print writes between two frames is not mistaken for one. */
    static final int MAGIC = 0x5D4A_F7A3;

    /** Longer ones are not written, and not believed when read: pictures go another way. */
    static final int MAX_PAYLOAD = 256 << 20;

    /** What messages say. */
    enum Kind {
        /** To the child: load a model. The first frame. */
        LOAD,
        /** To the child: the file of the shared memory. */
        PIXELS,
        /** To the child: make pictures. */
        GENERATE,
        /** To the child: read a prompt. */
        TOKENIZE,
        /** To the child: stop the call. */
        CANCEL,
        /** To the parent: the call has begun; a death before this has cost nothing. */
        STARTED,
        /** To the parent: a line of the native log. */
        LOG,
        /** To the parent: how far the call is. */
        PROGRESS,
        /** To the parent: what the picture looks like so far. */
        PREVIEW,
        /** To the parent: the load is done. */
        LOADED,
        /** To the parent: the pictures are in the shared memory. */
        PICTURES,
        /** To the parent: the prompt's tokens. */
        TOKENS,
        /** To the parent: the call failed. */
        FAILED
    }

    /** Reads the payload. */
    DataInputStream in() {
        return new DataInputStream(new ByteArrayInputStream(payload));
    }
}
