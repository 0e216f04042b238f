package io.github.sdcpp4j.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Damage to one file, by seed: the same seed always gives the same damage. About half of all seeds edit the header and
 * leave it well-formed, since a reader refuses most other damage at its first look; one in sixteen damages weights,
 * which no reader can see.
 */
public final class Mutations {
    private static final int MOST_WEIGHT_BYTES = 64 << 10;
    private static final int MOST_EXTRA_BYTES = 4096;

    private final Path base;
    private final Layout layout;
    private final long fileBytes;
    private final List<Span> headers;
    private final List<Span> numbers;
    private final List<Span> data;

    private Mutations(Path base, TensorFile content, Container container) {
        this.base = base;
        layout = Layout.of(content, container);
        fileBytes = container.fileBytes(content);
        headers = layout.headers();
        numbers = layout.numbers();
        data = layout.data();
    }

    /**
     * Damage to the small complete checkpoint.
     *
     * @param directory where it lies or shall lie, see {@link Fixtures}
     * @param container its file format
     * @throws UncheckedIOException if it cannot be written
     */
    public static Mutations ofSmallSd1(Path directory, Container container) {
        return new Mutations(Fixtures.smallSd1(directory, container), CheckpointSpec.small().content(), container);
    }

    /** Damage to a file that {@code content} was written to. */
    static Mutations of(Path base, TensorFile content, Container container) {
        return new Mutations(base, content, container);
    }

    /** The file, which stays as it is. */
    public Path base() {
        return base;
    }

    /**
     * Copies the file, for being damaged.
     *
     * @param copy where to; replaced if it exists
     * @throws IOException if the copy cannot be written
     */
    public DamagedCopy copyTo(Path copy) throws IOException {
        return DamagedCopy.of(base, copy);
    }

    /** The damage of a seed. */
    public Mutation at(long seed) {
        Dice dice = new Dice(seed);
        int share = dice.below(32);
        if (share < 2) {
            return weights(seed, dice);
        } else if (share < 6) {
            return flip(seed, dice);
        } else if (share < 10) {
            return length(seed, dice);
        } else if (share < 15) {
            return number(seed, dice);
        }
        return edit(seed, dice);
    }

    private Mutation edit(long seed, Dice dice) {
        HeaderEdits.Edited edited = HeaderEdits.edit(layout.entries(), dice);
        String what = edited.what();
        while (dice.once(4)) {
            edited = HeaderEdits.edit(edited.entries(), dice);
            what += ", and " + edited.what();
        }
        return damage(seed, Mutation.Kind.EDIT, what, layout.sealed(List.of(layout.header(edited.entries()))));
    }

    private Mutation number(long seed, Dice dice) {
        Span number = dice.pick(numbers);
        byte[] present = read(number);
        long before = ByteBuffer.wrap(Arrays.copyOf(present, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long after = dice.extreme(before);
        byte[] bytes = new LittleEndian().i64(after).toByteArray();
        List<Patch> patches = List.of(new Patch(number.start(), Arrays.copyOf(bytes, present.length)));
        return damage(seed, Mutation.Kind.NUMBER, "the %d bytes at %d were %d and become those of %d"
                .formatted(present.length, number.start(), before, after), mostlySealed(patches, dice));
    }

    private Mutation flip(long seed, Dice dice) {
        List<Patch> patches = new ArrayList<>();
        StringBuilder what = new StringBuilder("at");
        int count = 1 + dice.below(4);
        for (int i = 0; i < count; i++) {
            Span header = dice.pick(headers);
            Span place = new Span(header.start() + dice.below(header.length()), 1);
            byte before = read(place)[0];
            byte after = (byte) (dice.once(2) ? before ^ 1 << dice.below(8) : dice.any());
            patches.add(new Patch(place.start(), new byte[] {after}));
            what.append(" %d (%02x to %02x)".formatted(place.start(), before, after));
        }
        return damage(seed, Mutation.Kind.FLIP, what.toString(), mostlySealed(patches, dice));
    }

    private Mutation length(long seed, Dice dice) {
        Span header = dice.pick(headers);
        long length = switch (dice.below(5)) {
            case 0 -> dice.below(fileBytes);
            case 1 -> header.start() + dice.below(header.length());
            case 2 -> fileBytes - 1 - dice.below(Math.min(fileBytes, MOST_EXTRA_BYTES));
            case 3 -> dice.pick(data).end() - 1;
            default -> fileBytes + 1 + dice.below(MOST_EXTRA_BYTES);
        };
        return new Mutation(seed, Mutation.Kind.LENGTH, length + " bytes instead of " + fileBytes, List.of(), length);
    }

    private Mutation weights(long seed, Dice dice) {
        int at = dice.below(data.size());
        Span place = data.get(at);
        int length = (int) Math.min(place.length(), 1 + dice.below(MOST_WEIGHT_BYTES));
        long start = place.start() + dice.below(place.length() - length + 1);
        start -= (start - place.start()) % Long.BYTES; // in step with every element type
        byte[] bytes = dice.bytes(length);
        String kind = dice.pick("NaN", "infinite", "random");
        switch (kind) {
            case "NaN" -> Arrays.fill(bytes, (byte) 0xFF);
            case "infinite" -> {
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) (i % 2 == 0 ? 0 : 0x7C);
                }
            }
            default -> { }
        }
        return damage(seed, Mutation.Kind.WEIGHTS, "%d bytes of '%s' from %d on become %s"
                .formatted(length, layout.entries().get(at).name(), start, kind), List.of(new Patch(start, bytes)));
    }

    /** Without a right checksum nobody looks at the damage, so that is the rarer case. */
    private List<Patch> mostlySealed(List<Patch> patches, Dice dice) {
        return dice.once(4) ? patches : layout.sealed(patches);
    }

    private Mutation damage(long seed, Mutation.Kind kind, String what, List<Patch> patches) {
        return new Mutation(seed, kind, what, patches, fileBytes);
    }

    private byte[] read(Span span) {
        ByteBuffer buffer = ByteBuffer.allocate((int) span.length());
        try (FileChannel channel = FileChannel.open(base)) {
            while (buffer.hasRemaining() && channel.read(buffer, span.start() + buffer.position()) >= 0) { }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + base, e);
        }
        return buffer.array();
    }
}
