package io.github.sdcpp4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.sdcpp4j.InvalidRequestException;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestColumnsTest {

    @Test
    void findsColumnsWhateverTheirCaseAndUnderscores() {
        RequestColumns columns = RequestColumns.of(StructType.fromDDL("owner string, Prompt string, negativePrompt string, CFG_scale double"));

        assertThat(columns.places())
                .containsEntry(RequestColumn.PROMPT, 1)
                .containsEntry(RequestColumn.NEGATIVE_PROMPT, 2)
                .containsEntry(RequestColumn.GUIDANCE_SCALE, 3)
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            text string                            | there is no column 'prompt' among text
            prompt array<string>                   | 'prompt' is of type array<string>
            prompt int                             | 'prompt' is of type int: it must be text
            prompt string, steps boolean           | 'steps' is of type boolean: it must be a number
            prompt string, init_image bigint       | 'init_image' is of type bigint: it must be binary
            prompt string, PROMPT string           | 'prompt' and 'PROMPT' both mean prompt
            prompt string, guidance int, cfg_scale int | 'guidance' and 'cfg_scale' both mean guidance_scale
            prompt string, width int               | a column 'width' and none 'height'
            """)
    void refusesColumnsThatCannotBeUsedWithASentence(String columns, String sentence) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> RequestColumns.of(StructType.fromDDL(columns)))
                .withMessageContaining(sentence);
    }

    @Test
    void refusesColumnsThatTheResultAdds() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> ResultColumns.of(StructType.fromDDL("prompt string, PNG binary")))
                .withMessageContaining("there is a column 'PNG' already");
    }

    @Test
    void keepsTheOtherColumnsAndPutsTheSeedUsedInThePlaceOfTheOneGiven() {
        StructType requests = StructType.fromDDL("owner string, Seed int, prompt string");

        assertThat(ResultColumns.of(requests).schema(requests).fieldNames())
                .containsExactly("owner", "prompt", "png", "seed", "nsfw", "millis", "error");
    }
}
