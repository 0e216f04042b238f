package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.SafetyChecker;
import io.github.sdcpp4j.StableDiffusion;
import java.util.Iterator;

/**
 * A model on an executor, with what looks at its pictures.
 *
 * @param sd the model
 * @param checker null for none
 */
record LoadedModel(StableDiffusion sd, SafetyChecker checker) implements AutoCloseable {

    /** Loads on the first of the device's backends that this machine has. */
    static LoadedModel load(SparkImageOptions options, TaskDevice device) {
        Iterator<String> backends = device.backends().iterator();
        while (true) {
            String backend = backends.next();
            try {
                return load(options, device, backend);
            } catch (InvalidRequestException e) {
                // what else is wrong is wrong with the next one too
                if (!backends.hasNext()) {
                    throw e;
                }
            }
        }
    }

    private static LoadedModel load(SparkImageOptions options, TaskDevice device, String backend) {
        LoadOptions.Builder load = LoadOptions.builder().threads(device.threads()).backend(backend);
        options.files().forEach((slot, path) -> load.file(slot, path.resolve()));
        if (options.demo()) {
            load.demo();
        }
        if (options.worker()) {
            load.worker();
        }
        options.load().accept(load);
        if (options.safetyChecker() == null) {
            return new LoadedModel(load.load(), null);
        }
        SafetyChecker checker = SafetyChecker.builder(options.safetyChecker().resolve()).threads(device.threads()).backend(backend).load();
        try {
            return new LoadedModel(load.pictureCheck(checker).load(), checker);
        } catch (RuntimeException e) {
            checker.close();
            throw e;
        }
    }

    GeneratedImage generate(ImageRequest request) {
        return sd.generate(request).getFirst();
    }

    @Override
    public void close() {
        sd.close();
        if (checker != null) {
            checker.close();
        }
    }
}
