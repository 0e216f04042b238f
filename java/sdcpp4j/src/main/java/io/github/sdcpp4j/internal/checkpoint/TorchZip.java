package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.internal.checkpoint.PickleValue.Tensor;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Checks what {@code torch.save} writes: a zip archive with {@code .../data.pkl}, which describes the tensors, and one
 * entry for each storage. The pickle is read without running it; one that does more than describe tensors passes, and
 * its tensors stay unknown.
 */
final class TorchZip {

    private static final String PICKLE = "data.pkl";
    private static final List<String> MODEL_ENDINGS = List.of(".safetensors", ".gguf", ".ckpt", ".pt", ".pth");
    private static final int PICKLE_PROTOCOL = 0x80;

    /** What is done with the content of the pickle. */
    private interface Reading<T> {
        T of(InputStream content) throws IOException;
    }

    private final CheckpointFile file;
    private final ZipDirectory directory;
    private ZipDirectory.Entry pickle;
    private String modelInside;

    private TorchZip(CheckpointFile file) throws IOException {
        this.file = file;
        this.directory = new ZipDirectory(file);
    }

    static CheckpointHeader read(CheckpointFile file) throws IOException {
        return new TorchZip(file).read();
    }

    private CheckpointHeader read() throws IOException {
        directory.forEach(this::check);
        if (pickle == null) {
            throw modelInside == null
                    ? file.refuse("it is a zip archive without a " + PICKLE
                            + ", so torch.save did not write it; give the path of a model file")
                    : file.refuse("it is a zip archive that holds the model " + Texts.quote(modelInside)
                            + "; unpack it and give the path of the file inside");
        }
        withPickle(this::checkContent);
        List<TensorInfo> tensors = withPickle(this::readTensors);
        return new CheckpointHeader(file.path(), CheckpointFormat.TORCH_ZIP, file.size(), tensors, Map.of());
    }

    private void check(ZipDirectory.Entry entry) {
        String which = "the zip entry " + Texts.quote(entry.name());
        if (entry.isEncrypted()) {
            throw file.refuse(which + " is encrypted; unpack the archive with its password and save the model again");
        }
        boolean stored = entry.method() == ZipDirectory.Entry.STORED;
        if (!stored && entry.method() != ZipDirectory.Entry.DEFLATED) {
            throw file.refuse(which + " is compressed with method " + entry.method()
                    + ", but only stored (0) and deflated (8) can be read; save the model again with torch.save");
        }
        if (stored && entry.size() != entry.compressed()) {
            throw file.damaged(which + " is stored, but its sizes differ: " + entry.size() + " and "
                    + entry.compressed());
        }
        long header = ZipDirectory.LOCAL_BYTES + entry.name().length();
        if (entry.offset() > directory.start() - header || entry.compressed() > directory.start() - header
                - entry.offset()) {
            throw file.damaged(which + " claims " + entry.compressed() + " bytes from byte " + entry.offset()
                    + " on, past the directory at byte " + directory.start());
        }
        String name = entry.name().toLowerCase(Locale.ROOT);
        if (pickle == null && (entry.name().equals(PICKLE) || entry.name().endsWith("/" + PICKLE))) {
            pickle = entry;
        } else if (modelInside == null && MODEL_ENDINGS.stream().anyMatch(name::endsWith)) {
            modelInside = entry.name();
        }
    }

    private List<TensorInfo> readTensors(InputStream content) throws IOException {
        Map<String, Tensor> tensors;
        try {
            tensors = StateDict.tensorsOf(file, PickleReader.read(new BufferedInputStream(content)).value());
        } catch (PickleException e) {
            if (e.isDamage()) {
                throw file.damaged("its " + PICKLE + " contradicts itself: " + e.getMessage());
            }
            return List.of();
        } catch (EOFException e) {
            throw file.damaged("its " + PICKLE + " contradicts itself: it goes on after its " + pickle.size() + " bytes");
        }
        return new TorchTensors(file).place(tensors, places(tensors));
    }

    /** Only the entries that tensors need are kept, since an archive may have any number of others. */
    private TorchTensors.Places places(Map<String, Tensor> tensors) throws IOException {
        String folder = pickle.name().substring(0, pickle.name().length() - PICKLE.length()) + "data/";
        Set<String> wanted = new HashSet<>();
        tensors.values().forEach(tensor -> wanted.add(folder + tensor.storage().key()));
        Map<String, TorchTensors.Place> found = new HashMap<>();
        List<ZipDirectory.Entry> entries = new ArrayList<>();
        directory.forEach(entry -> {
            if (wanted.remove(entry.name())) {
                entries.add(entry);
            }
        });
        for (ZipDirectory.Entry entry : entries) {
            found.put(entry.name(), new TorchTensors.Place(startOf(entry), entry.size()));
        }
        return (what, storage) -> placeOf(what, folder + storage.key(), found);
    }

    private TorchTensors.Place placeOf(String what, String name, Map<String, TorchTensors.Place> found) {
        TorchTensors.Place place = found.get(name);
        if (place == null) {
            throw file.damaged(what + "lies in the zip entry " + Texts.quote(name) + ", which is missing");
        }
        return place;
    }

    private <T> T withPickle(Reading<T> reading) throws IOException {
        if (pickle.size() > Limits.PICKLE_BYTES) {
            throw file.damaged("its " + PICKLE + " claims " + pickle.size() + " bytes, which no model needs");
        }
        var inflater = new Inflater(true);
        try {
            long start = startOf(pickle);
            InputStream content = new HeaderInput(file, start, start + pickle.compressed());
            return reading.of(pickle.method() == ZipDirectory.Entry.STORED
                    ? content : new InflaterInputStream(content, inflater));
        } catch (EOFException | ZipException e) {
            throw file.refuse("its " + PICKLE + " cannot be decompressed (" + e.getMessage()
                    + "); the file is damaged; download it again", e);
        } finally {
            inflater.end();
        }
    }

    /** Where the data of an entry begins; the sizes there were checked against those of the directory. */
    private long startOf(ZipDirectory.Entry entry) throws IOException {
        ByteBuffer local = ByteBuffer.wrap(file.read(entry.offset(), ZipDirectory.LOCAL_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        if ((local.getInt(0) & 0xffff_ffffL) != ZipDirectory.LOCAL_SIGNATURE) {
            throw file.damaged("the zip entry " + Texts.quote(entry.name()) + " is not at byte " + entry.offset()
                    + " where the directory says");
        }
        long start = entry.offset() + ZipDirectory.LOCAL_BYTES
                + (local.getShort(26) & 0xffff) + (local.getShort(28) & 0xffff);
        if (start > directory.start() - entry.compressed()) {
            throw file.damaged("the zip entry " + Texts.quote(entry.name()) + " of " + entry.compressed()
                    + " bytes goes on past the directory at byte " + directory.start());
        }
        return start;
    }

    private Void checkContent(InputStream content) throws IOException {
        var crc = new CRC32();
        byte[] chunk = new byte[16 << 10];
        long total = 0;
        int first = -1;
        // A deflated entry may grow without end, so the size it claims bounds the loop.
        for (int n = content.read(chunk); n >= 0 && total <= pickle.size(); n = content.read(chunk)) {
            first = total == 0 && n > 0 ? chunk[0] & 0xff : first;
            crc.update(chunk, 0, n);
            total += n;
        }
        if (total != pickle.size() || crc.getValue() != pickle.crc()) {
            throw file.damaged("its " + PICKLE + " has " + total + " bytes with the checksum "
                    + Long.toHexString(crc.getValue()) + ", but the directory says " + pickle.size() + " and "
                    + Long.toHexString(pickle.crc()));
        }
        if (first != PICKLE_PROTOCOL) {
            throw file.damaged("its " + PICKLE + " is no pickle, it begins with the byte " + first);
        }
        return null;
    }
}
