package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Mask;
import io.github.sdcpp4j.RuntimeValue;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.TextToImage;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes this library's requests of rows. */
final class RowRequest {

    private RowRequest() {}

    /** The seed that the row names, or the one that comes from its key. */
    static long seed(RowValues row) {
        return row.whole(RequestColumn.SEED).orElseGet(() -> RowKey.seed(row));
    }

    /**
     * Reads a row; {@code change} comes last.
     *
     * @throws InvalidRequestException when a value cannot be read or is out of its range
     */
    static ImageRequest of(RowValues row, Consumer<? super GenerationSettings.Builder<?>> change) {
        Optional<BufferedImage> picture = row.picture(RequestColumn.INIT_IMAGE);
        Optional<BufferedImage> mask = row.picture(RequestColumn.MASK);
        if (picture.isEmpty()) {
            if (mask.isPresent()) {
                throw new InvalidRequestException("there is a mask, and no init_image that it is for: give both or none");
            }
            TextToImage.Builder request = TextToImage.builder();
            apply(row, request, change);
            return request.build();
        }
        ImageToImage.Builder request = ImageToImage.builder(picture.get());
        int feather = row.small(RequestColumn.MASK_FEATHER).orElse(0);
        mask.ifPresent(image -> request.mask(new Mask(image, feather)));
        row.real(RequestColumn.STRENGTH).ifPresent(request::strength);
        apply(row, request, change);
        return request.build();
    }

    private static void apply(RowValues row, GenerationSettings.Builder<?> request, Consumer<? super GenerationSettings.Builder<?>> change) {
        request.prompt(row.text(RequestColumn.PROMPT).filter(text -> !text.isBlank())
                .orElseThrow(() -> new InvalidRequestException("the prompt is empty: say what to paint")));
        row.text(RequestColumn.NEGATIVE_PROMPT).ifPresent(request::negativePrompt);
        size(row, request);
        row.small(RequestColumn.STEPS).ifPresent(request::steps);
        row.real(RequestColumn.GUIDANCE_SCALE).ifPresent(request::guidanceScale);
        named(row, RequestColumn.SAMPLER, Sampler.values()).ifPresent(request::sampler);
        named(row, RequestColumn.SCHEDULER, Scheduler.values()).ifPresent(request::scheduler);
        row.small(RequestColumn.CLIP_SKIP).ifPresent(request::clipSkip);
        row.real(RequestColumn.ETA).ifPresent(request::eta);
        request.seed(seed(row));
        change.accept(request);
        request.batchCount(1); // a row is a picture
    }

    private static void size(RowValues row, GenerationSettings.Builder<?> request) {
        Optional<Integer> width = row.small(RequestColumn.WIDTH);
        Optional<Integer> height = row.small(RequestColumn.HEIGHT);
        if (width.isPresent() != height.isPresent()) {
            throw new InvalidRequestException(
                    "width is %s and height is %s: give both or none".formatted(width.orElse(null), height.orElse(null)));
        }
        width.ifPresent(pixels -> request.size(pixels, height.get()));
    }

    private static <T extends RuntimeValue> Optional<T> named(RowValues row, RequestColumn column, T[] values) {
        return row.text(column).map(name -> RuntimeValue.find(values, name.strip()).orElseThrow(() -> new InvalidRequestException(
                "%s is '%s': give one of %s".formatted(
                        column.title(), name, Stream.of(values).map(RuntimeValue::flag).collect(Collectors.joining(", "))))));
    }
}
