package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.CancelledException.Reason;
import io.github.sdcpp4j.internal.CancelToken;
import io.github.sdcpp4j.internal.GuardedListener;
import io.github.sdcpp4j.internal.PreviewDelivery;
import io.github.sdcpp4j.internal.library.NativeLog;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One call to a child: sends it, passes on what the child tells meanwhile, and the wish to stop. Listeners are called by the
 * thread that made the call, which is the model's own; previews are handed over by another.
 */
final class WorkerCall {

    private final WorkerProcess process;
    private final int number;
    private final GuardedListener listener;
    private final PreviewDelivery previews;
    private final CancelToken token;
    private final Duration patience;
    private boolean over;

    /**
     * Prepares a call.
     *
     * @param process the child
     * @param number tells this call from earlier ones
     * @param listener hears how far the call is
     * @param previews hands over what is to be seen of it
     * @param token stops the call
     * @param patience how long after a cancel the child may go on before it is killed
     */
    WorkerCall(
            WorkerProcess process, int number, GuardedListener listener, PreviewDelivery previews, CancelToken token,
            Duration patience) {
        this.process = process;
        this.number = number;
        this.listener = listener;
        this.previews = previews;
        this.token = token;
        this.patience = patience;
    }

    /**
     * Makes the call.
     *
     * @return the last frame: {@code LOADED}, {@code PICTURES}, {@code TOKENS} or {@code FAILED}
     * @throws WorkerGoneException when the child ended or talks nonsense
     */
    Frame run(Frame.Kind kind, FrameWriter.Content content) throws WorkerGoneException {
        boolean started = false;
        try {
            process.send(kind, number, content);
            token.whenCancelled(this::cancel);
            while (true) {
                Frame frame = process.read();
                switch (frame.kind()) {
                    case STARTED -> started = true;
                    case LOG -> log(frame.in());
                    case PROGRESS -> listener.report(ReplyCodec.readProgress(frame.in()));
                    case PREVIEW -> previews.offer(ReplyCodec.readPreview(frame.in()));
                    case LOADED, PICTURES, TOKENS, FAILED -> {
                        return frame;
                    }
                    default -> throw new StrayOutputException(frame.kind().name());
                }
            }
        } catch (IOException e) {
            throw new WorkerGoneException(started, e);
        } finally {
            end();
        }
    }

    private void log(DataInputStream in) throws IOException {
        Level level = Wire.constant(in, Level.class);
        String text = Wire.text(in);
        if (level.getSeverity() >= Level.WARNING.getSeverity()) {
            process.lines().add(text);
        }
        try {
            NativeLog.log(level, text);
        } catch (RuntimeException e) {
            // a logger that throws must not end the call, as it does not in process
        }
    }

    /** Called by whoever cancels. The clock goes first: the child may be stuck and not even read. */
    private void cancel(Reason reason) {
        if (isOver()) {
            return;
        }
        Executor later = CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS);
        later.execute(this::killUnlessOver);
        try {
            process.send(Frame.Kind.CANCEL, number, out -> Wire.constant(out, reason));
        } catch (IOException e) {
            // it is gone, which the reader notices
        }
    }

    private synchronized void killUnlessOver() {
        if (!over) {
            process.kill();
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    private synchronized void end() {
        over = true;
    }
}
