package io.github.sdcpp4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.internal.checkpoint.Json;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The metadata in the jar are those that the bindings need. No GraalVM ran them. After a change of the bindings
 * {@code mvn test -pl java/sdcpp4j -am -Dtest=NativeImageMetadataTest -Dsdcpp4j.metadata=write} writes them anew.
 */
class NativeImageMetadataTest {

    private static final Path FILE =
            Path.of("src/main/resources/META-INF/native-image/io.github.sdcpp4j/sdcpp4j/reachability-metadata.json");

    @BeforeAll
    static void loadTheLibrary() {
        NativeLibrary.ensureLoaded();
    }

    @Test
    void theyCoverEveryDescriptorOfTheBindings() throws Exception {
        NativeImageMetadata needed = NativeImageMetadata.ofBindings();
        if ("write".equals(System.getProperty("sdcpp4j.metadata"))) {
            needed.write(FILE);
        }
        assertThat(Json.parse(needed.json())).isInstanceOf(Json.Obj.class);
        assertThat(FILE).hasContent(needed.json());
        assertThat(needed.upcalls()).contains(
                "{\"returnType\": \"void\", \"parameterTypes\": [\"jint\", \"jint\", \"jint\", \"jint\", \"jlong\"]}");
        assertThat(needed.downcalls()).hasSizeGreaterThan(needed.upcalls().size()).containsAll(needed.upcalls());
    }

    @Test
    void layoutsHaveTheNamesThatTheMetadataGiveThem() {
        MemoryLayout struct = MemoryLayout.structLayout(
                ValueLayout.JAVA_INT, MemoryLayout.paddingLayout(4), ValueLayout.ADDRESS, MemoryLayout.sequenceLayout(2, ValueLayout.JAVA_DOUBLE));
        assertThat(NativeImageMetadata.name(struct)).isEqualTo("struct(jint, padding(4), void*, sequence(2, jdouble))");
    }
}
