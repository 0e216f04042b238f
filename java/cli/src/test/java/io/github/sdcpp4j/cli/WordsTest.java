package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WordsTest {

    private final Locale locale = Locale.getDefault();

    @BeforeEach
    void useAnotherDecimalSign() {
        Locale.setDefault(Locale.GERMANY);
    }

    @AfterEach
    void restore() {
        Locale.setDefault(locale);
    }

    @Test
    void writesNumbersTheSameEverywhere() {
        assertThat(Words.seconds(Duration.ofMillis(3249))).isEqualTo("3.2 s");
        assertThat(Words.count(1131)).isEqualTo("1,131");
        assertThat(Words.bytes(999)).isEqualTo("999 bytes");
        assertThat(Words.bytes(1000)).isEqualTo("1.00 kB (1,000 bytes)");
        assertThat(Words.bytes(2_132_696_762L)).isEqualTo("2.13 GB (2,132,696,762 bytes)");
    }
}
