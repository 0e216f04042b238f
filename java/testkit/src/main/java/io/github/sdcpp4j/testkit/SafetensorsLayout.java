package io.github.sdcpp4j.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The layout of a file by {@link SafetensorsWriter}. */
final class SafetensorsLayout implements Layout {
    private final List<Entry> entries;
    private final int headerBytes;

    SafetensorsLayout(TensorFile content) {
        entries = Entry.layOut(content.tensors(), 1);
        headerBytes = SafetensorsWriter.header(content.metadata(), entries).length;
    }

    @Override
    public List<Entry> entries() {
        return entries;
    }

    @Override
    public List<Span> headers() {
        return List.of(new Span(0, Long.BYTES + headerBytes));
    }

    @Override
    public List<Span> numbers() {
        return List.of(new Span(0, Long.BYTES));
    }

    @Override
    public List<Span> data() {
        return entries.stream().map(entry -> entry.data().movedBy(Long.BYTES + headerBytes)).toList();
    }

    @Override
    public Patch header(List<Entry> edited) {
        for (List<Entry> kept = edited; ; kept = Entry.fewer(kept)) {
            // Room for longer entries comes from the metadata.
            byte[] header = SafetensorsWriter.header(Map.of(), kept);
            if (header.length <= headerBytes) {
                byte[] padded = Arrays.copyOf(header, headerBytes);
                Arrays.fill(padded, header.length, headerBytes, (byte) ' ');
                return new Patch(Long.BYTES, padded);
            }
        }
    }
}
