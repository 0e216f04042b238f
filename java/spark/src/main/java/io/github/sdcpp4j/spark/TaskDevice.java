package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.CpuPrecision;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * What a task computes on: the GPU that Spark's scheduler gave it, or the CPU.
 *
 * @param name one model is kept for each name
 * @param backends the names that {@link io.github.sdcpp4j.LoadOptions#backend} takes, the first one that is there to be used
 * @param threads CPU threads for one picture
 */
record TaskDevice(String name, List<String> backends, int threads) {

    private static final String GPU = "gpu";

    static TaskDevice of(TaskContext task) {
        return of(task.resourcesJMap(), task.cpus());
    }

    /** The driver's GPU index {@code 0} is the runtime's {@code cuda0}. Without a GPU of its own a task leaves those of others alone. */
    static TaskDevice of(Map<String, ResourceInformation> resources, int cpus) {
        ResourceInformation gpu = resources.get(GPU);
        if (gpu == null || gpu.addresses().length == 0) {
            return new TaskDevice("cpu", List.of(CpuPrecision.EXACT.backend(), "cpu"), cpus);
        }
        String address = gpu.addresses()[0];
        if (gpu.addresses().length > 1 || !address.matches("\\d{1,4}")) {
            throw new IllegalStateException(
                    ("Spark gave this task the GPUs %s: a picture is made on one, named by its number."
                            + " Set spark.task.resource.gpu.amount to 1 or less, and let the discovery script print indexes")
                            .formatted(String.join(", ", gpu.addresses())));
        }
        String name = "cuda" + address;
        return new TaskDevice(name, List.of(name), cpus);
    }
}
