package io.github.sdcpp4j.demo;

import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Command line: measures how often the demo model does what it is asked, and prints the table of the README. */
public final class Figures {

    private static final int SIDE = 128;

    private final StableDiffusion sd;
    private final List<Wish> wishes = new ArrayList<>();

    private Figures(StableDiffusion sd) {
        this.sd = sd;
        Random random = new Random(2026);
        for (int i = 0; i < 200; i++) {
            wishes.add(Wish.random(random));
        }
    }

    /**
     * Measures.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        try (StableDiffusion sd = StableDiffusion.demo()) {
            new Figures(sd).print();
        }
    }

    private void print() {
        int[] shape = {0};
        int[] color = {0};
        int[] background = {0};
        row("defaults", 200, i -> {
            Painting painting = Painting.of(picture(request(i)));
            Wish wish = wishes.get(i);
            boolean one = painting.things().size() == 1;
            shape[0] += one && painting.things().getFirst().shape().filter(wish.shape()::equals).isPresent() ? 1 : 0;
            color[0] += one && painting.things().getFirst().color() == wish.color() ? 1 : 0;
            background[0] += painting.background() == wish.background() ? 1 : 0;
            return wish.isSeenIn(painting) ? 1 : 0;
        });
        System.out.printf("| of these: the shape, the colour, the background | %d, %d, %d of 200 |%n", shape[0], color[0], background[0]);
        row("guidance 1", 50, i -> seen(i, request(i).guidanceScale(1)));
        row("its own prompt as negative prompt", 50, i -> seen(i, request(i).negativePrompt(prompt(i))));
        row("two things, each with its shape, colour and place", 50, this::two);
        row("img2img of another drawing, strength 0.3: the drawing is still there", 30, i -> fromDrawing(i, 0.3) == 1 ? 1 : 0);
        row("the same, strength 0.9: the prompt is followed", 30, i -> fromDrawing(i, 0.9) == 2 ? 1 : 0);
        for (Sampler sampler : Sampler.values()) {
            row("sampler " + sampler.flag(), 20, i -> seen(i, request(i).sampler(sampler)));
        }
    }

    private static void row(String name, int count, IntUnaryOperator right) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += right.applyAsInt(i);
        }
        System.out.printf("| %s | %d of %d |%n", name, sum, count);
    }

    private String prompt(int i) {
        return wishes.get(i).prompt(Wish.WORDINGS.get(i % Wish.WORDINGS.size()));
    }

    private TextToImage.Builder request(int i) {
        return TextToImage.builder().prompt(prompt(i)).size(SIDE, SIDE).seed(1000 + i);
    }

    private BufferedImage picture(TextToImage.Builder request) {
        return sd.generate(request.build()).getFirst().image();
    }

    private int seen(int i, TextToImage.Builder request) {
        return wishes.get(i).isSeenIn(Painting.of(picture(request))) ? 1 : 0;
    }

    /** 1 when the drawing is seen, 2 when the prompt is, 0 for neither. */
    private int fromDrawing(int i, double strength) {
        Wish drawn = wishes.get(i + 1);
        ImageToImage request = ImageToImage.builder(drawn.drawing(SIDE)).prompt(prompt(i)).strength(strength).seed(i).build();
        Painting painting = Painting.of(sd.generate(request).getFirst().image());
        return drawn.isSeenIn(painting) ? 1 : wishes.get(i).isSeenIn(painting) ? 2 : 0;
    }

    private int two(int i) {
        Wish left = wishes.get(i);
        Wish right = wishes.get(i + 1);
        Palette[] colors = Palette.values();
        Palette background = IntStream.range(i, i + colors.length).mapToObj(k -> colors[k % colors.length])
                .filter(color -> color != left.color() && color != right.color()).findFirst().orElseThrow();
        String prompt = "a %s %s and a %s %s on a %s background".formatted(left.color().word(), left.shape().word(),
                right.color().word(), right.shape().word(), background.word()).replace("a orange", "an orange");
        Painting painting = Painting.of(picture(TextToImage.builder().prompt(prompt).size(SIDE, SIDE).seed(i)));
        return painting.background() == background && painting.things().size() == 2
                && left.isSeenIn(painting.things().getFirst()) && right.isSeenIn(painting.things().getLast()) ? 1 : 0;
    }
}
