package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.ControlImage;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Mask;
import io.github.sdcpp4j.PhotoMaker;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.PromptTokens;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.VideoRequest;
import io.github.sdcpp4j.WorkerException;
import io.github.sdcpp4j.internal.CancelToken;
import io.github.sdcpp4j.internal.Engine;
import io.github.sdcpp4j.internal.GuardedListener;
import io.github.sdcpp4j.internal.Marshal;
import io.github.sdcpp4j.internal.ModelProperties;
import io.github.sdcpp4j.internal.Outcome;
import io.github.sdcpp4j.internal.Parts;
import io.github.sdcpp4j.internal.Pictures;
import io.github.sdcpp4j.internal.PreviewDelivery;
import io.github.sdcpp4j.internal.checkpoint.CheckpointHeader;
import io.github.sdcpp4j.internal.images.RgbImages;
import io.github.sdcpp4j.internal.library.NativeLog;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A model in a child JVM, which is started again when it has ended. Loads no native code into this process. */
public final class WorkerEngine implements Engine {

    /** A cancelled call ends within a step of sampling; a child that takes longer than this is not expected to end it. */
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(10);

    private static final int CHANNELS = 3;

    private final LoadOptions options;
    private final Duration cancelPatience;
    private ModelProperties properties;
    private WorkerProcess process;
    private int calls;

    private WorkerEngine(LoadOptions options, Duration cancelPatience) {
        this.options = options;
        this.cancelPatience = cancelPatience;
    }

    /**
     * Starts a child and loads a model there, whose files were checked.
     *
     * @param options the files and how to run them
     * @param token stops the loading
     * @return the engine
     */
    public static WorkerEngine load(LoadOptions options, CancelToken token) {
        return load(options, token, CANCEL_PATIENCE);
    }

    static WorkerEngine load(LoadOptions options, CancelToken token, Duration cancelPatience) {
        WorkerEngine engine = new WorkerEngine(options, cancelPatience);
        engine.start(new GuardedListener(options.progress(), token), token);
        return engine;
    }

    @Override
    public ModelProperties properties() {
        return properties;
    }

    @Override
    public Pictures generate(GenerationRequest request, ProgressListener listener, Previews previews, CancelToken token) {
        try (PreviewDelivery delivery = new PreviewDelivery(previews, token)) {
            return generate(request, listener, delivery, token);
        }
    }

    private Pictures generate(GenerationRequest request, ProgressListener listener, PreviewDelivery previews, CancelToken token) {
        GuardedListener guarded = new GuardedListener(listener, token);
        GenerationRequest fitted = fit(request);
        return withProcess(() -> request(fitted, guarded, previews, token), guarded, token);
    }

    @Override
    public PromptTokens tokens(String prompt) {
        CancelToken token = new CancelToken();
        GuardedListener nobody = new GuardedListener(ProgressListener.NONE, token);
        return withProcess(() -> tokens(prompt, nobody, token), nobody, token);
    }

    @Override
    public Parts parts() {
        throw new InvalidRequestException("this model runs in a worker process, and its parts work on memory of their own process:"
                + " load it without LoadOptions.worker() to have them");
    }

    private PromptTokens tokens(String prompt, GuardedListener listener, CancelToken token) {
        try (PreviewDelivery none = new PreviewDelivery(Previews.NONE, token)) {
            return ReplyCodec.readTokens(call(Frame.Kind.TOKENIZE, out -> Wire.text(out, prompt), listener, none, token).in());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the codecs do not fit together
        }
    }

    /** Gives the work a child, another one when the last has ended. */
    private <T> T withProcess(Supplier<T> work, GuardedListener listener, CancelToken token) {
        if (process != null && process.isAlive()) {
            try {
                return work.get();
            } catch (NeverStartedException e) {
                // it ended while there was nothing to do: that costs this request the loading, and nobody a request
            }
        }
        release();
        token.throwIfCancelled();
        options.files().values().forEach(CheckpointHeader::read); // they may have changed since they were checked
        start(listener, token);
        try {
            return work.get();
        } catch (NeverStartedException e) {
            throw e.death(); // what ends a child right after its loading will end the next one too
        }
    }

    /** Scales here, where the user's pictures are: the child gets the pixels that native code gets. */
    private GenerationRequest fit(GenerationRequest request) {
        int width = request.settings().width();
        int height = request.settings().height();
        UnaryOperator<BufferedImage> fit = image -> RgbImages.fit(image, width, height,
                Marshal.roundUp(width, properties.sizeMultiple()), Marshal.roundUp(height, properties.sizeMultiple()));
        return switch (request) {
            case TextToImage text -> fit(text, fit);
            case ImageToImage fromImage -> new ImageToImage(fit(fromImage, fit).settings(), fit.apply(fromImage.image()),
                    fromImage.strength(), fromImage.mask().map(mask -> Mask.of(fit.apply(mask.image()))));
            case VideoRequest video -> video.toBuilder().firstFrame(video.firstFrame().map(fit).orElse(null))
                    .lastFrame(video.lastFrame().map(fit).orElse(null))
                    .controlFrames(video.controlFrames().stream().map(fit).toList()).build();
        };
    }

    /** The pictures among the settings. */
    private static ImageRequest fit(ImageRequest request, UnaryOperator<BufferedImage> fit) {
        return request.with(builder -> {
            request.settings().control().ifPresent(
                    control -> builder.control(new ControlImage(fit.apply(control.image()), control.strength())));
            builder.referenceImages(request.settings().referenceImages().stream().map(RgbImages::of).toList());
            request.settings().photoMaker().ifPresent(person -> builder.photoMaker(new PhotoMaker(
                    person.idImages().stream().map(RgbImages::forClipVision).toList(), person.styleStrength())));
        });
    }

    private void start(GuardedListener listener, CancelToken token) {
        process = WorkerProcess.start(options.worker().orElseThrow());
        try {
            Frame loaded = call(Frame.Kind.LOAD, out -> {
                Wire.constant(out, NativeLog.minimum());
                out.writeBoolean(listener.listens());
                Wire.optional(out, options.worker().orElseThrow().idleTimeout(), Wire::duration);
                OptionsCodec.write(out, options);
            }, listener, new PreviewDelivery(Previews.NONE, token), token);
            process.share();
            properties = ReplyCodec.readProperties(loaded.in());
        } catch (NeverStartedException e) {
            throw e.death();
        } catch (IOException e) {
            release();
            throw new WorkerException(
                    "the worker process cannot share memory with this one (%s): make room in %s, or name another folder by -Djava.io.tmpdir"
                            .formatted(e.getMessage(), System.getProperty("java.io.tmpdir")),
                    Obituary.NEVER_RAN, List.of(), e);
        } catch (Throwable t) {
            release();
            throw t;
        }
    }

    private Pictures request(
            GenerationRequest request, GuardedListener listener, PreviewDelivery previews, CancelToken token) {
        GenerationSettings settings = request.settings();
        Resolution size = settings.pictureSize();
        long pictureBytes = (long) size.width() * size.height() * CHANNELS;
        List<BufferedImage> inputs = RequestCodec.images(request);
        long inputBytes = inputs.stream().mapToLong(image -> RgbImages.bytes(image).length).sum();
        long needed = Math.max(inputBytes, pictureBytes * request.pictureCount());
        SharedPixels pixels = process.pixels();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment shared = share(pixels, needed, arena);
            long at = 0;
            for (BufferedImage input : inputs) {
                MemorySegment bytes = MemorySegment.ofArray(RgbImages.bytes(input));
                MemorySegment.copy(bytes, 0, shared, at, bytes.byteSize());
                at += bytes.byteSize();
            }
            Frame done = call(Frame.Kind.GENERATE, out -> {
                out.writeLong(needed);
                out.writeBoolean(listener.listens());
                Wire.constant(out, previews.previews().mode());
                out.writeInt(previews.previews().interval());
                RequestCodec.write(out, request);
            }, listener, previews, token);
            Outcome outcome = ReplyCodec.readOutcome(done.in());
            List<BufferedImage> images = new ArrayList<>();
            for (int i = 0; i < outcome.pictures(); i++) {
                images.add(RgbImages.copyOf(shared.asSlice(i * pictureBytes, pictureBytes),
                        size.width(), size.height(), size.width(), size.height()));
            }
            return new Pictures(images, outcome.timings(), outcome.notes());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the codecs do not fit together
        } finally {
            if (process != null) {
                pixels.trim();
            }
        }
    }

    private static MemorySegment share(SharedPixels pixels, long bytes, Arena arena) {
        try {
            pixels.reserve(bytes);
            return pixels.map(bytes, arena);
        } catch (IOException e) {
            throw new GenerationException(
                    "the worker process needs %d bytes in %s to hand the pictures over (%s): free some, or name another folder by -Djava.io.tmpdir"
                            .formatted(bytes, pixels.file().getParent(), e.getMessage()), e);
        }
    }

    /** Makes a call and throws what it failed with. What a listener threw comes first, as it does in process. */
    private Frame call(
            Frame.Kind kind, FrameWriter.Content content, GuardedListener listener, PreviewDelivery previews,
            CancelToken token) {
        Frame last;
        try {
            last = new WorkerCall(process, ++calls, listener, previews, token, cancelPatience).run(kind, content);
        } catch (WorkerGoneException gone) {
            WorkerException death = process.bury(
                    kind == Frame.Kind.LOAD ? "while it loaded the model" : "in the middle of a request",
                    properties == null ? "loading the model again starts another one" : "the next request starts another one",
                    gone.how());
            process = null;
            listener.rethrow();
            previews.rethrow();
            token.throwIfCancelled();
            throw gone.started() ? death : new NeverStartedException(death);
        }
        if (last.kind() == Frame.Kind.PICTURES) {
            previews.finish();
        }
        listener.rethrow();
        previews.rethrow();
        if (last.kind() != Frame.Kind.FAILED) {
            return last;
        }
        try {
            throw FailureCodec.read(last.in());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the codecs do not fit together
        }
    }

    private void release() {
        if (process != null) {
            process.close();
            process = null;
        }
    }

    @Override
    public void close() {
        release();
    }
}
