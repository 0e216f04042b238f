package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.ControlImage;
import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.HighNoise;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.Lora;
import io.github.sdcpp4j.Mask;
import io.github.sdcpp4j.PhotoMaker;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.VaeTiling;
import io.github.sdcpp4j.VideoRequest;
import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** Requests without pixels: of a picture only the size is written, the rest lies in {@link SharedPixels}. */
final class RequestCodec {

    /** Gets the next of the request's pictures, of this size. */
    @FunctionalInterface
    interface Images {
        BufferedImage next(int width, int height);
    }

    private enum Kind { TEXT_TO_IMAGE, IMAGE_TO_IMAGE, VIDEO }

    private RequestCodec() {}

    static void write(DataOutputStream out, GenerationRequest request) throws IOException {
        writeSettings(out, request.settings());
        switch (request) {
            case TextToImage text -> Wire.constant(out, Kind.TEXT_TO_IMAGE);
            case ImageToImage fromImage -> {
                Wire.constant(out, Kind.IMAGE_TO_IMAGE);
                writeSize(out, fromImage.image());
                out.writeDouble(fromImage.strength());
                Wire.optional(out, fromImage.mask(), (to, mask) -> writeSize(to, mask.image()));
            }
            case VideoRequest video -> {
                Wire.constant(out, Kind.VIDEO);
                out.writeInt(video.frames());
                out.writeInt(video.framesPerSecond());
                Wire.optional(out, video.firstFrame(), RequestCodec::writeSize);
                Wire.optional(out, video.lastFrame(), RequestCodec::writeSize);
                Wire.list(out, video.controlFrames(), RequestCodec::writeSize);
                out.writeDouble(video.controlStrength());
                HighNoise highNoise = video.highNoise();
                Wire.optional(out, highNoise.steps());
                out.writeDouble(highNoise.boundary());
                Wire.optional(out, highNoise.guidanceScale());
                Wire.optional(out, highNoise.sampler(), Wire::constant);
            }
        }
    }

    /** The pictures that go beside it, in the order in which they are asked for again. */
    static List<BufferedImage> images(GenerationRequest request) {
        GenerationSettings settings = request.settings();
        Stream<BufferedImage> common = Stream.of(
                settings.control().map(ControlImage::image).stream(), settings.referenceImages().stream(),
                settings.photoMaker().stream().flatMap(person -> person.idImages().stream())).flatMap(Function.identity());
        Stream<BufferedImage> start = switch (request) {
            case TextToImage text -> Stream.of();
            case ImageToImage fromImage -> Stream.concat(Stream.of(fromImage.image()), fromImage.mask().map(Mask::image).stream());
            case VideoRequest video -> Stream.of(video.firstFrame().stream(), video.lastFrame().stream(), video.controlFrames().stream())
                    .flatMap(Function.identity());
        };
        return Stream.concat(common, start).toList();
    }

    static GenerationRequest read(DataInputStream in, Images images) throws IOException {
        GenerationSettings settings = readSettings(in, images);
        Wire.Reader<BufferedImage> image = from -> images.next(from.readInt(), from.readInt());
        return switch (Wire.constant(in, Kind.class)) {
            case TEXT_TO_IMAGE -> new TextToImage(settings);
            case IMAGE_TO_IMAGE -> new ImageToImage(settings, image.read(in), in.readDouble(),
                    Wire.optional(in, from -> Mask.of(image.read(from))));
            case VIDEO -> new VideoRequest(settings, in.readInt(), in.readInt(), Wire.optional(in, image), Wire.optional(in, image),
                    Wire.list(in, image), in.readDouble(), new HighNoise(Wire.optionalInt(in), in.readDouble(),
                            Wire.optionalDouble(in), Wire.optional(in, from -> Wire.constant(from, Sampler.class))));
        };
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
        Wire.optional(out, settings.photoMaker(), (to, person) -> {
            Wire.list(to, person.idImages(), RequestCodec::writeSize);
            to.writeDouble(person.styleStrength());
        });
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
                Wire.optional(in, from -> new PhotoMaker(
                        Wire.list(from, each -> images.next(each.readInt(), each.readInt())), from.readDouble())),
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
