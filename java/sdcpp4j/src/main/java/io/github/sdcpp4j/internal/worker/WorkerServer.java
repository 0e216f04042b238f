package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.CancelledException.Reason;
import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Preview;
import io.github.sdcpp4j.PreviewMode;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.PromptTokens;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.internal.CancelToken;
import io.github.sdcpp4j.internal.Context;
import io.github.sdcpp4j.internal.Outcome;
import io.github.sdcpp4j.internal.images.FittedImage;
import io.github.sdcpp4j.internal.images.RgbImages;
import io.github.sdcpp4j.internal.library.NativeLog;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The child's side of the calls: one thread accepts them, the model's thread, which is this runnable, does them. */
final class WorkerServer implements Runnable {

    /** Fits into a frame, with what is said of it. */
    private static final int LARGEST_PREVIEW_BYTES = 3 * 80_000_000;

    private record Call(Frame frame, CancelToken token) {}

    private final FrameWriter writer;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private Call latest; // the reader's alone
    private volatile SharedPixels pixels; // there before the first request, which comes the same way
    private Optional<Duration> idleTimeout = Optional.empty(); // the rest is the model thread's alone
    private Context context;

    WorkerServer(FrameWriter writer) {
        this.writer = writer;
    }

    /** Takes a frame from the parent. */
    void accept(Frame frame) throws IOException {
        switch (frame.kind()) {
            case LOAD, GENERATE, TOKENIZE -> {
                latest = new Call(frame, new CancelToken());
                calls.add(latest);
            }
            case PIXELS -> pixels = SharedPixels.open(Path.of(Wire.text(frame.in())));
            case CANCEL -> {
                if (latest != null && latest.frame.call() == frame.call()) { // else it came too late
                    latest.token.cancel(Wire.constant(frame.in(), Reason.class));
                }
            }
            default -> throw new StrayOutputException(frame.kind().name());
        }
    }

    @Override
    public void run() {
        try {
            for (Call call = next(); call != null; call = next()) {
                serve(call);
            }
            halt(0); // idle for too long; a request that comes now was not started, so the parent gives it to another child
        } catch (Throwable t) {
            halt(1);
        }
    }

    private Call next() throws InterruptedException {
        return idleTimeout.isEmpty() ? calls.take()
                : calls.poll(TimeUnit.NANOSECONDS.convert(idleTimeout.get()), TimeUnit.NANOSECONDS);
    }

    private void serve(Call call) {
        int number = call.frame.call();
        send(Frame.Kind.STARTED, number, out -> {});
        try {
            switch (call.frame.kind()) {
                case LOAD -> load(call, number);
                case TOKENIZE -> {
                    PromptTokens tokens = context.tokens(Wire.text(call.frame.in()));
                    send(Frame.Kind.TOKENS, number, out -> ReplyCodec.write(out, tokens));
                }
                default -> {
                    Outcome outcome = generate(call, number);
                    send(Frame.Kind.PICTURES, number, out -> ReplyCodec.write(out, outcome));
                }
            }
        } catch (Throwable t) {
            send(Frame.Kind.FAILED, number, out -> FailureCodec.write(out, t));
        }
        if (context != null && context.isBroken()) {
            halt(0); // the next request gets a sound one
        }
    }

    private void load(Call call, int number) throws IOException {
        DataInputStream in = call.frame.in();
        NativeLog.redirect(this::log, Wire.constant(in, Level.class));
        ProgressListener listener = listener(in.readBoolean(), number);
        idleTimeout = Wire.optional(in, Wire::duration);
        LoadOptions options = OptionsCodec.read(in, listener);
        context = Context.load(options, call.token);
        send(Frame.Kind.LOADED, number, out -> ReplyCodec.write(out, context.properties()));
    }

    /** Leaves nothing mapped: the parent may cut the shared memory once it has the answer. */
    private Outcome generate(Call call, int number) throws IOException {
        DataInputStream in = call.frame.in();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment shared = pixels.map(in.readLong(), arena);
            ProgressListener listener = listener(in.readBoolean(), number);
            Previews previews = new Previews(
                    Wire.constant(in, PreviewMode.class), in.readInt(), preview -> send(number, preview));
            AtomicLong at = new AtomicLong();
            GenerationRequest request = RequestCodec.read(in, (width, height) -> {
                MemorySegment input = shared.asSlice(at.getAndAdd(3L * width * height));
                return new FittedImage(RgbImages.copyOf(input, width, height, width, height));
            });
            Resolution picture = request.settings().pictureSize();
            long size = 3L * picture.width() * picture.height();
            return context.generate(request, listener, previews, call.token, index -> shared.asSlice(index * size, size));
        }
    }

    private ProgressListener listener(boolean wanted, int number) {
        return wanted
                ? progress -> send(Frame.Kind.PROGRESS, number, out -> ReplyCodec.write(out, progress))
                : ProgressListener.NONE;
    }

    /** Called by the thread that hands previews over: a parent that is slow to read misses some. */
    private void send(int number, Preview preview) {
        byte[] rgb = RgbImages.bytes(preview.image());
        if (rgb.length > LARGEST_PREVIEW_BYTES) {
            return;
        }
        try {
            writer.write(Frame.Kind.PREVIEW, number, out -> ReplyCodec.write(out, preview), rgb);
        } catch (IOException e) {
            halt(1); // the parent is gone
        }
    }

    private void log(Level level, String line) {
        send(Frame.Kind.LOG, 0, out -> {
            Wire.constant(out, level);
            Wire.text(out, line);
        });
    }

    private void send(Frame.Kind kind, int call, FrameWriter.Content content) {
        try {
            writer.write(kind, call, content);
        } catch (IOException e) {
            halt(1); // the parent is gone
        }
    }

    private static void halt(int exitCode) {
        Runtime.getRuntime().halt(exitCode);
    }
}
