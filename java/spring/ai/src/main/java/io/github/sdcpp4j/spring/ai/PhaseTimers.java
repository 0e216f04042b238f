package io.github.sdcpp4j.spring.ai;

import io.github.sdcpp4j.Timings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Timers {@value #NAME} by phase, beside Spring AI's own of the whole call, which has the wait for earlier calls in it. */
final class PhaseTimers {

    private static final String NAME = "sdcpp4j.image.phase";

    private final MeterRegistry registry;
    private final String model;

    PhaseTimers(MeterRegistry registry, String model) {
        this.registry = registry;
        this.model = model;
    }

    void record(Timings timings) {
        record("encode_image", timings.encodeImage());
        record("encode_text", timings.encodeText());
        record("sample", timings.sample());
        record("decode", timings.decode());
        record("total", timings.total());
    }

    private void record(String phase, Duration time) {
        Timer.builder(NAME)
                .description("Where the time of making pictures goes")
                .tag("phase", phase)
                .tag("model", model)
                .register(registry)
                .record(time);
    }
}
