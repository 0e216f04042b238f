package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CancelledException.Reason;
import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.PreviewMode;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.PromptTokens;
import io.github.sdcpp4j.QueueFullException;
import io.github.sdcpp4j.internal.checkpoint.Preflight;
import io.github.sdcpp4j.internal.flight.FlightRecords;
import io.github.sdcpp4j.internal.worker.WorkerEngine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A loaded model and the queue of calls to it. */
public final class Session {

    private final WorkQueue queue;
    private final Engine engine;
    private final ModelProperties properties;
    private final Semaphore places;
    private final int capacity;
    private final boolean hasTaesd;

    private Session(WorkQueue queue, Engine engine, LoadOptions options) {
        this.queue = queue;
        this.engine = engine;
        this.properties = engine.properties();
        this.capacity = options.queueCapacity();
        this.hasTaesd = options.files().containsKey(ModelFile.TAESD);
        this.places = new Semaphore(capacity);
    }

    /**
     * Checks the files, then loads them. An interrupt stops the loading.
     *
     * @param options the files and how to run them
     * @return the session
     */
    public static Session open(LoadOptions options) {
        WorkQueue queue = new WorkQueue("sdcpp4j " + options.mainFile().getFileName());
        return new Session(queue, queue.open(token -> engine(options, token)), options);
    }

    /** On the model's own thread, where no interrupt closes a file that is being read. */
    private static Engine engine(LoadOptions given, CancelToken token) {
        return FlightRecords.load(given.mainFile(), given.files().values(), () -> {
            LoadOptions options = Preflight.of(given).options();
            return options.worker().isPresent() ? WorkerEngine.load(options, token) : Context.load(options, token);
        });
    }

    /**
     * Returns what is known of the model.
     *
     * @return the properties
     * @throws IllegalStateException when closed
     */
    public ModelProperties properties() {
        queue.checkOpen();
        return properties;
    }

    /**
     * Makes pictures and waits for them. An interrupt of the waiting thread or the request's timeout stops the work.
     *
     * @param request what to make; its seed, sampler and scheduler are decided
     * @param listener hears how far the work is
     * @param previews what to show of it meanwhile
     * @return the pictures
     * @throws InvalidRequestException when this model cannot make such previews
     */
    public Pictures generate(GenerationRequest request, ProgressListener listener, Previews previews) {
        check(previews);
        return queue.call(request.settings().timeout(), token -> generate(request, listener, previews, token));
    }

    /**
     * Reads a prompt as the text encoder does, after the calls that came before.
     *
     * @param prompt the prompt
     * @return its tokens
     */
    public PromptTokens tokens(String prompt) {
        return queue.call(Optional.empty(), token -> engine.tokens(prompt));
    }

    /**
     * Works with the model's parts, after the calls that came before, and waits for it. An interrupt of the waiting thread
     * stops the work.
     *
     * @param work what to do with the parts, and what stops it
     * @param <T> what comes of it
     * @return what came of it
     * @throws InvalidRequestException when the model runs in a worker process
     */
    public <T> T withParts(BiFunction<Parts, CancelToken, T> work) {
        return queue.call(Optional.empty(), token -> work.apply(engine.parts(), token));
    }

    /**
     * Queues a request.
     *
     * @param request what to make; its seed, sampler and scheduler are decided
     * @param listener hears how far the work is
     * @param previews what to show of it meanwhile
     * @param result makes the caller's result of the pictures
     * @param <T> the caller's result
     * @return the result to be; cancelling it stops the work
     * @throws QueueFullException when as many requests wait as the queue takes
     * @throws InvalidRequestException when this model cannot make such previews
     */
    public <T> CompletableFuture<T> submit(
            GenerationRequest request, ProgressListener listener, Previews previews, Function<Pictures, T> result) {
        check(previews);
        if (!places.tryAcquire()) {
            throw new QueueFullException(
                    "%d requests are waiting already, and this model's queue takes no more: try again later, or load it with a larger queueCapacity"
                            .formatted(capacity));
        }
        CancelToken token = new CancelToken();
        CompletableFuture<Pictures> pictures;
        try {
            pictures = queue.submit(token, () -> generate(request, listener, previews, token));
        } catch (Throwable t) {
            places.release();
            throw t;
        }
        pictures.whenComplete((done, failure) -> places.release());

        CompletableFuture<T> promise = new CompletableFuture<>();
        promise.whenComplete((done, failure) -> {
            if (promise.isCancelled()) {
                token.cancel(Reason.CANCELLED);
            }
        });
        request.settings().timeout().ifPresent(timeout -> expire(timeout, token));
        // on another thread: what the caller hangs on the result must not hold up the model
        pictures.whenCompleteAsync((done, failure) -> {
            if (failure != null) {
                promise.completeExceptionally(failure);
            } else {
                promise.completeAsync(() -> result.apply(done), Runnable::run);
            }
        });
        return promise;
    }

    /** On the model's own thread. */
    private Pictures generate(GenerationRequest request, ProgressListener listener, Previews previews, CancelToken token) {
        return FlightRecords.generate(properties.name(), request, listener,
                heard -> engine.generate(request, heard, previews, token));
    }

    /** The runtime would take the VAE in the place of a TAESD that is not there. */
    private void check(Previews previews) {
        if (previews.mode() == PreviewMode.TAESD && !hasTaesd) {
            throw new InvalidRequestException("previews by a TAESD are asked for, and this model was loaded without one:"
                    + " name it with LoadOptions.taesd (--taesd), or choose another mode, such as PROJECTION (--preview proj)");
        }
    }

    private static void expire(Duration timeout, CancelToken token) {
        CompletableFuture.delayedExecutor(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)
                .execute(() -> token.cancel(Reason.DEADLINE));
    }

    /** Frees the model once the calls that came before are done. */
    public void close() {
        queue.close(engine::close);
    }
}
