package io.github.sdcpp4j.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.WeightType;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Some tools quantise LoRAs; ours does not, so that native code is asked for one here. Applied, it would end the process. */
@Timeout(120)
class QuantisedLoraTest {

    @TempDir
    private Path folder;

    @Test
    void itIsRefusedWithAWayOut() {
        NativeLibrary.ensureLoaded();
        Path quantised = folder.resolve("lora.gguf");
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            int status = sdcpp4j_h.sdcpp4j_convert(call.segment(), Marshal.path(PartFiles.lora(Models.fixtures()), call.arena()),
                    MemorySegment.NULL, Marshal.path(quantised, call.arena()), WeightType.Q8_0.nativeValue(), MemorySegment.NULL);
            assertThat(status).as(call.errorText()).isZero();
        }
        TextToImage request = TextToImage.builder().prompt("a cat").size(64, 64).steps(1).lora(quantised, 1).build();
        assertThatThrownBy(() -> Models.shared().generate(request))
                .isInstanceOf(CheckpointException.class).hasMessageContainingAll("lora.gguf", "q8_0", "f16");
    }
}
