package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.HiresFix;
import io.github.sdcpp4j.HiresUpscaler;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.SamplingExtras;
import io.github.sdcpp4j.SamplingExtras.SkipLayers;
import io.github.sdcpp4j.StepCache;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** The parts of a request's settings that most requests do without. */
final class ExtrasCodec {

    private ExtrasCodec() {}

    static void write(DataOutputStream out, SamplingExtras extras) throws IOException {
        Wire.list(out, extras.sigmas(), DataOutputStream::writeDouble);
        Wire.optional(out, extras.flowShift());
        Wire.optional(out, extras.distilledGuidance());
        Wire.optional(out, extras.imageGuidance());
        Wire.optional(out, extras.skipLayers(), (to, skip) -> {
            Wire.list(to, skip.layers(), DataOutputStream::writeInt);
            to.writeDouble(skip.scale());
            to.writeDouble(skip.start());
            to.writeDouble(skip.end());
        });
        Wire.optional(out, extras.cache(), (to, cache) -> {
            Wire.constant(to, cache.mode());
            Wire.optional(to, cache.threshold());
        });
    }

    static SamplingExtras readExtras(DataInputStream in) throws IOException {
        return new SamplingExtras(
                Wire.list(in, DataInputStream::readDouble),
                Wire.optionalDouble(in),
                Wire.optionalDouble(in),
                Wire.optionalDouble(in),
                Wire.optional(in, from -> new SkipLayers(
                        Wire.list(from, DataInputStream::readInt), from.readDouble(), from.readDouble(), from.readDouble())),
                Wire.optional(in, from -> new StepCache(
                        Wire.constant(from, StepCache.Mode.class), Wire.optionalDouble(from))));
    }

    static void write(DataOutputStream out, HiresFix hires) throws IOException {
        out.writeInt(hires.size().width());
        out.writeInt(hires.size().height());
        Wire.constant(out, hires.upscaler());
        Wire.optional(out, hires.model(), Wire::path);
        Wire.optional(out, hires.steps());
        out.writeDouble(hires.denoisingStrength());
    }

    static HiresFix readHires(DataInputStream in) throws IOException {
        return new HiresFix(
                new Resolution(in.readInt(), in.readInt()),
                Wire.constant(in, HiresUpscaler.class),
                Wire.optional(in, Wire::path),
                Wire.optionalInt(in),
                in.readDouble());
    }
}
