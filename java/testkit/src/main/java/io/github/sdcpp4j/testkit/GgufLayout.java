package io.github.sdcpp4j.testkit;

import java.util.List;
import java.util.Map;

/** The layout of a file by {@link GgufWriter}. */
final class GgufLayout implements Layout {
    private static final String FILLER = "filler";
    /** The lengths of key and value, the type, the key. */
    private static final int FILLER_BYTES = Long.BYTES + FILLER.length() + Integer.BYTES + Long.BYTES;

    private final List<Entry> entries;
    private final LittleEndian header;

    GgufLayout(TensorFile content) {
        entries = Entry.layOut(content.tensors(), GgufWriter.ALIGNMENT);
        header = GgufWriter.header(content.metadata(), entries);
    }

    @Override
    public List<Entry> entries() {
        return entries;
    }

    @Override
    public List<Span> headers() {
        return List.of(new Span(0, header.size()));
    }

    @Override
    public List<Span> numbers() {
        return header.numbers();
    }

    @Override
    public List<Span> data() {
        return entries.stream().map(entry -> entry.data().movedBy(header.size())).toList();
    }

    @Override
    public Patch header(List<Entry> edited) {
        for (List<Entry> kept = edited; ; kept = Entry.fewer(kept)) {
            // Room for longer entries comes from the metadata, and what is left over goes to a key of its own.
            LittleEndian bare = GgufWriter.header(Map.of(), kept);
            int spare = header.size() - bare.size();
            if (spare == 0) {
                return new Patch(0, bare.toByteArray());
            } else if (spare > 0) { // a multiple of the alignment, which is more than the filler takes at least
                String value = "-".repeat(spare - FILLER_BYTES);
                return new Patch(0, GgufWriter.header(Map.of(FILLER, value), kept).toByteArray());
            }
        }
    }
}
