package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.internal.checkpoint.CheckpointHeader;
import io.github.sdcpp4j.internal.checkpoint.TensorInfo;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConversionTest {

    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(2).seed(42).build();

    @TempDir
    private Path folder;

    private List<String> filesLeft() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static byte[] picture(LoadOptions.Builder model) {
        try (StableDiffusion sd = model.load()) {
            return Models.pixels(sd.generate(REQUEST).getFirst());
        }
    }

    @Test
    void aQuantisedGgufIsSmallerAndPaintsNearlyTheSame() throws IOException {
        Path output = folder.resolve("model.gguf");
        List<Progress> heard = new ArrayList<>();
        CheckpointInfo info = ModelConversion.builder(Models.smallSd1(), output).weightType(WeightType.Q8_0).progress(heard::add).run();
        assertThat(info).isEqualTo(CheckpointInfo.read(output));
        assertThat(info.format()).isEqualTo("gguf");
        assertThat(info.kind()).isEqualTo(ModelKind.CHECKPOINT);
        assertThat(info.family()).contains("SD 1.x");
        assertThat(info.weightType()).contains(WeightType.Q8_0);
        assertThat(info.fileSize()).isLessThan(Files.size(Models.smallSd1()) * 85 / 100);
        assertThat(heard).extracting(Progress::phase).startsWith(Phase.LOAD).endsWith(Phase.WRITE);
        assertThat(heard).anyMatch(progress -> progress.phase() == Phase.LOAD && progress.step() == progress.steps() && progress.steps() > 1000);
        assertThat(filesLeft()).containsExactly("model.gguf");

        byte[] before = Models.pixels(Models.shared().generate(REQUEST).getFirst());
        byte[] after = picture(StableDiffusion.builder(output));
        assertThat(after).isNotEqualTo(before);
        assertThat(Models.distance(after, before)).isLessThan(8); // measured: 4.9; these weights are dice, a trained model does better
    }

    @Test
    void anotherFormatAndBackIsEveryWeightToTheLastBit() throws IOException {
        Path gguf = folder.resolve("model.gguf");
        Path back = folder.resolve("model.safetensors");
        ModelConversion.builder(Models.smallSd1(), gguf).run();
        CheckpointInfo info = ModelConversion.builder(gguf, back).run();
        assertThat(info.format()).isEqualTo("safetensors");
        assertThat(info.weightType()).contains(WeightType.F16);
        CheckpointHeader before = CheckpointHeader.read(Models.smallSd1());
        Map<String, TensorInfo> after = CheckpointHeader.read(back).tensors().stream()
                .collect(Collectors.toMap(TensorInfo::name, Function.identity()));
        int compared = 0;
        try (FileChannel old = FileChannel.open(before.path()); FileChannel made = FileChannel.open(back)) {
            for (TensorInfo tensor : before.tensors()) {
                TensorInfo same = after.get(tensor.name());
                if (same == null) {
                    assertThat(tensor.name()).as("left out").endsWith("position_ids");
                    continue;
                }
                assertThat(same.shape()).as(tensor.name()).isEqualTo(tensor.shape());
                assertThat(bytes(made, same).mismatch(bytes(old, tensor))).as(tensor.name()).isEqualTo(-1);
                compared++;
            }
        }
        assertThat(compared).isEqualTo(after.size()).isEqualTo(before.tensors().size() - 1);
    }

    private static ByteBuffer bytes(FileChannel file, TensorInfo tensor) throws IOException {
        return file.map(FileChannel.MapMode.READ_ONLY, tensor.offset(), tensor.length());
    }

    @Test
    void rulesComeBeforeTheTypeAndMayAskForMore() {
        Path output = folder.resolve("model.gguf");
        CheckpointInfo info = ModelConversion.builder(Models.smallSd1(), output)
                .weightType(WeightType.Q4_0).tensorTypeRules("^first_stage_model\\.decoder.*(conv|norm)=F32,attn[12]=q8_0").run();
        assertThat(info.weightType()).contains(WeightType.Q4_0);
        assertThat(types(output, "first_stage_model.decoder.conv_in.weight")).containsExactly("F32");
        assertThat(types(output, "attn1.to_q.weight")).containsExactly("Q8_0");
        assertThat(types(output, "mlp.fc1.weight")).containsExactly("Q4_0");
        assertThat(types(output, "first_stage_model.encoder.conv_in.weight")).as("its rows are 3 long").containsExactly("F16");
        assertThat(types(output, "token_embedding.weight")).containsExactly("F16");
    }

    private static List<String> types(Path file, String ending) {
        return CheckpointHeader.read(file).tensors().stream().filter(tensor -> tensor.name().endsWith(ending))
                .map(TensorInfo::dtype).distinct().toList();
    }

    @Test
    void rulesAloneMayNotAskForMoreThanThereIs() throws IOException {
        assertThatThrownBy(() -> ModelConversion.builder(Models.smallSd1(), folder.resolve("model.gguf"))
                .tensorTypeRules("^first_stage_model=f32").run())
                .isInstanceOf(InvalidRequestException.class).hasMessageContainingAll("f32", "f16", "--type");
        assertThat(filesLeft()).isEmpty();
        Path output = folder.resolve("vae.gguf");
        ModelConversion.builder(PartFiles.vae(Models.fixtures()), output).tensorTypeRules("mid.attn=bf16").run();
        assertThat(CheckpointHeader.read(output).dtypeHistogram()).containsOnlyKeys("F16", "BF16");
    }

    @Test
    void aVaeIsPutInTheCheckpointsOwnsPlace() {
        Path broken = PartFiles.nanInVae(Models.fixtures());
        Path vae = PartFiles.vae(Models.fixtures());
        Path output = folder.resolve("model.safetensors");
        CheckpointInfo info = ModelConversion.builder(broken, output).vae(vae).run();
        assertThat(info.hasVae()).isTrue();
        assertThat(info.tensors()).isEqualTo(CheckpointInfo.read(Models.smallSd1()).tensors() - 1);
        assertThat(picture(StableDiffusion.builder(output))).isEqualTo(picture(StableDiffusion.builder(broken).vae(vae)));
    }

    @Test
    void partsOfModelsGoOnWorking() {
        Path vae = folder.resolve("vae.gguf");
        Path taesd = folder.resolve("taesd.gguf");
        Path control = folder.resolve("control.gguf");
        Path lora = folder.resolve("lora.gguf");
        ModelConversion.builder(PartFiles.vae(Models.fixtures()), vae).run();
        ModelConversion.builder(PartFiles.taesd(Models.fixtures()), taesd).run();
        ModelConversion.builder(PartFiles.controlNet(Models.fixtures()), control).weightType(WeightType.Q8_0).run();
        assertThat(ModelConversion.builder(PartFiles.lora(Models.fixtures()), lora).run().kind()).isEqualTo(ModelKind.LORA);

        assertThat(picture(StableDiffusion.builder(Models.smallSd1()).vae(vae)))
                .isEqualTo(picture(StableDiffusion.builder(Models.smallSd1()).vae(PartFiles.vae(Models.fixtures()))));
        assertThat(picture(StableDiffusion.builder(Models.smallSd1()).taesd(taesd)))
                .isEqualTo(picture(StableDiffusion.builder(Models.smallSd1()).taesd(PartFiles.taesd(Models.fixtures()))));
        StableDiffusion.builder(Models.smallSd1()).file(ModelFile.CONTROL_NET, control).load().close();
    }

    @Test
    void anExistingOutputIsReplacedWholeOrKept() throws IOException {
        Path output = Files.writeString(folder.resolve("lora.gguf"), "what was there");
        ModelConversion.Builder conversion = ModelConversion.builder(PartFiles.lora(Models.fixtures()), output);
        RuntimeException mine = new IllegalStateException("mine");
        assertThatThrownBy(() -> conversion.progress(progress -> {
            throw mine;
        }).run()).isSameAs(mine);
        assertThat(output).hasContent("what was there");
        List<String> beside = new ArrayList<>();
        conversion.progress(progress -> {
            if (progress.phase() == Phase.WRITE) {
                beside.add(contentOf(output));
            }
        }).run();
        assertThat(beside).containsOnly("what was there");
        assertThat(CheckpointInfo.read(output).kind()).isEqualTo(ModelKind.LORA);
        assertThat(filesLeft()).containsExactly("lora.gguf");
    }

    private static String contentOf(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anInputIsNeverOverwritten() throws IOException {
        Path input = Files.copy(PartFiles.lora(Models.fixtures()), folder.resolve("lora.safetensors"));
        byte[] before = Files.readAllBytes(input);
        Path link = Files.createSymbolicLink(folder.resolve("link.safetensors"), input);
        for (Path output : List.of(input, link)) {
            assertThatThrownBy(() -> ModelConversion.builder(input, output).run())
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining(output.toString());
        }
        Path vae = Files.copy(PartFiles.vae(Models.fixtures()), folder.resolve("vae.safetensors"));
        assertThatThrownBy(() -> ModelConversion.builder(Models.smallSd1(), vae).vae(vae).run())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining(vae.toString());
        assertThat(input).hasBinaryContent(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "model.ckpt", "model.gguf.bak", "gguf"})
    void theEndingSaysTheFormat(String name) {
        assertThatThrownBy(() -> ModelConversion.builder(Models.smallSd1(), folder.resolve(name)).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContainingAll(name, ".gguf", ".safetensors");
    }

    @Test
    void theOutputMustHaveAPlace() throws IOException {
        Path model = PartFiles.lora(Models.fixtures());
        assertThatThrownBy(() -> ModelConversion.builder(model, folder.resolve("no/model.gguf")).run())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining(folder.resolve("no").toString());
        Path taken = Files.createDirectory(folder.resolve("model.gguf"));
        assertThatThrownBy(() -> ModelConversion.builder(model, taken).run())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("is a folder");
    }

    @ParameterizedTest
    @CsvSource({
        "model.safetensors, Q8_0, '', q8_0",
        "model.safetensors, F16, attn=q4_0, q4_0",
        "model.gguf, I32, '', i32",
        "model.gguf, Q8_K, '', q8_K",
        "model.gguf, F16, attn=i8, attn=i8",
        "model.gguf, F16, attn, attn",
        "model.gguf, F16, at(tn=f16, at(tn",
        "model.gguf, F16, at)tn=f16, at)tn",
        "model.gguf, F16, attn**=f16, attn**",
        "model.gguf, F16, *=f16, *=f16",
        "model.gguf, F16, '^*=f16', '^*'",
        "model.gguf, F16, '[z-a]=f16', '[z-a]'",
        "model.gguf, F16, '[a=f16', '[a'",
        "model.gguf, F16, 'a\\=f16', 'a\\'",
        "model.gguf, F16, '(a(?<n>b))=f16', '(?<n>b)'",
        "model.gguf, F16, 'x{2}=f16', 'x{2}'",
    })
    void whatCannotBeMadeIsNamed(String name, WeightType type, String rules, String named) {
        assertThatThrownBy(() -> ModelConversion.builder(Models.smallSd1(), folder.resolve(name)).weightType(type)
                .tensorTypeRules(rules).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining(named);
    }

    @Test
    void quantisedWeightsDoNotGoIntoSafetensorsAsTheyAre() throws IOException {
        Path quantised = folder.resolve("control.gguf");
        Path output = folder.resolve("control.safetensors");
        ModelConversion.builder(PartFiles.controlNet(Models.fixtures()), quantised).weightType(WeightType.Q8_0).run();
        assertThatThrownBy(() -> ModelConversion.builder(quantised, output).run())
                .isInstanceOf(InvalidRequestException.class).hasMessageContainingAll("q8_0", "safetensors", "--type f16");
        ModelConversion.builder(quantised, output).weightType(WeightType.F16).run();
        assertThat(CheckpointHeader.read(output).dtypeHistogram()).containsOnlyKeys("F16");
    }

    @Test
    void filesThatCannotBeUsedAreRefused() throws IOException {
        Path output = folder.resolve("model.gguf");
        Path missing = folder.resolve("missing.safetensors");
        Path text = Files.writeString(folder.resolve("text.safetensors"), "This is no model, but long enough to look at.");
        for (Path input : List.of(missing, text)) {
            assertThatThrownBy(() -> ModelConversion.builder(input, output).run())
                    .isInstanceOf(CheckpointException.class).hasMessageContaining(input.toString());
            assertThatThrownBy(() -> ModelConversion.builder(Models.smallSd1(), output).vae(input).run())
                    .isInstanceOf(CheckpointException.class).hasMessageContaining(input.toString());
        }
        Path lora = PartFiles.lora(Models.fixtures());
        assertThatThrownBy(() -> ModelConversion.builder(Models.smallSd1(), output).vae(lora).run())
                .isInstanceOf(CheckpointException.class).hasMessageContainingAll(lora.toString(), "not a VAE");
        assertThatThrownBy(() -> ModelConversion.builder(lora, output).vae(PartFiles.vae(Models.fixtures())).run())
                .isInstanceOf(CheckpointException.class).hasMessageContainingAll(lora.toString(), "a LoRA", "--vae");
        assertThat(filesLeft()).containsExactly("text.safetensors");
    }

    /** Applied, a quantised one would end the process. */
    @Test
    void lorasAreNotQuantised() throws IOException {
        ModelConversion.Builder conversion = ModelConversion.builder(PartFiles.lora(Models.fixtures()), folder.resolve("lora.gguf"));
        assertThatThrownBy(() -> conversion.weightType(WeightType.Q8_0).run())
                .isInstanceOf(InvalidRequestException.class).hasMessageContainingAll("LoRA", "q8_0", "f16");
        assertThatThrownBy(() -> conversion.weightType(WeightType.F16).tensorTypeRules("lora_up=q4_0").run())
                .isInstanceOf(InvalidRequestException.class).hasMessageContainingAll("LoRA", "q4_0", "f16");
        assertThat(filesLeft()).isEmpty();
    }

    @Test
    void integersAreCopiedAndNotConverted() throws IOException {
        Path input = safetensors("counts.safetensors", "I64", 8, 8 * 8);
        assertThatThrownBy(() -> ModelConversion.builder(input, folder.resolve("counts.gguf")).weightType(WeightType.F16).run())
                .isInstanceOf(InvalidRequestException.class).hasMessageContainingAll("some.tensor", "integers", "f16");
        ModelConversion.builder(input, folder.resolve("counts.gguf")).run();
        assertThat(types(folder.resolve("counts.gguf"), "some.tensor")).containsExactly("I32");
    }

    @Test
    void aDiskWithoutSpaceIsSeenBeforehand() throws IOException {
        long weights = 4L << 40; // of which the file has not one
        Path input = safetensors("huge.safetensors", "F16", weights, weights * 2);
        assertThatThrownBy(() -> ModelConversion.builder(input, folder.resolve("huge.gguf")).run())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll(folder.resolve("huge.gguf").toString(), "8388609 MB", "are free in " + folder);
        assertThat(filesLeft()).containsExactly("huge.safetensors");
    }

    private Path safetensors(String name, String type, long elements, long bytes) throws IOException {
        byte[] header = "{\"some.tensor\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(type, elements, bytes)
                .getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve(name);
        Files.write(file, ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header).array());
        try (RandomAccessFile hole = new RandomAccessFile(file.toFile(), "rw")) {
            hole.setLength(8 + header.length + bytes);
        }
        return file;
    }
}
