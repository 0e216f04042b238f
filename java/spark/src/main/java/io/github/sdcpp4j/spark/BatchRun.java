package io.github.sdcpp4j.spark;

import java.io.PrintWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Makes all pictures of a file of requests, chunk by chunk: what a chunk has written stays when the application ends early.
 *
 * @param chunkRows about how many rows are written together
 * @param taskRows about how many rows a task has
 */
record BatchRun(SparkSession spark, RequestFiles requests, SparkImageOptions options, Results results, int chunkRows, int taskRows) {

    /** Runs to the end and says on {@code out} what was done. */
    void run(PrintWriter out) {
        spark.sparkContext().setJobDescription("reading the requests");
        Dataset<Row> keyed = KeyedRows.of(requests.read(spark));
        Dataset<Row> remaining = results.remaining(keyed).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            long before = results.done();
            long rows = remaining.count();
            out.printf("%d pictures to make, %d are there already%n", rows, before);
            make(remaining, rows, out);
            out.printf("%d pictures made, %d rows failed%n", results.done() - before, results.failed());
        } finally {
            remaining.unpersist();
        }
    }

    private void make(Dataset<Row> remaining, long rows, PrintWriter out) {
        PictureCounts counts = PictureCounts.in(spark.sparkContext());
        int chunks = Math.toIntExact(Math.ceilDiv(rows, (long) chunkRows));
        for (int chunk = 0; chunk < chunks; chunk++) {
            String which = "chunk %d of %d".formatted(chunk + 1, chunks);
            spark.sparkContext().setJobDescription("pictures: " + which);
            Dataset<Row> part = remaining
                    .filter(functions.pmod(functions.xxhash64(functions.col(KeyedRows.KEY)), functions.lit(chunks)).equalTo(chunk))
                    .repartition(Math.toIntExact(Math.ceilDiv(rows, (long) chunks * taskRows)));
            long start = System.nanoTime();
            results.add(SparkImages.generate(part, options, counts));
            out.printf("%s: %d s; %d pictures done, %d failed so far%n",
                    which, (System.nanoTime() - start) / 1_000_000_000, counts.done(), counts.failed());
        }
    }
}
