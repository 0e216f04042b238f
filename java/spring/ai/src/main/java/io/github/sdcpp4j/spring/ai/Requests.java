package io.github.sdcpp4j.spring.ai;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.Images;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Mask;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.TextToImage;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.content.Media;
import org.springframework.ai.image.ImageMessage;

/** Makes this library's requests of Spring AI's messages and options. */
final class Requests {

    private static final String MASK = "mask";

    private Requests() {}

    /** Refuses values out of their range. */
    static void check(StableDiffusionImageOptions options, String model, Resolution modelSize) {
        of(List.of(), options, model, modelSize);
        BufferedImage any = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        startingFrom(any, List.of(any), List.of(), options);
    }

    /** {@code modelSize} is for pictures that start from no other. */
    static ImageRequest of(List<ImageMessage> messages, StableDiffusionImageOptions options, String model, Resolution modelSize) {
        refuseWhatMeansNothing(options, model);
        List<Media> media = messages.stream().flatMap(message -> message.getMedia().stream()).toList();
        List<Media> pictures = media.stream().filter(one -> !MASK.equals(one.getName())).toList();
        List<Media> masks = media.stream().filter(one -> MASK.equals(one.getName())).toList();
        if (pictures.size() > 1 || masks.size() > 1 || masks.size() > pictures.size()) {
            throw new InvalidRequestException(
                    "the messages have %d pictures and %d masks: give one picture to start from, and with it at most one media named '%s'"
                            .formatted(pictures.size(), masks.size(), MASK));
        }
        if (pictures.isEmpty()) {
            TextToImage.Builder request = TextToImage.builder().size(modelSize.width(), modelSize.height());
            apply(messages, options, request);
            return request.build();
        }
        return startingFrom(read(pictures.getFirst()), masks.stream().map(Requests::read).toList(), messages, options);
    }

    private static ImageRequest startingFrom(
            BufferedImage picture, List<BufferedImage> masks, List<ImageMessage> messages, StableDiffusionImageOptions options) {
        ImageToImage.Builder request = ImageToImage.builder(picture);
        int feather = options.maskFeather() == null ? 0 : options.maskFeather();
        masks.forEach(mask -> request.mask(new Mask(mask, feather)));
        ifGiven(options.strength(), request::strength);
        apply(messages, options, request);
        return request.build();
    }

    private static void refuseWhatMeansNothing(StableDiffusionImageOptions options, String model) {
        refuse(options.model(), value -> !value.equals(model), "the model '%s' is not loaded: leave it out, or name " + model);
        refuse(options.responseFormat(), value -> !value.equals("b64_json"), "the response format is '%s': pictures come as b64_json");
        refuse(options.style(), value -> true, "the style '%s' means nothing to a checkpoint: say it in the prompt");
        if ((options.width() == null) != (options.height() == null)) {
            throw new InvalidRequestException("width is %s and height is %s: give both or none".formatted(options.width(), options.height()));
        }
    }

    private static void refuse(@Nullable String value, Predicate<String> isWrong, String message) {
        if (value != null && isWrong.test(value)) {
            throw new InvalidRequestException(message.formatted(value));
        }
    }

    private static void apply(List<ImageMessage> messages, StableDiffusionImageOptions options, GenerationSettings.Builder<?> request) {
        request.prompt(text(messages.stream().filter(message -> weight(message) > 0)));
        Stream<ImageMessage> away = messages.stream().filter(message -> weight(message) < 0);
        request.negativePrompt(joined(Stream.of(options.negativePrompt() == null ? "" : options.negativePrompt(), text(away))));
        if (options.width() != null && options.height() != null) {
            request.size(options.width(), options.height());
        }
        ifGiven(options.n(), request::batchCount);
        ifGiven(options.steps(), request::steps);
        ifGiven(options.guidanceScale(), request::guidanceScale);
        ifGiven(options.seed(), request::seed);
        request.sampler(options.sampler()).scheduler(options.scheduler()).timeout(options.timeout());
        if (options.customizer() != null) {
            options.customizer().accept(request);
        }
    }

    private static <T> void ifGiven(@Nullable T value, Consumer<? super T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    private static float weight(ImageMessage message) {
        return message.getWeight() == null ? 1 : message.getWeight();
    }

    private static String text(Stream<ImageMessage> messages) {
        return joined(messages.map(message -> weighted(message.getText(), Math.abs(weight(message)))));
    }

    private static String joined(Stream<String> texts) {
        return texts.filter(text -> !text.isBlank()).collect(Collectors.joining(", "));
    }

    /** A weight as prompts write it. */
    private static String weighted(String text, float weight) {
        return weight == 1 || text.isBlank() ? text : "(%s:%s)".formatted(text, new BigDecimal(Float.toString(weight)).toPlainString());
    }

    private static BufferedImage read(Media media) {
        return switch (media.getData()) {
            case byte[] bytes -> Images.decode(bytes);
            case String text when hasScheme(text) -> Images.read(address(text));
            case String base64 -> Images.decode(base64);
            default -> throw new InvalidRequestException(
                    "the media's data are a %s: give bytes, Base64, or a file: or data: address".formatted(media.getData().getClass().getName()));
        };
    }

    private static boolean hasScheme(String text) {
        return text.indexOf(':') > 0; // which Base64 never has
    }

    private static URI address(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("the media's address cannot be read: " + e.getMessage(), e);
        }
    }
}
