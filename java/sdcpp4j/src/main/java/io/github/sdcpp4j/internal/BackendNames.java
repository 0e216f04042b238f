package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.internal.DeviceList.Known;
import io.github.sdcpp4j.internal.library.Platform;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names in {@code cuda0} or {@code diffusion=cuda0,vae=cpu}, read as the runtime does in ggml_extend_backend.cpp: whether
 * there are such devices is known before a file is read.
 */
final class BackendNames {

    private static final Set<String> DEFAULT = Set.of("", "default", "auto");

    private BackendNames() {}

    /** Where to compute. */
    static void check(String backend, List<Known> devices) {
        check(backend, "", devices);
    }

    /** Where to keep the weights, which may be the disk too. */
    static void checkParams(String backend, List<Known> devices) {
        check(backend, "disk", devices);
    }

    private static void check(String backend, String also, List<Known> devices) {
        for (String part : backend.split(",")) {
            String name = part.substring(part.indexOf('=') + 1).strip().toLowerCase(Locale.ROOT);
            boolean there = DEFAULT.contains(name) || name.equals(also)
                    || (name.equals("gpu") ? devices.stream().anyMatch(device -> !device.isCpu())
                            : devices.stream().anyMatch(device -> device.name().toLowerCase(Locale.ROOT).startsWith(name)));
            if (!there) {
                throw new InvalidRequestException("there is no device '%s' to compute on, there is: %s. A GPU needs the natives with CUDA (the classifier natives-%s-cuda) and its driver"
                        .formatted(name, devices.stream().map(device -> "%s (%s)".formatted(device.name(), device.description()))
                                .collect(Collectors.joining(", ")), Platform.current().classifier()));
            }
        }
    }
}
