package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Device;
import java.util.List;

/** What {@code info --devices} tells, a line for each device. */
final class DeviceReport {

    private DeviceReport() {}

    static List<String> lines(List<Device> devices) {
        return devices.stream().map(DeviceReport::line).toList();
    }

    private static String line(Device device) {
        return "%-11s  %s, %s%s%s".formatted(
                device.name(), device.description(), Words.roughly(device.totalMemory()),
                device.freeMemory().isPresent() ? " of memory, " + Words.roughly(device.freeMemory().getAsLong()) + " free" : " of memory",
                device.cpuCode().filter(code -> !code.equals(device.description())).map(code -> ", code for: " + code).orElse(""));
    }
}
