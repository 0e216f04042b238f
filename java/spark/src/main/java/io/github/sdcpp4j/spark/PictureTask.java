package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.StableDiffusionException;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * The work of a task: a row in, a row with its picture out, one at a time.
 *
 * @param requests where in a row its request is
 * @param results the rows that come back
 * @param options which model, and how it is loaded
 * @param key what equal options have in common
 * @param counts what counts the pictures
 * @param maxFailures attempts that Spark gives a task
 */
record PictureTask(
        RequestColumns requests, ResultColumns results, SparkImageOptions options, String key, PictureCounts counts, int maxFailures)
        implements MapPartitionsFunction<Row, Row> {

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        TaskContext task = TaskContext.get();
        TaskDevice device = TaskDevice.of(task);
        boolean lastAttempt = task.attemptNumber() + 1 >= maxFailures;
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                return result(rows.next(), device, lastAttempt);
            }
        };
    }

    private Row result(Row row, TaskDevice device, boolean lastAttempt) {
        RowValues values = requests.of(row);
        try {
            ImageRequest request = RowRequest.of(values, options.request());
            GeneratedImage picture = ExecutorModels.EXECUTOR.use(
                    device.name(), key, () -> LoadedModel.load(options, device), model -> model.generate(request));
            Row result = results.picture(row, picture);
            counts.countDone();
            return result;
        } catch (StableDiffusionException e) {
            if (!RowFailure.isOfTheRow(e, lastAttempt)) {
                throw e;
            }
            counts.countFailed();
            return results.failure(row, seed(values), RowFailure.sentence(e));
        }
    }

    private static Long seed(RowValues values) {
        try {
            return RowRequest.seed(values);
        } catch (InvalidRequestException e) {
            return null;
        }
    }
}
