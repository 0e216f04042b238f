package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.CancelledException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The models that an executor keeps from task to task, and from job to job: one for each device. Another one takes the place of
 * the former, so that the memory of one is enough.
 *
 * <p>{@link #EXECUTOR} is the executor's own. Tasks take turns on a device, in the order of their coming.
 *
 * @param <M> what a model is
 */
final class ExecutorModels<M extends AutoCloseable> {

    /** Those of this JVM. They live as long as it does: a task cannot know whether another one comes. */
    static final ExecutorModels<LoadedModel> EXECUTOR = new ExecutorModels<>();

    private final Map<String, Slot<M>> slots = new ConcurrentHashMap<>();

    /**
     * Works with a model.
     *
     * @param device where it computes
     * @param key which model, and how it is loaded
     * @param load loads it if another one or none is there
     * @param work what to do with it
     * @return the work's result
     * @throws CancelledException when the thread is interrupted in its turn's wait
     * @throws IllegalStateException when the model cannot be loaded
     */
    <T> T use(String device, String key, Supplier<M> load, Function<M, T> work) {
        return slots.computeIfAbsent(device, name -> new Slot<>()).use(key, load, work);
    }

    private static final class Slot<M extends AutoCloseable> {
        private final ReentrantLock turn = new ReentrantLock(true);
        private String key = "";
        private M model;

        <T> T use(String wanted, Supplier<M> load, Function<M, T> work) {
            try {
                turn.lockInterruptibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledException("the task was stopped while it waited for its turn", CancelledException.Reason.INTERRUPTED);
            }
            try {
                if (!wanted.equals(key)) {
                    replace(wanted, load);
                }
                return work.apply(model);
            } finally {
                turn.unlock();
            }
        }

        private void replace(String wanted, Supplier<M> load) {
            try {
                key = "";
                if (model != null) {
                    model.close();
                    model = null;
                }
                model = load.get();
                key = wanted;
            } catch (Exception e) {
                // no row's fault: the task fails, is tried again elsewhere, and ends the job in the end
                throw new IllegalStateException("the model cannot be loaded on this executor: " + e.getMessage(), e);
            }
        }
    }
}
