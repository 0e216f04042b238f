package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.Upscaler;
import java.awt.image.BufferedImage;
import java.util.Optional;

/** Makes a command's pictures larger and says so in their parameters; without an upscaler it leaves both as they are. */
record Upscaling(Optional<Upscaler> upscaler, int repeats) implements AutoCloseable {

    BufferedImage enlarge(BufferedImage picture, ProgressReport progress) {
        if (upscaler.isEmpty()) {
            return picture;
        }
        BufferedImage larger = upscaler.get().upscale(picture, repeats, progress);
        progress.finish();
        return larger;
    }

    Infotext describe(Infotext made) {
        return upscaler.map(used -> made.upscaled((int) Math.pow(used.factor(), repeats), used.name())).orElse(made);
    }

    @Override
    public void close() {
        upscaler.ifPresent(Upscaler::close);
    }
}
