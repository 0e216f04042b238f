package io.github.sdcpp4j.spark;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** What becomes of the tasks that make pictures, as Spark tells its driver: those of a job's last stage. */
final class ClusterEvents extends SparkListener {

    private final Set<String> executors = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lostTasks = new AtomicInteger();
    private final AtomicInteger lostExecutors = new AtomicInteger();
    private final CountDownLatch started;

    /** {@code tasks} have to be done before {@link #awaitStart} returns. */
    ClusterEvents(int tasks) {
        started = new CountDownLatch(tasks);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (!end.taskType().equals("ResultTask")) {
            return;
        }
        if (end.taskInfo().successful()) {
            executors.add(end.taskInfo().executorId());
            started.countDown();
        } else {
            lostTasks.incrementAndGet();
        }
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        lostExecutors.incrementAndGet();
    }

    void awaitStart() throws InterruptedException {
        if (!started.await(5, TimeUnit.MINUTES)) {
            throw new AssertionError("no task has ended in five minutes");
        }
    }

    /** The executors that have done a task. */
    Set<String> executors() {
        return executors;
    }

    int lostTasks() {
        return lostTasks.get();
    }

    int lostExecutors() {
        return lostExecutors.get();
    }
}
