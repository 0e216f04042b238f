package io.github.sdcpp4j.demo;

import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Command line: measures how often the demo model does what it is asked, and prints the table of the README. Each core has a
 * model of its own with one thread, which is faster here than one model with all.
 */
public final class Figures {

    private static final int SIDE = 128;

    private final ThreadLocal<StableDiffusion> models = ThreadLocal.withInitial(this::load);
    private final Queue<StableDiffusion> loaded = new ConcurrentLinkedQueue<>();
    private final ExecutorService cores = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    private final List<Wish> wishes = new ArrayList<>();

    private Figures() {
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
        Figures figures = new Figures();
        try {
            figures.print();
        } finally {
            figures.cores.shutdown();
            figures.loaded.forEach(StableDiffusion::close);
        }
    }

    private StableDiffusion load() {
        StableDiffusion sd = LoadOptions.builder().demo().threads(1).load();
        loaded.add(sd);
        return sd;
    }

    private void print() {
        AtomicInteger shape = new AtomicInteger();
        AtomicInteger color = new AtomicInteger();
        AtomicInteger background = new AtomicInteger();
        row("defaults", 200, i -> {
            Painting painting = Painting.of(picture(request(i)));
            Wish wish = wishes.get(i);
            boolean one = painting.things().size() == 1;
            shape.addAndGet(one && painting.things().getFirst().shape().filter(wish.shape()::equals).isPresent() ? 1 : 0);
            color.addAndGet(one && painting.things().getFirst().color() == wish.color() ? 1 : 0);
            background.addAndGet(painting.background() == wish.background() ? 1 : 0);
            return wish.isSeenIn(painting) ? 1 : 0;
        });
        System.out.printf("| of these: the shape, the colour, the background | %d, %d, %d of 200 |%n",
                shape.get(), color.get(), background.get());
        row("guidance 1", 40, i -> seen(i, request(i).guidanceScale(1)));
        row("a circle of any colour: it is red", 20, i -> red(i, ""));
        row("the same with \"a red circle\" as negative prompt", 20, i -> red(i, "a red circle"));
        row("two things, each with its shape, colour and place", 40, this::two);
        row("img2img of another drawing, strength 0.3: the drawing is still there", 20, i -> fromDrawing(i, 0.3) == 1 ? 1 : 0);
        row("the same, strength 0.9: the prompt is followed", 20, i -> fromDrawing(i, 0.9) == 2 ? 1 : 0);
        row("img2img of a drawing, another colour in the prompt, strength 0.3: place, shape and background stay", 20, this::recoloured);
        for (Sampler sampler : Sampler.values()) {
            row("sampler " + sampler.flag(), 10, i -> seen(i, request(i).sampler(sampler)));
        }
    }

    private void row(String name, int count, IntUnaryOperator right) {
        int sum = IntStream.range(0, count)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> right.applyAsInt(i), cores))
                .toList().stream().mapToInt(CompletableFuture::join).sum();
        System.out.printf("| %s | %d of %d |%n", name, sum, count);
    }

    private String prompt(int i) {
        return wishes.get(i).prompt(Wish.WORDINGS.get(i % Wish.WORDINGS.size()));
    }

    private TextToImage.Builder request(int i) {
        return TextToImage.builder().prompt(prompt(i)).size(SIDE, SIDE).seed(1000 + i);
    }

    private BufferedImage picture(TextToImage.Builder request) {
        return models.get().generate(request.build()).getFirst().image();
    }

    private int seen(int i, TextToImage.Builder request) {
        return wishes.get(i).isSeenIn(Painting.of(picture(request))) ? 1 : 0;
    }

    /** 1 when the drawing is seen, 2 when the prompt is, 0 for neither. */
    private int fromDrawing(int i, double strength) {
        Wish drawn = wishes.get(i + 1);
        ImageToImage request = ImageToImage.builder(drawn.drawing(SIDE)).prompt(prompt(i)).strength(strength).seed(i).build();
        Painting painting = Painting.of(models.get().generate(request).getFirst().image());
        return drawn.isSeenIn(painting) ? 1 : wishes.get(i).isSeenIn(painting) ? 2 : 0;
    }

    private int red(int i, String negativePrompt) {
        TextToImage.Builder request = TextToImage.builder().prompt("a circle on a white background").negativePrompt(negativePrompt)
                .size(SIDE, SIDE).seed(i);
        return Painting.of(picture(request)).things().stream().anyMatch(thing -> thing.color() == Palette.RED) ? 1 : 0;
    }

    private int recoloured(int i) {
        Wish drawn = wishes.get(i);
        Palette other = Stream.of(Palette.values()).filter(color -> color != drawn.color() && color != drawn.background())
                .skip(i % (Palette.values().length - 2)).findFirst().orElseThrow();
        double x = 0.3 + 0.02 * i;
        double y = 0.7 - 0.02 * i;
        String prompt = new Wish(drawn.shape(), other, drawn.background()).prompt();
        ImageToImage request = ImageToImage.builder(drawn.drawing(SIDE, x, y)).prompt(prompt).strength(0.3).seed(i).build();
        Painting painting = Painting.of(models.get().generate(request).getFirst().image());
        return painting.background() == drawn.background() && painting.things().size() == 1
                && painting.things().getFirst().shape().filter(drawn.shape()::equals).isPresent()
                && Math.abs(painting.things().getFirst().x() - x) < 0.1
                && Math.abs(painting.things().getFirst().y() - y) < 0.1 ? 1 : 0;
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
