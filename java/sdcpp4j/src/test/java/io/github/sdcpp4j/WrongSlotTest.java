package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of file in each place where another one belongs: one sentence that says what the file is, nothing is loaded. */
class WrongSlotTest {

    /**
     * A kind of file and the place where it belongs.
     *
     * @param name what a sentence about it calls it
     * @param file one of the kind
     * @param use puts any file into the kind's place and checks it
     */
    private record Kind(String name, Path file, Consumer<Path> use) {}

    private static final Path FIXTURES = Models.fixtures();

    private static final List<Kind> KINDS = List.of(
            new Kind("complete checkpoint", Models.smallSd1(), file -> check(LoadOptions.builder().model(file))),
            new Kind("VAE", PartFiles.vae(FIXTURES), file -> check(options().vae(file))),
            new Kind("tiny autoencoder (TAESD)", PartFiles.taesd(FIXTURES), file -> check(options().taesd(file))),
            new Kind("ControlNet", PartFiles.controlNet(FIXTURES), file -> check(options().file(ModelFile.CONTROL_NET, file))),
            new Kind("LoRA", PartFiles.lora(FIXTURES),
                    file -> options().build().check(TextToImage.builder().lora(file, 1).build())),
            new Kind("textual inversion embedding", PartFiles.textualInversion(FIXTURES),
                    file -> check(options().additions(Additions.NONE.withEmbedding("word", file)))),
            new Kind("upscaler", PartFiles.esrgan(FIXTURES), file -> Upscaler.load(file).close()));

    private static LoadOptions.Builder options() {
        return LoadOptions.builder().model(Models.smallSd1());
    }

    private static void check(LoadOptions.Builder options) {
        options.build().check(TextToImage.of("a cat"));
    }

    static Stream<Arguments> pairs() {
        return KINDS.stream().flatMap(file -> KINDS.stream()
                .filter(place -> place != file)
                .map(place -> Arguments.of(file.name, place.name)));
    }

    private static Kind kind(String name) {
        return KINDS.stream().filter(kind -> kind.name.equals(name)).findFirst().orElseThrow();
    }

    @ParameterizedTest(name = "a {0} as {1}")
    @MethodSource("pairs")
    void aFileInAnothersPlaceIsNamed(String file, String place) {
        assertThatThrownBy(() -> kind(place).use.accept(kind(file).file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(kind(file).file.toString())
                .hasMessageContaining(file);
    }

    @ParameterizedTest
    @MethodSource("names")
    void inItsOwnPlaceItIsTaken(String name) {
        kind(name).use.accept(kind(name).file);
    }

    static Stream<String> names() {
        return KINDS.stream().map(Kind::name);
    }
}
