package io.github.sdcpp4j.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** The layout of a file by {@link TorchZipWriter}; an entry's data is counted over all storages, one after the other. */
final class TorchLayout implements Layout {
    private static final int CRC_IN_LOCAL_HEADER = 14;
    private static final int CRC_IN_DIRECTORY = 16;

    private final List<Entry> entries;
    private final List<TorchZipWriter.Stored> stored;
    private final LittleEndian pickle;
    private final LittleEndian directory = new LittleEndian();

    TorchLayout(TensorFile content) {
        entries = Entry.layOut(content.tensors(), 1);
        stored = TorchZipWriter.layOut(content.torchKey(), content.tensors());
        pickle = StateDictPickle.of(content.torchKey(), StateDictPickle.items(content.tensors()));
        // For its length and the places of its numbers; the checksums in it are not those of the file.
        stored.forEach(entry -> TorchZipWriter.central(directory, entry, 0));
        TorchZipWriter.end(directory, stored, directory.size());
    }

    @Override
    public List<Entry> entries() {
        return entries;
    }

    @Override
    public List<Span> headers() {
        List<Span> headers = new ArrayList<>();
        headers.add(new Span(0, stored.getFirst().end()));
        headers.add(new Span(stored.getLast().end(), directory.size()));
        return headers;
    }

    @Override
    public List<Span> numbers() {
        List<Span> numbers = new ArrayList<>();
        pickle.numbers().forEach(number -> numbers.add(number.movedBy(stored.getFirst().data())));
        directory.numbers().forEach(number -> numbers.add(number.movedBy(stored.getLast().end())));
        stored.forEach(entry -> TorchZipWriter.local(entry, 0).numbers()
                .forEach(number -> numbers.add(number.movedBy(entry.start()))));
        return numbers;
    }

    @Override
    public List<Span> data() {
        return stored.subList(1, stored.size() - 1).stream()
                .map(entry -> new Span(entry.data(), entry.length())).toList();
    }

    @Override
    public Patch header(List<Entry> edited) {
        for (List<Entry> kept = edited; ; kept = Entry.fewer(kept)) {
            // The name of the outer entry means nothing to a reader, so it gives room or takes up what is left over.
            List<StateDictPickle.Item> items = kept.stream().map(this::item).toList();
            int spare = pickle.size() - StateDictPickle.of("", items).size();
            if (spare >= 0) {
                byte[] bytes = StateDictPickle.of("_".repeat(spare), items).toByteArray();
                return new Patch(stored.getFirst().data(), bytes);
            }
        }
    }

    @Override
    public List<Patch> sealed(List<Patch> patches) {
        byte[] bytes = pickle.toByteArray();
        Span place = new Span(stored.getFirst().data(), bytes.length);
        for (Patch patch : patches) {
            for (int i = 0; i < patch.bytes().length; i++) {
                long at = patch.start() + i - place.start();
                if (at >= 0 && at < bytes.length) {
                    bytes[(int) at] = patch.bytes()[i];
                }
            }
        }
        CRC32 crc = new CRC32();
        crc.update(bytes);
        byte[] sum = new LittleEndian().i32(crc.getValue()).toByteArray();
        List<Patch> sealed = new ArrayList<>(patches);
        sealed.add(new Patch(CRC_IN_LOCAL_HEADER, sum));
        sealed.add(new Patch(stored.getLast().end() + CRC_IN_DIRECTORY, sum));
        return sealed;
    }

    /** The storage in which the entry's data begins, and how far in. */
    private StateDictPickle.Item item(Entry entry) {
        int storage = 0;
        while (storage + 1 < entries.size() && entries.get(storage + 1).data().start() <= entry.data().start()) {
            storage++;
        }
        Span data = entries.get(storage).data();
        int bytes = entry.type().bytes();
        return new StateDictPickle.Item(entry.name(), entry.type(), Integer.toString(storage), data.length() / bytes,
                (entry.data().start() - data.start()) / bytes, entry.shape());
    }
}
