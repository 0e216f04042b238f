package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.internal.checkpoint.Refusals.assertRefusal;
import static io.github.sdcpp4j.internal.checkpoint.Refusals.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchTest {

    @TempDir
    private Path directory;

    private CheckpointHeader read(byte[] content) {
        return CheckpointHeader.read(write(directory, "model.bin", content));
    }

    private AbstractStringAssert<?> assertRefusalOf(byte[] content) {
        return assertRefusal(write(directory, "model.ckpt", content));
    }

    @Nested
    class Zip {

        @Test
        void acceptsStoredEntries() {
            CheckpointHeader header = read(ZipBytes.valid());

            assertThat(header.format()).isEqualTo(CheckpointFormat.TORCH_ZIP);
            assertThat(header.tensors()).isEmpty();
            assertThat(header.metadata()).isEmpty();
            assertThat(header.parameterCount()).isZero();
        }

        @Test
        void acceptsDeflatedEntriesAndAnyFolder() {
            byte[] pickle = Arrays.copyOf(ZipBytes.PICKLE, 100_000);

            assertThat(read(new ZipBytes().deflated("größe/data.pkl", pickle).bytes()).format())
                    .isEqualTo(CheckpointFormat.TORCH_ZIP);
            assertThat(read(new ZipBytes().stored("data.pkl", pickle).bytes()).format())
                    .isEqualTo(CheckpointFormat.TORCH_ZIP);
        }

        @Test
        void acceptsZip64() {
            assertThat(read(ZipBytes.zip64(ZipBytes.PICKLE)).format()).isEqualTo(CheckpointFormat.TORCH_ZIP);
        }

        @Test
        void refusesATruncatedArchive() {
            byte[] valid = ZipBytes.valid();
            for (int length = 9; length < valid.length; length++) {
                assertRefusalOf(Arrays.copyOf(valid, length)).contains("zip archive that is truncated")
                        .contains("after " + length + " bytes").contains("download it again");
            }
        }

        @Test
        void refusesAnArchiveWithoutPickle() {
            assertRefusalOf(new ZipBytes().stored("photo.png", new byte[5]).bytes()).contains("without a data.pkl")
                    .contains("torch.save").contains("path of a model file");
            assertRefusalOf(new ZipBytes().bytes()).contains("without a data.pkl");
        }

        @Test
        void asksToUnpackAPackedModel() {
            assertRefusalOf(new ZipBytes().deflated("My Model.SafeTensors", new byte[5]).bytes())
                    .contains("holds the model 'My Model.SafeTensors'").contains("unpack it");
        }

        @Test
        void refusesOtherCompressionAndEncryption() {
            byte[] bzip2 = ZipBytes.valid();
            ByteBuffer entry = ZipBytes.atDirectory(bzip2);
            entry.putShort(entry.position() + 10, (short) 12);
            assertRefusalOf(bzip2).contains("'archive/data.pkl'").contains("method 12").contains("torch.save");

            byte[] encrypted = ZipBytes.valid();
            entry = ZipBytes.atDirectory(encrypted);
            entry.putShort(entry.position() + 8, (short) 1);
            assertRefusalOf(encrypted).contains("'archive/data.pkl' is encrypted").contains("password");
        }

        @Test
        void refusesSizesThatDoNotFit() {
            byte[] zip = ZipBytes.valid();
            ByteBuffer entry = ZipBytes.atDirectory(zip);
            entry.putInt(entry.position() + 24, 5);
            assertRefusalOf(zip).contains("its sizes differ: 5 and 4");

            entry.putInt(entry.position() + 20, 100_000).putInt(entry.position() + 24, 100_000);
            assertRefusalOf(zip).contains("claims 100000 bytes from byte 0").contains("past the directory");
        }

        @Test
        void refusesAPickleBomb() {
            byte[] zip = new ZipBytes().deflated("archive/data.pkl", Arrays.copyOf(ZipBytes.PICKLE, 9_000)).bytes();
            ByteBuffer entry = ZipBytes.atDirectory(zip);
            entry.putInt(entry.position() + 24, 0x7fff_ffff);
            assertRefusalOf(zip).contains("data.pkl claims 2147483647 bytes");

            entry.putInt(entry.position() + 24, 10);
            assertRefusalOf(zip).contains("but the directory says 10").contains("download it again");
        }

        @Test
        void refusesAPickleThatIsDamaged() {
            byte[] zip = ZipBytes.valid();
            zip[30 + "archive/data.pkl".length() + 2] ^= 1;
            assertRefusalOf(zip).contains("data.pkl has 4 bytes with the checksum").contains("download it again");

            assertRefusalOf(new ZipBytes().stored("archive/data.pkl", "text".getBytes()).bytes())
                    .contains("no pickle").contains("byte 116");

            byte[] deflated = new ZipBytes().deflated("archive/data.pkl", ZipBytes.PICKLE).bytes();
            deflated[30 + "archive/data.pkl".length()] = 7;
            assertRefusalOf(deflated).contains("data.pkl cannot be decompressed").contains("download it again");
        }

        @Test
        void refusesAMisplacedDirectory() {
            byte[] zip = ZipBytes.valid();
            ByteBuffer buffer = ZipBytes.atDirectory(zip);
            int start = buffer.position();
            buffer.putInt(zip.length - 6, start - 1);
            assertRefusalOf(zip).contains("no entry at byte " + (start - 1));

            buffer.putInt(zip.length - 6, Integer.MAX_VALUE);
            assertRefusalOf(zip).contains("from 2147483647 on").contains("the file has " + zip.length);
        }

        @Test
        void refusesADirectoryThatIsTooShortForItsEntries() {
            byte[] zip = ZipBytes.valid();
            ByteBuffer buffer = ZipBytes.atDirectory(zip);
            buffer.putShort(zip.length - 12, (short) 1_000);
            assertRefusalOf(zip).contains("1000 entries").contains("do not fit");

            buffer.putShort(zip.length - 12, (short) 3);
            buffer.putShort(buffer.position() + 32, (short) 10_000);
            assertRefusalOf(zip).contains("ends within an entry").contains("download it again");
        }

        @Test
        void refusesALocalHeaderThatIsElsewhere() {
            byte[] zip = ZipBytes.valid();
            ByteBuffer entry = ZipBytes.atDirectory(zip);
            entry.putInt(entry.position() + 42, 1);
            assertRefusalOf(zip).contains("'archive/data.pkl' is not at byte 1");
        }

        @Test
        void refusesABrokenZip64Record() {
            byte[] zip = ZipBytes.zip64(ZipBytes.PICKLE);
            ByteBuffer.wrap(zip).putLong(zip.length - 22 - 12, -1);
            assertRefusalOf(zip).contains("Zip64 end record").contains("18446744073709551615");
        }
    }

    @Nested
    class Legacy {

        @Test
        void acceptsTheBeginning() {
            assertThat(read(ZipBytes.validLegacy()).format()).isEqualTo(CheckpointFormat.TORCH_LEGACY);
        }

        @ParameterizedTest
        @ValueSource(ints = {15, 17, 20, 21})
        void refusesATruncatedFile(int length) {
            assertRefusalOf(Arrays.copyOf(ZipBytes.validLegacy(), length)).contains("truncated")
                    .contains("after " + length + " bytes").contains("download it again");
        }

        @Test
        void refusesAnotherVersion() {
            byte[] file = ZipBytes.validLegacy();
            file[18]++;
            assertRefusalOf(file).contains("80024dea032e").contains("1001").contains("download it again");
        }
    }
}
