package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.ModelHash;
import io.github.sdcpp4j.internal.checkpoint.Json;
import io.github.sdcpp4j.testkit.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code info} prints. */
class InfoCommandTest {

    @TempDir
    private Path folder;

    /** Two tensors of a LoRA, and metadata as trainers write them. */
    private Path lora() throws IOException {
        byte[] header = """
                {"__metadata__":{"ss_base_model_version":"sdxl_base_v1-0","ss_output_name":"my \\"cat\\"",\
                "modelspec.trigger_phrase":"mycat, sitting","modelspec.author":"me\\u001b[31m","long":"%s"},\
                "lora_unet_a.lora_down.weight":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},\
                "lora_unet_a.lora_up.weight":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}"""
                .formatted("word ".repeat(1000)).getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(folder.resolve("lora.safetensors"), file.putLong(header.length).put(header).array());
    }

    @Test
    void whatTheFileSaysAboutItselfIsShownAndShortened() throws IOException {
        CommandRun run = CommandRun.of("info", "-m", lora().toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.outLines()).contains(
                "type F16     1 tensor, 12 bytes",
                "type F32     1 tensor, 4 bytes",
                "title        my \"cat\"",
                "author       me[31m",
                "base model   sdxl_base_v1-0",
                "triggers     mycat, sitting",
                "metadata",
                "  ss_base_model_version = sdxl_base_v1-0");
        assertThat(run.outLines()).last().asString()
                .startsWith("  long = word word").endsWith("... (5,000 characters)").hasSizeLessThan(150);
        assertThat(run.outLines()).noneMatch(line -> line.startsWith("license") || line.startsWith("SHA-256"));
    }

    @Test
    void theHashIsComputedWhenAskedFor() throws IOException {
        Path lora = lora();
        ModelHash hash = ModelHash.of(lora);
        assertThat(CommandRun.of("info", "--hash", "-m", lora.toString()).outLines()).contains(
                "SHA-256      " + hash.sha256(), "AutoV2       " + hash.autoV2().toUpperCase(Locale.ROOT));
        Map<String, Json> json = json("--hash", "-m", lora.toString());
        assertThat(json.get("sha256")).isEqualTo(new Json.Text(hash.sha256()));
        assertThat(json.get("autov2")).isEqualTo(new Json.Text(hash.autoV2()));
    }

    @Test
    void jsonIsOneObjectWithAllOfIt() throws IOException {
        Path lora = lora();
        Map<String, Json> json = json("-m", lora.toString());
        assertThat(json.keySet()).containsExactly(
                "file", "kind", "family", "prediction", "resolution", "format", "size", "tensors", "parameters", "weight_type",
                "weights", "parts", "tensor_types", "title", "author", "description", "license", "base_model", "trigger_words",
                "metadata");
        assertThat(json.get("kind")).isEqualTo(new Json.Text("lora"));
        assertThat(json.get("size")).isEqualTo(new Json.Num(Long.toString(Files.size(lora))));
        assertThat(json.get("title")).isEqualTo(new Json.Text("my \"cat\""));
        assertThat(json.get("author")).isEqualTo(new Json.Text("me\u001b[31m"));
        assertThat(json.get("license")).isInstanceOf(Json.Null.class);
        assertThat(json.get("trigger_words")).hasToString("['mycat', 'sitting']");
        Map<String, Json> metadata = ((Json.Obj) json.get("metadata")).members();
        assertThat(metadata.get("long")).isEqualTo(new Json.Text("word ".repeat(1000)));
        Map<String, Json> types = ((Json.Obj) json.get("tensor_types")).members();
        assertThat(((Json.Obj) types.get("F16")).members().get("bytes")).isEqualTo(new Json.Num("12"));
    }

    @Test
    void theMemoryThatAPictureTakesIsMeasured() {
        String model = Fixtures.smallSd1(Path.of(System.getProperty("sdcpp4j.fixtures"))).toString();
        CommandRun run = CommandRun.of("info", "-m", model, "--memory", "128x64");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.outLines()).filteredOn(line -> line.startsWith("memory")).singleElement().asString()
                .matches("memory       \\d.* [MG]B: weights \\d.* [MG]B, sampling \\d.* MB, VAE \\d.* MB; with --vae-tiling \\d.* [MG]B");
        Map<String, Json> memory = ((Json.Obj) json("-m", model, "--memory", "128x64").get("memory")).members();
        assertThat(memory.keySet()).containsExactly("weights", "sampling", "vae", "tiled_vae", "peak");
        assertThat(CommandRun.of("info", "-m", model, "--memory", "large")).satisfies(wrong -> {
            assertThat(wrong.code()).isEqualTo(2);
            assertThat(wrong.err()).contains("--memory is 'large'");
        });
    }

    @Test
    void jsonHasAListForTheParts() {
        String model = Fixtures.smallSd1(Path.of(System.getProperty("sdcpp4j.fixtures"))).toString();
        Map<String, Json> json = json("-m", model);
        assertThat(json.get("parts")).hasToString("['diffusion model', 'text encoder', 'VAE']");
        assertThat(json.get("resolution")).isInstanceOf(Json.Null.class);
        assertThat(json.get("weight_type")).isEqualTo(new Json.Text("f16"));
    }

    private static Map<String, Json> json(String... args) {
        String[] all = new String[args.length + 2];
        System.arraycopy(args, 0, all, 2, args.length);
        all[0] = "info";
        all[1] = "--json";
        CommandRun run = CommandRun.of(all);
        assertThat(run.code()).as(run.err()).isZero();
        return ((Json.Obj) Json.parse(run.out())).members();
    }
}
