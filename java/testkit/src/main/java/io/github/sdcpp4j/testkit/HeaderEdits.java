package io.github.sdcpp4j.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Edits that leave a header well-formed and make what it says untrue, strange or impossible. Most of them pass a check
 * of the header by itself: types, shapes and places agree with each other and with the length of the file.
 */
final class HeaderEdits {
    private static final List<String> STRANGE_NAMES = List.of("", ".", "weight", "a\tb", "модель", "lora_unet_x.alpha",
            "model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight",
            "model.diffusion_model.double_blocks.0.img_attn.qkv.weight",
            "model.diffusion_model.input_blocks.8.0.time_mixer.mix_factor",
            "model.diffusion_model.blocks.0.cross_attn.norm_k.weight",
            "model.diffusion_model.patch_embedding.weight",
            "conditioner.embedders.1.model.ln_final.weight", "cond_stage_model.1.x", "te.1.x",
            "cond_stage_model.model.token_embedding.weight", "edm_vpred.sigma_max", "v_pred",
            "control_model.input_blocks.0.0.weight", "emb_params", "model.0.weight", "body.99999999999.x");

    private final List<Entry> entries;
    private final Dice dice;

    private HeaderEdits(List<Entry> entries, Dice dice) {
        this.entries = new ArrayList<>(entries);
        this.dice = dice;
    }

    /** The entries after an edit, and what it was. */
    record Edited(String what, List<Entry> entries) {}

    static Edited edit(List<Entry> entries, Dice dice) {
        HeaderEdits edits = new HeaderEdits(entries, dice);
        return new Edited(edits.edit(), edits.entries);
    }

    private String edit() {
        int at = dice.below(entries.size());
        Entry entry = entries.get(at);
        return switch (dice.below(12)) {
            case 0 -> {
                String name = dice.pick(STRANGE_NAMES);
                yield replace(at, entry.withName(name), "renamed to '" + name + "'");
            }
            case 1 -> {
                String name = dice.pick(entry.name() + "x", entry.name().replaceFirst("\\d+", "99"), "x" + entry.name());
                yield replace(at, entry.withName(name), "renamed to '" + name + "'");
            }
            case 2 -> {
                String name = other(at).name();
                yield replace(at, entry.withName(name), "named as another, '" + name + "'");
            }
            case 3 -> {
                entries.remove(at);
                yield "'" + entry.name() + "' left out";
            }
            case 4 -> {
                ElementType[] types = ElementType.claims();
                ElementType type = types[(entry.type().ordinal() + 1 + dice.below(types.length - 1)) % types.length];
                Entry edited = entry.withType(type);
                yield replace(at, dice.once(3) ? edited : edited.fitted(), "claimed to be " + type);
            }
            case 5 -> sameBytesAsAnotherType(at, entry);
            case 6 -> swapData(at, entry);
            case 7 -> reshape(at, entry);
            case 8 -> otherDimension(at, entry);
            case 9 -> overflow(at, entry);
            case 10 -> {
                Span other = other(at).data();
                yield replace(at, entry.withData(new Span(other.start(), entry.data().length())), "laid over another");
            }
            default -> {
                long start = dice.extreme(entry.data().start());
                yield replace(at, entry.withData(new Span(start, entry.data().length())), "moved to " + start);
            }
        };
    }

    private String sameBytesAsAnotherType(int at, Entry entry) {
        ElementType type = switch (entry.type()) {
            case F16 -> ElementType.BF16;
            case F32 -> ElementType.I32;
            default -> ElementType.F64;
        };
        return replace(at, entry.withType(type), "claimed to be " + type + ", which takes as much room");
    }

    private String swapData(int at, Entry entry) {
        List<Integer> equals = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            if (i != at && entries.get(i).data().length() == entry.data().length()) {
                equals.add(i);
            }
        }
        int other = equals.isEmpty() ? dice.below(entries.size()) : dice.pick(equals);
        Entry second = entries.get(other);
        entries.set(other, second.withData(entry.data()));
        return replace(at, entry.withData(second.data()), "changed data with '" + second.name() + "'");
    }

    private String reshape(int at, Entry entry) {
        List<Long> shape = new ArrayList<>(entry.shape());
        switch (shape.size() < 2 ? 3 + dice.below(2) : dice.below(5)) {
            case 0 -> Collections.reverse(shape);
            case 1 -> Collections.rotate(shape, 1);
            case 2 -> shape = List.of(entry.elements());
            case 3 -> shape.add(1L);
            default -> shape.addFirst(1L);
        }
        return replace(at, entry.withShape(shape), "reshaped from " + entry.shape() + " to " + shape);
    }

    private String otherDimension(int at, Entry entry) {
        if (entry.shape().isEmpty()) {
            return replace(at, entry.withShape(List.of(dice.extreme(1))), "no scalar any more");
        }
        List<Long> shape = new ArrayList<>(entry.shape());
        int axis = dice.below(shape.size());
        long present = shape.get(axis);
        long value = switch (dice.below(6)) {
            case 0 -> Math.max(1, present / 2);
            case 1 -> present + 1;
            case 2 -> Math.max(1, present - 1);
            case 3 -> 1;
            case 4 -> 0;
            default -> dice.extreme(present);
        };
        shape.set(axis, value);
        Entry edited = entry.withShape(shape);
        return replace(at, dice.once(4) ? edited : edited.fitted(), "shape " + shape + " instead of " + entry.shape());
    }

    /** Shapes whose product, modulo 2<sup>64</sup>, is zero or small again. */
    private String overflow(int at, Entry entry) {
        List<Long> shape = dice.pick(List.of(1L << 32, 1L << 32), List.of(1L << 62, 4L), List.of(1L << 63, 2L),
                List.of((1L << 63) + 1, 2L), List.of(1L << 31, 1L << 31, 4L), List.of(-1L, -entry.elements()),
                List.of(Long.MAX_VALUE, 2L, 1L), List.of(1L << 61, 8L, 3L));
        return replace(at, entry.withShape(shape).fitted(), "shape " + shape + ", which overflows");
    }

    private Entry other(int at) {
        return entries.get((at + 1 + dice.below(Math.max(1, entries.size() - 1))) % entries.size());
    }

    private String replace(int at, Entry edited, String what) {
        String name = entries.get(at).name();
        entries.set(at, edited);
        return "'" + name + "' " + what;
    }
}
