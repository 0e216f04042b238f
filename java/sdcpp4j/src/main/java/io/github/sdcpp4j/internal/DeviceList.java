package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.Device;
import io.github.sdcpp4j.NativeLibraryException;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_device;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks the native library what there is to compute on. */
public final class DeviceList {

    private DeviceList() {}

    /** A device by name, without its memory: to ask a GPU for that takes some of it. */
    record Known(String name, String description, boolean isCpu, String code) {}

    static List<Known> known() {
        NativeLibrary.ensureLoaded();
        List<Known> devices = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment device = sdcpp4j_device.allocate(arena);
            for (int i = 0; i < sdcpp4j_h.sdcpp4j_device_count(); i++) {
                sdcpp4j_h.sdcpp4j_device_at(i, device);
                devices.add(new Known(
                        sdcpp4j_device.name(device).getString(0), sdcpp4j_device.description(device).getString(0),
                        sdcpp4j_device.is_cpu(device) != 0, sdcpp4j_device.code(device).getString(0)));
            }
        }
        return devices;
    }

    /**
     * Reads all of it.
     *
     * @return the devices, with their memory as it is now
     */
    public static List<Device> read() {
        List<Known> known = known();
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            devices.add(device(known.get(i), i));
        }
        return devices;
    }

    private static Device device(Known known, int index) {
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment free = call.arena().allocate(ValueLayout.JAVA_LONG);
            MemorySegment total = call.arena().allocate(ValueLayout.JAVA_LONG);
            int status = sdcpp4j_h.sdcpp4j_device_memory(call.segment(), index, free, total);
            call.check(status, text -> new NativeLibraryException(
                    "the memory of %s cannot be read: %s".formatted(known.name(), text)));
            return new Device(known.name(), known.description(), Optional.of(known.code()).filter(code -> known.isCpu()),
                    known.isCpu() ? HostMemory.SYSTEM.available() : OptionalLong.of(free.get(ValueLayout.JAVA_LONG, 0)),
                    total.get(ValueLayout.JAVA_LONG, 0));
        }
    }
}
