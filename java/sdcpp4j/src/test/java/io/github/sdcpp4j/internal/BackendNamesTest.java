package io.github.sdcpp4j.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.internal.DeviceList.Known;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Device names are known to be there, or not, before anything is loaded. */
class BackendNamesTest {

    private static final Known CPU = new Known("CPU", "a processor", true, "haswell");
    private static final List<Known> TWO_GPUS =
            List.of(new Known("CUDA0", "a card", false, ""), new Known("CUDA1", "another card", false, ""), CPU);

    @ParameterizedTest
    @ValueSource(strings = {"", "cpu", "CPU", "auto", "default", "gpu", "cuda0", "CUDA1", "cuda", "diffusion=cuda1,te=cpu,vae=cpu", " te = cpu "})
    void namesThatAreThereAreTaken(String backend) {
        assertThatCode(() -> BackendNames.check(backend, TWO_GPUS)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda2", "vulkan0", "disk", "diffusion=cuda0,vae=cuda7"})
    void aNameThatIsNotThereIsRefusedWithThoseThatAre(String backend) {
        assertThatThrownBy(() -> BackendNames.check(backend, TWO_GPUS))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("CUDA0 (a card), CUDA1 (another card), CPU (a processor)");
    }

    @Test
    void withoutAGpuNoneIsGiven() {
        assertThatThrownBy(() -> BackendNames.check("gpu", List.of(CPU)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("no device 'gpu'").hasMessageContaining("-cuda");
    }

    @Test
    void weightsCanBeOnTheDisk() {
        assertThatCode(() -> BackendNames.checkParams("disk", List.of(CPU))).doesNotThrowAnyException();
        assertThatThrownBy(() -> BackendNames.checkParams("cuda0", List.of(CPU))).isInstanceOf(InvalidRequestException.class);
    }
}
