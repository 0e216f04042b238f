package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class LauncherTest {

    private static final int JAVA_8 = 52;

    @Test
    void readsBothWaysOfWritingAVersion() {
        assertThat(Launcher.feature("1.8")).isEqualTo(8);
        assertThat(Launcher.feature("17")).isEqualTo(17);
        assertThat(Launcher.feature("25")).isEqualTo(25);
    }

    @Test
    void refusesWithOneSentence() {
        assertThat(Launcher.refusal("17.0.15", "/opt/java-17"))
                .isEqualTo("error: sdcpp4j needs Java 22 or newer, this is Java 17.0.15 (/opt/java-17): run it with a newer java");
    }

    @Test
    void isReadByAnyJava() throws IOException {
        try (InputStream in = Launcher.class.getResourceAsStream("Launcher.class");
                DataInputStream header = new DataInputStream(in)) {
            header.skipNBytes(6);
            assertThat(header.readUnsignedShort()).isEqualTo(JAVA_8);
        }
    }
}
