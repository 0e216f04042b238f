package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadFailureTest {

    @TempDir
    private Path folder;

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("none.safetensors");
        assertThatThrownBy(() -> StableDiffusion.load(missing))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> StableDiffusion.builder(Models.smallSd1()).vae(missing).load())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(missing.toString());
    }

    @Test
    void withoutItsArtifactTheDemoSaysWhatToAdd() {
        assertThatThrownBy(StableDiffusion::demo)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("io.github.sdcpp4j:sdcpp4j-demo");
    }

    @Test
    void aTextFileIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.safetensors"), "This is no model, but long enough to look at.");
        assertThatThrownBy(() -> StableDiffusion.load(text))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(text.toString());
    }

    @Test
    void aFileCutInHalfIsRefusedWithBothSizes() throws IOException {
        Path model = Models.smallSd1();
        Path half = folder.resolve("half.safetensors");
        long size = Files.size(model);
        try (FileChannel from = FileChannel.open(model);
                FileChannel to = FileChannel.open(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            from.transferTo(0, 2 << 20, to); // the header and a bit; the rest is a hole
        }
        try (RandomAccessFile file = new RandomAccessFile(half.toFile(), "rw")) {
            file.setLength(size / 2);
        }
        assertThatThrownBy(() -> StableDiffusion.load(half))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(half.toString())
                .hasMessageContaining(Long.toString(size / 2))
                .hasMessageContaining(Long.toString(size));
    }

    @Test
    void aSoundFileThatIsNoModelIsRefusedWithTheRuntimesOwnWords() throws IOException {
        Path stranger = safetensors("stranger.safetensors", "some.weight");
        assertThatThrownBy(() -> StableDiffusion.load(stranger))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(stranger.toString())
                .hasMessageContaining("version");
        CheckpointInfo info = CheckpointInfo.read(stranger);
        assertThat(info.family()).isEmpty();
        assertThat(info.tensors()).isOne();
        assertThat(info.hasDiffusion()).isFalse();
    }

    @Test
    void aFailedLoadLeavesTheProcessSound() throws Exception {
        Path stranger = safetensors("stranger.safetensors", "some.weight");
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> StableDiffusion.load(stranger)).isInstanceOf(CheckpointException.class);
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("sdcpp4j stranger.safetensors")) {
                assertThat(thread.join(java.time.Duration.ofSeconds(10))).as("%s has ended", thread).isTrue();
            }
        }
        assertThat(Models.shared().generate(TextToImage.builder().size(64, 64).steps(1).build())).hasSize(1);
    }

    @Test
    void pathsMayHoldAnyCharacter() throws IOException {
        Path odd = folder.resolve("модель 猫 ü.safetensors");
        Files.createSymbolicLink(odd, Models.smallSd1().toAbsolutePath());
        assertThat(CheckpointInfo.read(odd).family()).contains("SD 1.x");
    }

    @Test
    void infoTellsTheFamilyAndThePartsOfTheGeneratedCheckpoint() {
        CheckpointInfo info = CheckpointInfo.read(Models.smallSd1());
        assertThat(info.family()).contains("SD 1.x");
        assertThat(info.kind()).isEqualTo(ModelKind.CHECKPOINT);
        assertThat(info.format()).isEqualTo("safetensors");
        assertThat(info.hasDiffusion()).isTrue();
        assertThat(info.hasTextEncoder()).isTrue();
        assertThat(info.hasVae()).isTrue();
        assertThat(info.weightType()).contains(WeightType.F16);
        assertThat(info.parameters()).isGreaterThan(123_000_000);
    }

    @Test
    void infoTellsTheKindAndNoFamilyOfATextEncoderAlone() throws IOException {
        String tensor = "\"text_model.%s.weight\":{\"dtype\":\"F16\",\"shape\":[1,768],\"data_offsets\":[%d,%d]}";
        byte[] header = ("{" + tensor.formatted("embeddings.token_embedding", 0, 1536) + ","
                + tensor.formatted("encoder.layers.0.mlp.fc1", 1536, 3072) + "}").getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + 3072).order(ByteOrder.LITTLE_ENDIAN);
        CheckpointInfo info = CheckpointInfo.read(
                Files.write(folder.resolve("clip.safetensors"), file.putLong(header.length).put(header).array()));
        assertThat(info.kind()).isEqualTo(ModelKind.CLIP_L);
        assertThat(info.family()).isEmpty();
        assertThat(info.prediction()).isEmpty();
    }

    @Test
    void weightsAreConvertedWhileLoading() {
        TextToImage request = TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(2).seed(42).build();
        byte[] f16 = Models.pixels(Models.shared().generate(request).getFirst());
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).weightType(WeightType.Q8_0).load()) {
            byte[] q8 = Models.pixels(sd.generate(request).getFirst());
            assertThat(q8).isNotEqualTo(f16);
            assertThat(Models.distance(q8, f16)).isLessThan(20);
        }
    }

    @Test
    void anotherGeneratorGivesAnotherPictureOfTheSameSeed() {
        TextToImage request = TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(2).seed(42).build();
        byte[] cuda = Models.pixels(Models.shared().generate(request).getFirst());
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).rng(Rng.CPU).mmap(true).threads(1).load()) {
            assertThat(Models.pixels(sd.generate(request).getFirst())).isNotEqualTo(cuda);
        }
    }

    private Path safetensors(String name, String tensor) throws IOException {
        byte[] header = "{\"%s\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}".formatted(tensor)
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        return Files.write(folder.resolve(name), file.array());
    }
}
