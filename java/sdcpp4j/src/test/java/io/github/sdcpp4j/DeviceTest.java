package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sdcpp4j.support.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What there is to compute on, and the choice of it. */
class DeviceTest {

    private static final TextToImage REQUEST = TextToImage.builder().prompt("a cat").size(64, 64).steps(1).seed(3).build();

    @Test
    void theCpuIsAlwaysThere() {
        Device cpu = Device.list().stream().filter(Device::isCpu).findFirst().orElseThrow();
        assertThat(cpu.name()).isEqualTo("CPU");
        assertThat(cpu.description()).isNotBlank();
        assertThat(cpu.cpuCode()).hasValueSatisfying(code -> assertThat(code).isNotBlank());
        assertThat(cpu.totalMemory()).isPositive();
        cpu.freeMemory().ifPresent(free -> assertThat(free).isBetween(1L, cpu.totalMemory()));
    }

    @Test
    void anUnknownDeviceIsRefusedWithTheNamesOfThoseThatAreThere() {
        LoadOptions.Builder options = StableDiffusion.builder(Models.smallSd1()).backend("cuda77");
        assertThatThrownBy(options::load)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("no device 'cuda77'").hasMessageContaining("CPU (");
    }

    @Test
    void aNamedDeviceMakesThePicture() {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).backend("CPU").load()) {
            assertThat(sd.generate(REQUEST)).hasSize(1);
        }
    }

    @Test
    void eachGpuMakesAPicture() {
        List<Device> gpus = Device.list().stream().filter(device -> !device.isCpu()).toList();
        assumeTrue(!gpus.isEmpty(), "skipped: no CUDA device");
        for (Device gpu : gpus) {
            try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).backend(gpu.name()).load()) {
                assertThat(sd.generate(REQUEST)).hasSize(1);
            }
        }
    }
}
