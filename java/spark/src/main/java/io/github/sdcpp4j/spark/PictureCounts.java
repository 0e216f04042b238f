package io.github.sdcpp4j.spark;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * How many pictures were made and how many rows failed, as Spark's UI shows it on the page of a stage: {@code pictures done} and
 * {@code pictures failed}. A task that is run again counts again; the rows themselves come once.
 */
public final class PictureCounts implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Pictures made. */
    private final LongAccumulator done;

    /** Rows that failed. */
    private final LongAccumulator failed;

    private PictureCounts(LongAccumulator done, LongAccumulator failed) {
        this.done = done;
        this.failed = failed;
    }

    /**
     * Starts at 0.
     *
     * @param context where they are shown
     * @return the counts
     */
    public static PictureCounts in(SparkContext context) {
        return new PictureCounts(context.longAccumulator("pictures done"), context.longAccumulator("pictures failed"));
    }

    /**
     * Returns how many pictures the tasks that ended have made.
     *
     * @return the number; on the driver only
     */
    public long done() {
        return done.value();
    }

    /**
     * Returns how many rows of the tasks that ended have failed.
     *
     * @return the number; on the driver only
     */
    public long failed() {
        return failed.value();
    }

    void countDone() {
        done.add(1L);
    }

    void countFailed() {
        failed.add(1L);
    }
}
