package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.ControlImage;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.Lora;
import io.github.sdcpp4j.Mask;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.VaeTiling;
import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Requests without pixels: of a picture only the size is written, the rest lies in {@link SharedPixels}. */
final class RequestCodec {

    /** Gets the next of the request's pictures, of this size. */
    @FunctionalInterface
    interface Images {
        BufferedImage next(int width, int height);
    }

    private RequestCodec() {}

    static void write(DataOutputStream out, ImageRequest request) throws IOException {
        writeSettings(out, request.settings());
        switch (request) {
            case TextToImage text -> out.writeBoolean(false);
            case ImageToImage fromImage -> {
                out.writeBoolean(true);
                writeSize(out, fromImage.image());
                out.writeDouble(fromImage.strength());
                Wire.optional(out, fromImage.mask(), (to, mask) -> writeSize(to, mask.image()));
            }
        }
    }

    /** The pictures that go beside it, in the order in which they are asked for again. */
    static List<BufferedImage> images(ImageRequest request) {
        GenerationSettings settings = request.settings();
        Stream<BufferedImage> common = Stream.concat(
                settings.control().map(ControlImage::image).stream(), settings.referenceImages().stream());
        Stream<BufferedImage> start = switch (request) {
            case TextToImage text -> Stream.of();
            case ImageToImage fromImage -> Stream.concat(Stream.of(fromImage.image()), fromImage.mask().map(Mask::image).stream());
        };
        return Stream.concat(common, start).toList();
    }

    static ImageRequest read(DataInputStream in, Images images) throws IOException {
        GenerationSettings settings = readSettings(in, images);
        if (!in.readBoolean()) {
            return new TextToImage(settings);
        }
        BufferedImage image = images.next(in.readInt(), in.readInt());
        double strength = in.readDouble();
        Optional<Mask> mask = Wire.optional(in, from -> Mask.of(images.next(from.readInt(), from.readInt())));
        return new ImageToImage(settings, image, strength, mask);
    }

    private static void writeSize(DataOutputStream out, BufferedImage image) throws IOException {
        out.writeInt(image.getWidth());
        out.writeInt(image.getHeight());
    }

    private static void writeSettings(DataOutputStream out, GenerationSettings settings) throws IOException {
        Wire.text(out, settings.prompt());
        Wire.text(out, settings.negativePrompt());
        out.writeInt(settings.width());
        out.writeInt(settings.height());
        out.writeInt(settings.steps());
        out.writeDouble(settings.guidanceScale());
        Wire.optional(out, settings.sampler(), Wire::constant);
        Wire.optional(out, settings.scheduler(), Wire::constant);
        out.writeBoolean(settings.seed().isPresent());
        out.writeLong(settings.seed().orElse(0));
        out.writeInt(settings.batchCount());
        Wire.optional(out, settings.clipSkip());
        Wire.list(out, settings.loras(), (to, lora) -> {
            Wire.path(to, lora.file());
            to.writeDouble(lora.weight());
        });
        Wire.optional(out, settings.eta());
        Wire.optional(out, settings.control(), (to, control) -> {
            writeSize(to, control.image());
            to.writeDouble(control.strength());
        });
        Wire.list(out, settings.referenceImages(), RequestCodec::writeSize);
        ExtrasCodec.write(out, settings.extras());
        Wire.optional(out, settings.hires(), ExtrasCodec::write);
        Wire.constant(out, settings.vaeTiling());
        Wire.optional(out, settings.timeout(), Wire::duration);
    }

    private static GenerationSettings readSettings(DataInputStream in, Images images) throws IOException {
        return new GenerationSettings(
                Wire.text(in),
                Wire.text(in),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readDouble(),
                Wire.optional(in, from -> Wire.constant(from, Sampler.class)),
                Wire.optional(in, from -> Wire.constant(from, Scheduler.class)),
                seed(in),
                in.readInt(),
                Wire.optionalInt(in),
                Wire.list(in, from -> new Lora(Wire.path(from), from.readDouble())),
                Wire.optionalDouble(in),
                Wire.optional(in, from -> new ControlImage(
                        images.next(from.readInt(), from.readInt()), from.readDouble())),
                Wire.list(in, from -> images.next(from.readInt(), from.readInt())),
                ExtrasCodec.readExtras(in),
                Wire.optional(in, ExtrasCodec::readHires),
                Wire.constant(in, VaeTiling.class),
                Wire.optional(in, Wire::duration));
    }

    private static OptionalLong seed(DataInputStream in) throws IOException {
        boolean present = in.readBoolean();
        long value = in.readLong();
        return present ? OptionalLong.of(value) : OptionalLong.empty();
    }
}
