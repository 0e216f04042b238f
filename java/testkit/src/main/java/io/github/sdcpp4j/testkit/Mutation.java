package io.github.sdcpp4j.testkit;

import java.util.List;

/**
 * What is done to a file in order to damage it. Its text says all that a failure message needs: seed, kind and places.
 *
 * @see Mutations#at
 */
public final class Mutation {

    /** The kinds of damage. */
    public enum Kind {
        /** Bits or bytes of the header at random places. */
        FLIP,
        /** A binary number of the header is replaced by one that programs stumble over. */
        NUMBER,
        /** The file ends too early, or too late. */
        LENGTH,
        /** The header is well-formed but says something else. */
        EDIT,
        /** Tensor data becomes NaN, infinite or random; nothing in the file tells. */
        WEIGHTS
    }

    private final long seed;
    private final Kind kind;
    private final String what;
    private final List<Patch> patches;
    private final long fileBytes;

    Mutation(long seed, Kind kind, String what, List<Patch> patches, long fileBytes) {
        this.seed = seed;
        this.kind = kind;
        this.what = what;
        this.patches = List.copyOf(patches);
        this.fileBytes = fileBytes;
    }

    /** The seed that it follows from. */
    public long seed() {
        return seed;
    }

    /** Its kind. */
    public Kind kind() {
        return kind;
    }

    List<Patch> patches() {
        return patches;
    }

    /** The length of the damaged file. */
    long fileBytes() {
        return fileBytes;
    }

    @Override
    public String toString() {
        return "mutation " + seed + ", " + kind + ": " + what;
    }
}
