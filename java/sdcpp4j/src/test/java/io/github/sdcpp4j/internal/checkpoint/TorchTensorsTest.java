package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.internal.checkpoint.Refusals.assertRefusal;
import static io.github.sdcpp4j.internal.checkpoint.Refusals.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.ModelKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tensors that a pickle describes. */
class TorchTensorsTest {

    @TempDir
    private Path directory;

    private CheckpointHeader read(byte[] content) {
        return CheckpointHeader.read(write(directory, "model.ckpt", content));
    }

    private AbstractStringAssert<?> assertRefusalOf(byte[] content) {
        return assertRefusal(write(directory, "model.ckpt", content));
    }

    @Test
    void readsNameTypeShapeAndPlace() {
        byte[] zip = new PickleBytes().dict(dict -> dict
                .entry("a").tensor("HalfStorage", "0", 8, 2, 2, 3)
                .entry("b").tensor("HalfStorage", "0", 8, 0)).zip(16);
        long start = 0;
        while (!new String(zip, (int) start, 14, StandardCharsets.ISO_8859_1).equals("archive/data/0")) {
            start++;
        }
        assertThat(read(zip).tensors()).containsExactly(
                new TensorInfo("a", "F16", List.of(2L, 3L), start + 14 + 4, 12),
                new TensorInfo("b", "F16", List.of(), start + 14, 2));
    }

    @Test
    void readsTheTypesThatTheRuntimeReads() {
        byte[] zip = new PickleBytes().dict(dict -> dict
                .entry("f32").tensor("FloatStorage", "0", 1, 0, 1).entry("f64").tensor("DoubleStorage", "0", 1, 0, 1)
                .entry("bf16").tensor("BFloat16Storage", "0", 1, 0, 1).entry("i32").tensor("IntStorage", "0", 1, 0, 1)
                .entry("i64").tensor("LongStorage", "0", 1, 0, 1)).zip(8);
        assertThat(read(zip).tensors()).extracting(TensorInfo::dtype).containsExactly("F32", "F64", "BF16", "I32", "I64");
        assertRefusalOf(new PickleBytes().dict(dict -> dict.entry("mask").tensor("BoolStorage", "0", 1, 0, 1)).zip(8))
                .contains("the tensor 'mask' has the type 'torch.BoolStorage'").contains("F16, BF16 or F32 version");
    }

    @Test
    void readsACheckpointOfLightning() {
        byte[] zip = new PickleBytes().dict(file -> file
                .entry("epoch").whole(6)
                .entry("pytorch-lightning_version").text("1.4.2")
                .entry("rate").raw(new byte[] {'G', 0, 0, 0, 0, 0, 0, 0, 0})
                .entry("state_dict").global("collections", "OrderedDict").op(')').op('R').op('(')
                        .entry("w").tensor("FloatStorage", "0", 4, 0, 4).op('u')
                        .op('}').entry("_metadata").op('}').op('s').op('b')
                .entry("callbacks").dict(callbacks -> callbacks
                        .global("pytorch_lightning.callbacks", "ModelCheckpoint").dict(state -> state.entry("best").op('N')))
                .entry("optimizer_states").op(']').op('(').dict(state -> state.entry("exp_avg")
                        .tensor("FloatStorage", "0", 4, 0, 4)).op('e')
                .entry("hyper_parameters").global("omegaconf", "DictConfig").op(')').op(0x81)
                        .op('}').entry("x").whole(1).op('s').op('b')).zip(16);
        assertThat(read(zip).tensors()).extracting(TensorInfo::name).containsExactly("w");
    }

    @Test
    void followsTheMemo() {
        byte[] pickle = new PickleBytes().op('}').op('(')
                .entry("a").tensor("FloatStorage", "0", 4, 0, 4).op('q').op(7)
                .entry("b").op('h').op(7).op('u').end();
        assertThat(read(zip(pickle, 16)).tensors()).extracting(TensorInfo::name).containsExactly("a", "b");
        assertRefusalOf(zip(new PickleBytes().op('h').op(9).end(), 0)).contains("it uses the value 9, which it never stored");
    }

    @Test
    void aDictInItselfEnds() {
        byte[] pickle = new PickleBytes().op('}').op('q').op(1).op('(').entry("me").op('h').op(1)
                .entry("w").tensor("FloatStorage", "0", 4, 0, 4).op('u').end();
        assertThat(read(zip(pickle, 16)).tensors()).hasSize(1);
    }

    @Test
    void tellsTheKind() {
        byte[] zip = new PickleBytes().dict(file -> file.entry("string_to_param").dict(tensors ->
                tensors.entry("*").tensor("FloatStorage", "0", 1536, 0, 2, 768))).zip(6144);
        ModelIdentity identity = ModelIdentity.of(read(zip));
        assertThat(identity.kind()).isEqualTo(ModelKind.EMBEDDING);
        assertThat(identity.family()).contains("SD 1.x");
    }

    @Test
    void refusesANameThatOccursTwice() {
        assertRefusalOf(new PickleBytes().dict(dict -> dict.entry("twin").tensor("HalfStorage", "0", 6, 0, 6)
                .entry("twin").tensor("HalfStorage", "0", 6, 0, 6)).zip(12)).contains("tensor name 'twin' occurs twice");
    }

    @Test
    void theLaterOfTwoDictsCounts() {
        byte[] zip = new PickleBytes().dict(file -> file
                .entry("ema").dict(dict -> dict.entry("w").tensor("HalfStorage", "0", 6, 0, 6))
                .entry("state_dict").dict(dict -> dict.entry("w").tensor("HalfStorage", "0", 6, 0, 2, 3))).zip(12);
        assertThat(read(zip).tensors()).singleElement().extracting(TensorInfo::shape).isEqualTo(List.of(2L, 3L));
    }

    @Test
    void refusesElementsThatDoNotExist() {
        assertRefusalOf(one(6, 1, 2, 3).zip(12)).contains("'w' takes 12 bytes from element 1 on").contains("'0' has 12");
        assertRefusalOf(one(6, -1, 2, 3).zip(12)).contains("from element -1 on");
        assertRefusalOf(one(6, 0, 2, 3).zip(11)).contains("storage '0' of 12 bytes, but the file has 11");
        assertRefusalOf(one(-6, 0, 2, 3).zip(12)).contains("storage of -6 elements");
        assertRefusalOf(one(6, 0, -2, 3).zip(12)).contains("has the shape [-2, 3], which no file can hold");
        assertRefusalOf(one(6, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE).zip(12)).contains("no file can hold");
        assertRefusalOf(new ZipBytes().stored("archive/data.pkl", PickleBytes.valid().end()).bytes())
                .contains("'w' lies in the zip entry 'archive/data/0', which is missing");
    }

    @Test
    void refusesShapesThatTheRuntimeCannotTake() {
        assertRefusalOf(one(6, 0, 1, 1, 1, 1, 2, 3).zip(12)).contains("has 6 dimensions").contains("at most 5");
        assertRefusalOf(new PickleBytes().dict(dict -> dict.entry("w")
                .tensor("HalfStorage", "0", 6, 0, new int[] {2, 3}, new int[] {1, 2})).zip(12))
                .contains("strides [1, 2] for the shape [2, 3]").contains("save it again as safetensors");
    }

    @ParameterizedTest
    @ValueSource(ints = {'t', 'R', 'u', 's', 'a', 'b', 'Q', '0', 0x87, 0x93})
    void refusesAPickleThatTakesWhatItNeverMade(int opcode) {
        assertRefusalOf(zip(new PickleBytes().op(opcode).end(), 0)).contains("its data.pkl contradicts itself: it ");
    }

    @Test
    void refusesAPickleThatGoesOnPastItsEnd() {
        assertRefusalOf(zip(new byte[] {(byte) 0x80, 2, 'X', -1, -1, -1, 0x7f}, 0)).contains("goes on after its 7 bytes");
        assertRefusalOf(zip(new byte[] {(byte) 0x80, 4, (byte) 0x8e, 0, 0, 0, 0, 0, 0, 0, -1}, 0)).contains("goes on after");
        assertRefusalOf(zip(new byte[] {(byte) 0x80, 2, '}'}, 0)).contains("goes on after its 3 bytes");
    }

    @Test
    void whatDoesMoreThanDescribeTensorsIsUnknown() {
        assertThat(read(zip(new PickleBytes().op(0x82).op(1).end(), 0)).tensors()).isEmpty();
        PickleBytes call = new PickleBytes().global("os", "system").op('(').text("rm").op('t').op('R');
        assertThat(read(zip(call.end(), 0)).tensors()).isEmpty();
        PickleBytes many = new PickleBytes();
        for (int i = 0; i < Limits.PICKLE_OPERATIONS; i++) {
            many.op('N');
        }
        assertThat(read(zip(many.end(), 0)).tensors()).isEmpty();
        byte[] text = new byte[60_000];
        Arrays.fill(text, (byte) 'x');
        PickleBytes long300 = new PickleBytes();
        for (int i = 0; i < 300; i++) {
            long300.text(new String(text, StandardCharsets.US_ASCII));
        }
        assertThat(read(new ZipBytes().deflated("a/data.pkl", long300.end()).bytes()).tensors()).isEmpty();
    }

    @Test
    void aDamagedPickleIsReadOrRefused() {
        byte[] valid = PickleBytes.valid().end();
        Random random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 1_000; round++) {
            byte[] damaged = valid.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                damaged[2 + random.nextInt(damaged.length - 2)] = (byte) random.nextInt(256);
            }
            try {
                read(zip(damaged, 12)).tensors();
            } catch (CheckpointException e) {
                assertThat(e).as("round %d", round).hasMessageNotContaining("its header makes no sense");
                refused++;
            }
        }
        assertThat(refused).isBetween(100, 999);
    }

    @Test
    void readsTheOlderFormat() {
        byte[] file = ZipBytes.legacy(PickleBytes.valid().end(), storage(6, 12));
        assertThat(read(file).tensors()).containsExactly(
                new TensorInfo("w", "F16", List.of(2L, 3L), file.length - 12, 12));
    }

    @Test
    void theOlderFormatMayHoldStoragesOfOtherTensors() {
        byte[] pickle = new PickleBytes().dict(dict -> dict
                .entry("list").op(']').tensor("HalfStorage", "0", 2, 0, 2).op('a')
                .entry("w").tensor("HalfStorage", "1", 3, 0, 3)).end();
        byte[] storages = ByteBuffer.allocate(26).put(storage(2, 4)).put(storage(3, 6)).array();
        byte[] file = ZipBytes.legacy(pickle, storages);
        assertThat(read(file).tensors()).containsExactly(new TensorInfo("w", "F16", List.of(3L), file.length - 6, 6));
    }

    @Test
    void refusesTheOlderFormatCutShort() {
        byte[] file = ZipBytes.legacy(PickleBytes.valid().end(), storage(6, 12));
        assertRefusalOf(Arrays.copyOf(file, file.length - 1)).contains("truncated")
                .contains(file.length + " bytes, the file has " + (file.length - 1));
        assertRefusalOf(Arrays.copyOf(file, file.length - 13)).contains("truncated");
        assertRefusalOf(Arrays.copyOf(file, file.length - 30)).contains("truncated")
                .contains("within its description of the tensors");
    }

    @Test
    void aStorageOfAnotherLengthInTheOlderFormatLeavesTheTensorsUnknown() {
        assertThat(read(ZipBytes.legacy(PickleBytes.valid().end(), storage(7, 14))).tensors()).isEmpty();
    }

    private static byte[] storage(int elements, int bytes) {
        return ByteBuffer.allocate(8 + bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(elements).array();
    }

    private static PickleBytes one(int elements, int offset, int... shape) {
        return new PickleBytes().dict(dict -> dict.entry("w").tensor("HalfStorage", "0", elements, offset, shape));
    }

    private static byte[] zip(byte[] pickle, int storageBytes) {
        return new ZipBytes().stored("archive/data.pkl", pickle).stored("archive/data/0", new byte[storageBytes]).bytes();
    }
}
