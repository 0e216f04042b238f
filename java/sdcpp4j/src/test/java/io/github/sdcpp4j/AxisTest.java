package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {

    private static final TextToImage CAT =
            TextToImage.builder().prompt("a red cat, a red hat").negativePrompt("a dog").size(64, 64).seed(1).build();

    private static List<String> labels(String definition) {
        return Axis.parse(definition).values().stream().map(Axis.Value::label).toList();
    }

    private static <T> List<T> changed(String definition, Function<GenerationSettings, T> field) {
        return Axis.parse(definition).values().stream()
                .map(value -> field.apply(value.change().apply(CAT).settings())).toList();
    }

    @Test
    void everyNameReadsAnAxisThatChangesItsField() {
        assertThat(changed("steps=10,20", GenerationSettings::steps)).containsExactly(10, 20);
        assertThat(changed("cfg-scale=1,7.5", GenerationSettings::guidanceScale)).containsExactly(1.0, 7.5);
        assertThat(changed("seed=7,4294967296", settings -> settings.seed().orElseThrow())).containsExactly(7L, 4294967296L);
        assertThat(changed("sampling-method=euler_a,DPM++ 2M", settings -> settings.sampler().orElseThrow()))
                .containsExactly(Sampler.EULER_A, Sampler.DPMPP_2M);
        assertThat(changed("scheduler=karras,SGM Uniform", settings -> settings.scheduler().orElseThrow()))
                .containsExactly(Scheduler.KARRAS, Scheduler.SGM_UNIFORM);
        assertThat(changed("eta=0,0.5", settings -> settings.eta().orElseThrow())).containsExactly(0.0, 0.5);
        assertThat(changed("clip-skip=1,2", settings -> settings.clipSkip().orElseThrow())).containsExactly(1, 2);
        assertThat(changed("prompt=a cat,a dog", GenerationSettings::prompt)).containsExactly("a cat", "a dog");
        assertThat(changed("negative-prompt=,grey", GenerationSettings::negativePrompt)).containsExactly("", "grey");
        assertThat(changed("size=128x64,64x128", GenerationSettings::width)).containsExactly(128, 64);
        assertThat(changed("size=128x64,64x128", GenerationSettings::height)).containsExactly(64, 128);
        assertThat(changed("width=72", GenerationSettings::width)).containsExactly(72);
        assertThat(changed("width=72", GenerationSettings::height)).containsExactly(64);
        assertThat(changed("height=72", GenerationSettings::height)).containsExactly(72);
        assertThat(changed("prompt-sr=red,blue", GenerationSettings::prompt))
                .containsExactly("a red cat, a red hat", "a blue cat, a blue hat");
        ImageToImage start = ImageToImage.builder(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB)).seed(1).build();
        assertThat(Axis.parse("strength=0.5,1").values())
                .extracting(value -> ((ImageToImage) value.change().apply(start)).strength()).containsExactly(0.5, 1.0);
        assertThat(Axis.names()).hasSize(14).contains("steps", "prompt-sr", "strength");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "steps=10-30:10     | 10 20 30",
        "steps=10..30:10    | 10 20 30",
        "steps=1-3          | 1 2 3",
        "steps=10-35:10     | 10 20 30",
        "steps=3-1          | 3 2 1",
        "steps=1, 5 - 6 ,10 | 1 5 6 10",
        "cfg-scale=1-2:0.5  | 1 1.5 2",
        "cfg-scale=0.1..0.3:0.1 | 0.1 0.2 0.3",
        "Steps = 4          | 4",
    })
    void rangesAreSpeltOut(String definition, String expected) {
        assertThat(labels(definition)).containsExactly(expected.split(" "));
    }

    @Test
    void aValueInQuotesMayHaveCommasAndQuotes() {
        assertThat(labels("prompt=\"a cat, black\", a dog's hat ,\"a \"\"big\"\" one\"  , a=b"))
                .containsExactly("a cat, black", "a dog's hat", "a \"big\" one", "a=b");
        assertThat(labels("negative-prompt=\"\",x,")).containsExactly("(none)", "x", "(none)");
    }

    @Test
    void labelsAreTheNamesOfWebUis() {
        assertThat(labels("sampling-method=euler_a,dpm++2m")).containsExactly("Euler a", "DPM++ 2M");
        assertThat(Axis.parse("cfg-scale=7.0,1e1").name()).isEqualTo("CFG scale");
        assertThat(labels("cfg-scale=7.0,1e1")).containsExactly("7", "10");
    }

    @Test
    void aRandomSeedIsDrawnOnceForItsValue() {
        Axis axis = Axis.parse("seed=-1,-1");
        List<Long> seeds = axis.values().stream()
                .map(value -> value.change().apply(CAT).settings().seed().orElseThrow()).toList();
        assertThat(seeds).doesNotHaveDuplicates();
        assertThat(axis.values()).extracting(Axis.Value::label)
                .containsExactlyElementsOf(seeds.stream().map(String::valueOf).toList());
    }

    @Test
    void wordsAreReplacedInBothPrompts() {
        Axis axis = Axis.promptReplace("a ", "", "the ");
        assertThat(axis.values().getFirst().label()).isEqualTo("(none)");
        GenerationSettings settings = axis.values().get(1).change().apply(CAT).settings();
        assertThat(settings.prompt()).isEqualTo("the red cat, the red hat");
        assertThat(settings.negativePrompt()).isEqualTo("the dog");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "steps             | 'steps' is no axis: give a field and its values, such as steps=10,20,30",
        "=3                | is no axis",
        "stepz=3           | 'stepz' is no field for an axis: give one of prompt, prompt-sr,",
        "steps=10,x        | axis steps has the value 'x': give whole numbers such as 10,20 or a range",
        "steps=            | axis steps has the value ''",
        "steps=1.5         | axis steps has the value '1.5': give whole numbers",
        "steps=99999999999 | axis steps has the value '99999999999'",
        "steps=1-2:0.5     | axis steps has the value '1.5'",
        "seed=1e99         | axis seed has the value '1e99'",
        "cfg-scale=1,seven | axis cfg-scale has the value 'seven': give numbers such as",
        "steps=1-5000      | axis steps has the range '1-5000' of 5000 values: give it 1000 or fewer",
        "steps=1-5:0       | axis steps has the range '1-5:0', whose step is 0",
        "sampling-method=euler,foo | axis sampling-method has the value 'foo': give one or more of euler, euler_a,",
        "size=512          | axis size has the value '512': give sizes such as 512x768",
        "prompt=\"a,b      | axis prompt has a value without its closing quote",
        "prompt=\"a\" b,c  | axis prompt has text behind a quoted value, 'b'",
        "prompt-sr=,b      | the text to search for in the prompt is empty",
    })
    void whatIsNoAxisIsRefusedWithTheRemedy(String definition, String message) {
        assertThatThrownBy(() -> Axis.parse(definition))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anAxisHasValues() {
        assertThatThrownBy(Axis::steps)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("axis Steps has no value: give it one or more");
        assertThatThrownBy(() -> Axis.steps(new int[1001])).hasMessageContaining("axis Steps has 1001 values");
    }
}
