package io.github.sdcpp4j.internal.checkpoint;

/** A pickle that cannot be understood: because it contradicts itself, or because it does more than describe tensors. */
final class PickleException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean damage;

    private PickleException(String message, boolean damage) {
        super(message, null, false, false);
        this.damage = damage;
    }

    static PickleException damaged(String what) {
        return new PickleException(what, true);
    }

    static PickleException unsupported(String what) {
        return new PickleException(what, false);
    }

    /** Whether no program could have written it so. */
    boolean isDamage() {
        return damage;
    }
}
