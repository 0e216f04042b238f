package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadOptionsTest {

    private static LoadOptions.Builder options() {
        return LoadOptions.builder().model(Path.of("model.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "^vae\\.=f16", "^vae\\.=f16,model\\.=Q8_0", "=bf16"})
    void tensorTypeRulesAreKept(String rules) {
        assertThat(options().tensorTypeRules(rules).build().tensorTypeRules()).isEqualTo(rules);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "model=nonsense", "model=i32", "model=q8_K", "a=f16,,b=f16", "a=f16,b"})
    void aRuleThatTheRuntimeWouldIgnoreIsRefused(String rules) {
        assertThatThrownBy(() -> options().tensorTypeRules(rules).build())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("PATTERN=TYPE");
    }

    @Test
    void aTaesdForPreviewsOnlyMustBeThere() {
        assertThatThrownBy(() -> options().taesdForPreviewsOnly(true).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("name one (--taesd)");
        assertThat(options().taesdForPreviewsOnly(true).taesd(Path.of("taesd.safetensors")).build().taesdForPreviewsOnly())
                .isTrue();
    }

    @Test
    void limitsArePositive() {
        assertThatThrownBy(() -> options().queueCapacity(0).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("queue capacity is 0");
        assertThatThrownBy(() -> options().memoryLimit(-1).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("memory limit is -1");
        assertThatThrownBy(() -> WorkerOptions.defaults().withIdleTimeout(Duration.ZERO))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("idle timeout is PT0S");
    }
}
