package io.github.sdcpp4j.schedulers;

/** The timesteps of a run, and which one comes next. */
final class TimestepList {

    private static final int NOT_BEGUN = -1;

    private final double[] values;
    private int next = NOT_BEGUN;

    /** Takes the array over. */
    TimestepList(double[] values) {
        this.values = values;
    }

    double[] toArray() {
        return values.clone();
    }

    double at(int index) {
        return values[index];
    }

    int size() {
        return values.length;
    }

    /** Where a timestep stands: the second place of one that stands there twice, as diffusers has it, but for the very first. */
    int indexOf(double timestep) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == timestep) {
                boolean twice = i > 0 && i + 1 < values.length && values[i + 1] == timestep;
                return twice ? i + 1 : i;
            }
        }
        Require.that(false, "timestep %s is not one of the %d timesteps from %s to %s: take one of timesteps()",
                timestep, values.length, values[0], values[values.length - 1]);
        return NOT_BEGUN;
    }

    /** Where the timestep to step now stands; the next call wants the one after it. */
    int take(double timestep) {
        if (next == values.length) {
            throw new IllegalStateException(
                    "all of the %d timesteps are done: call setTimesteps to begin again".formatted(values.length));
        }
        int index = next == NOT_BEGUN ? indexOf(timestep) : next;
        Require.that(values[index] == timestep,
                "timestep %s is not the next one, which is %s: step in the order of timesteps(), or call setTimesteps to begin again",
                timestep, values[index]);
        next = index + 1;
        return index;
    }
}
