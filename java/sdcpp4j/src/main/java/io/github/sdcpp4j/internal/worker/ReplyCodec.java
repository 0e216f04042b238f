package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.Preview;
import io.github.sdcpp4j.PreviewMode;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.PromptTokens;
import io.github.sdcpp4j.Timings;
import io.github.sdcpp4j.internal.ModelProperties;
import io.github.sdcpp4j.internal.Outcome;
import io.github.sdcpp4j.internal.images.RgbImages;
import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** What the child tells of calls that go well. */
final class ReplyCodec {

    private ReplyCodec() {}

    static void write(DataOutputStream out, ModelProperties properties) throws IOException {
        Wire.text(out, properties.name());
        Wire.text(out, properties.family());
        out.writeInt(properties.sizeMultiple());
        out.writeBoolean(properties.makesVideos());
        out.writeInt(properties.defaultSampler());
        Wire.list(out, properties.defaultSchedulers(), DataOutputStream::writeInt);
    }

    static ModelProperties readProperties(DataInputStream in) throws IOException {
        return new ModelProperties(
                Wire.text(in), Wire.text(in), in.readInt(), in.readBoolean(), in.readInt(), Wire.list(in, DataInputStream::readInt));
    }

    static void write(DataOutputStream out, Outcome outcome) throws IOException {
        out.writeInt(outcome.pictures());
        Timings timings = outcome.timings();
        Wire.duration(out, timings.encodeImage());
        Wire.duration(out, timings.encodeText());
        Wire.duration(out, timings.sample());
        Wire.duration(out, timings.decode());
        Wire.duration(out, timings.total());
        Wire.list(out, outcome.notes(), Wire::text);
    }

    static Outcome readOutcome(DataInputStream in) throws IOException {
        int pictures = in.readInt();
        Timings timings = new Timings(
                Wire.duration(in), Wire.duration(in), Wire.duration(in), Wire.duration(in), Wire.duration(in));
        return new Outcome(pictures, timings, Wire.list(in, Wire::text));
    }

    static void write(DataOutputStream out, PromptTokens tokens) throws IOException {
        Wire.list(out, tokens.chunks(), (to, chunk) -> Wire.list(to, chunk, (each, token) -> {
            each.writeInt(token.id());
            Wire.text(each, token.text());
            each.writeDouble(token.weight());
        }));
    }

    static PromptTokens readTokens(DataInputStream in) throws IOException {
        return new PromptTokens(Wire.list(in, chunk -> Wire.list(chunk,
                from -> new PromptTokens.Token(from.readInt(), Wire.text(from), from.readDouble()))));
    }

    static void write(DataOutputStream out, Progress progress) throws IOException {
        Wire.constant(out, progress.phase());
        out.writeInt(progress.image());
        out.writeInt(progress.step());
        out.writeInt(progress.steps());
        Wire.duration(out, progress.elapsed());
    }

    static Progress readProgress(DataInputStream in) throws IOException {
        return new Progress(
                Wire.constant(in, Phase.class), in.readInt(), in.readInt(), in.readInt(), Wire.duration(in));
    }

    /** All but the pixels, which come last. */
    static void write(DataOutputStream out, Preview preview) throws IOException {
        out.writeInt(preview.index());
        out.writeInt(preview.step());
        out.writeInt(preview.steps());
        Wire.constant(out, preview.mode());
        out.writeInt(preview.image().getWidth());
        out.writeInt(preview.image().getHeight());
    }

    static Preview readPreview(DataInputStream in) throws IOException {
        int index = in.readInt();
        int step = in.readInt();
        int steps = in.readInt();
        PreviewMode mode = Wire.constant(in, PreviewMode.class);
        BufferedImage image = RgbImages.create(in.readInt(), in.readInt());
        in.readFully(RgbImages.bytes(image));
        return new Preview(image, index, step, steps, mode);
    }
}
