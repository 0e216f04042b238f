package io.github.sdcpp4j.internal.flight;

import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.Resolution;
import jdk.jfr.Event;

/** Makes events of one request's progress reports, and hands the reports on. To be closed once the request is over. */
final class PhaseEvents implements ProgressListener, AutoCloseable {

    private final GenerationSettings settings;
    private final Resolution size;
    private final int pictures;
    private final ProgressListener next;
    private Event phase; // null outside those that have an event
    private Events.SamplingStep step; // null outside sampling

    PhaseEvents(GenerationRequest request, ProgressListener next) {
        settings = request.settings();
        size = settings.pictureSize();
        pictures = request.pictureCount();
        this.next = next;
    }

    /** Whether a recording wants any of them. */
    static boolean areWanted() {
        return new Events.SamplingStep().isEnabled() || new Events.TextEncode().isEnabled()
                || new Events.Decode().isEnabled() || new Events.ImageEncode().isEnabled();
    }

    @Override
    public void onProgress(Progress progress) {
        if (progress.step() == 0 && progress.steps() == 0) {
            enter(progress);
        } else if (step != null) {
            sampled(progress);
        } else if (phase != null) {
            phase.end(); // the last report is the end, unless another phase follows
        }
        next.onProgress(progress);
    }

    private void enter(Progress progress) {
        endPhase(true);
        step = null;
        switch (progress.phase()) {
            case ENCODE_IMAGE -> {
                Events.ImageEncode event = new Events.ImageEncode();
                event.width = size.width();
                event.height = size.height();
                begin(event);
            }
            case ENCODE_TEXT -> {
                Events.TextEncode event = new Events.TextEncode();
                event.characters = settings.prompt().length() + settings.negativePrompt().length();
                begin(event);
            }
            case SAMPLE -> beginStep();
            case DECODE -> {
                Events.Decode event = new Events.Decode();
                event.pictures = pictures;
                event.width = size.width();
                event.height = size.height();
                begin(event);
            }
            case LOAD, UPSCALE, WRITE -> {}
        }
    }

    private void begin(Event event) {
        phase = event;
        event.begin();
    }

    private void beginStep() {
        step = new Events.SamplingStep();
        step.begin();
    }

    /** Step 0 begins a picture. Weights can be read within a step: that is its time. */
    private void sampled(Progress progress) {
        if (progress.phase() != Phase.SAMPLE) {
            return;
        }
        if (progress.step() > 0) {
            step.end();
            if (step.shouldCommit()) {
                step.picture = progress.image();
                step.step = progress.step();
                step.steps = progress.steps();
                step.width = size.width();
                step.height = size.height();
                step.commit();
            }
        }
        beginStep();
    }

    private void endPhase(boolean now) {
        if (phase != null) {
            if (now) {
                phase.end();
            }
            phase.commit();
            phase = null;
        }
    }

    @Override
    public void close() {
        endPhase(false);
    }
}
