package io.github.sdcpp4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class TaskDeviceTest {

    @Test
    void takesTheGpuThatSparkGave() {
        assertThat(device("3")).isEqualTo(new TaskDevice("cuda3", List.of("cuda3"), 2));
    }

    @Test
    void leavesGpusAloneThatSparkDidNotGive() {
        TaskDevice device = TaskDevice.of(Map.of(), 4);

        assertThat(device.backends()).containsExactly("fastcpu-f32", "cpu");
        assertThat(device.threads()).isEqualTo(4);
    }

    @Test
    void refusesSeveralGpusAndThoseWithoutANumber() {
        assertThatIllegalStateException().isThrownBy(() -> device("0", "1")).withMessageContaining("the GPUs 0, 1");
        assertThatIllegalStateException().isThrownBy(() -> device("MIG-5c89")).withMessageContaining("let the discovery script print indexes");
    }

    private static TaskDevice device(String... addresses) {
        return TaskDevice.of(Map.of("gpu", new ResourceInformation("gpu", addresses)), 2);
    }
}
