package io.github.sdcpp4j.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Describes a synthetic Stable Diffusion 1.x checkpoint: one file in the LDM naming of downloaded checkpoints, with
 * text encoder, UNet and VAE. The file is a function of this record and the container alone: same record, same
 * bytes, on any machine.
 *
 * <p>The weights are not trained, but pictures are finite, colourful and depend on prompt, guidance, seed, sampler
 * and steps; the VAE's round trip yields the image averaged over blocks of 8x8 pixels. Where the bounds on the
 * widths come from is told in {@code Carrier}.
 *
 * @param modelChannels UNet width, a multiple of 32 from 96 on (SD 1.5: 320); levels are 1, 2, 4, 4 times as wide
 * @param vaeChannels   VAE decoder width, a multiple of 32 from 96 on (SD 1.5: 128); the encoder is always 128 wide
 * @param vaeEncoder    whether the VAE's encoder is included; stable-diffusion.cpp refuses a file without, so false is
 *                      for testing just that
 * @param dense         whether every layer gets non-zero weights; otherwise most of text encoder and VAE are zero and
 *                      take no space on file systems that know sparse files
 * @param seed          seed of the weights
 * @param weightType    {@link DataType#F16} or {@link DataType#F32}
 */
public record CheckpointSpec(
        int modelChannels, int vaeChannels, boolean vaeEncoder, boolean dense, long seed, DataType weightType) {

    /** Part of {@link #key()}; the sampled weights are too, so this rarely needs to change. */
    private static final int VERSION = 1;

    /** Checks the widths. */
    public CheckpointSpec {
        requireWidth("modelChannels", modelChannels);
        requireWidth("vaeChannels", vaeChannels);
        if (weightType != DataType.F16 && weightType != DataType.F32) {
            throw new IllegalArgumentException("weightType is F16 or F32, not " + weightType);
        }
    }

    /** The smallest complete checkpoint, and the builder's defaults. */
    public static CheckpointSpec small() {
        return builder().build();
    }

    /** The exact shapes of SD 1.5 in half precision: 1,131 tensors, 2.13 GB, every layer non-zero. */
    public static CheckpointSpec full() {
        return builder().modelChannels(320).vaeChannels(128).dense(true).build();
    }

    /** The same checkpoint with other weights. */
    public CheckpointSpec withSeed(long value) {
        return new CheckpointSpec(modelChannels, vaeChannels, vaeEncoder, dense, value, weightType);
    }

    /** A builder that starts from the smallest complete checkpoint. */
    public static Builder builder() {
        return new Builder();
    }

    /** Writes the file in the container that its name speaks of, else as {@link #write(Path, Container)}. */
    public Checkpoint write(Path path) throws IOException {
        return write(path, Container.of(path));
    }

    /**
     * Writes the file. It appears under its name only when complete (written beside it, then renamed), and replaces
     * what was there. If another writer of the same file gets there first and keeps it open, its file, being equal,
     * is kept.
     *
     * @throws IOException if the file cannot be written; nothing is left behind then
     */
    public Checkpoint write(Path path, Container container) throws IOException {
        return content().write(path, container);
    }

    /** A short hexadecimal key that differs between records, and between generators that give other contents. */
    public String key() {
        return String.format("%016x", content().key(SplitMix64.seed(VERSION, toString() + metadata())));
    }

    /** The length of the file that {@link #write(Path, Container)} makes. */
    public long bytes(Container container) {
        return container.fileBytes(content());
    }

    TensorFile content() {
        return new TensorFile(metadata(), tensors());
    }

    List<Tensor> tensors() {
        Scope root = Scope.root(seed, weightType);
        // first: the format wants the widest element type, position_ids, in front
        ClipTextEncoder.VIT_L.addTo(root.in("cond_stage_model.transformer.text_model"), dense);
        Unet.addTo(root, modelChannels);
        Autoencoder.addTo(root.in("first_stage_model"), Autoencoder.Latents.SD, vaeChannels, vaeEncoder, dense);
        return root.tensors();
    }

    Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        metadata.put("modelspec.sai_model_spec", "1.0.0");
        metadata.put("modelspec.architecture", "stable-diffusion-v1");
        metadata.put("modelspec.title", "sdcpp4j synthetic SD 1.x, seed " + seed);
        return metadata;
    }

    private static void requireWidth(String name, int channels) {
        if (channels < Carrier.MIN_CHANNELS || channels % Carrier.GROUPS != 0) {
            throw new IllegalArgumentException("%s is a multiple of %d from %d on, not %d"
                    .formatted(name, Carrier.GROUPS, Carrier.MIN_CHANNELS, channels));
        }
    }

    /** Builder of {@link CheckpointSpec}. */
    public static final class Builder {
        private int modelChannels = Carrier.MIN_CHANNELS;
        private int vaeChannels = Carrier.MIN_CHANNELS;
        private boolean vaeEncoder = true;
        private boolean dense;
        private long seed = 42;
        private DataType weightType = DataType.F16;

        private Builder() {}

        /** UNet width; default 96. */
        public Builder modelChannels(int channels) {
            modelChannels = channels;
            return this;
        }

        /** VAE decoder width; default 96. */
        public Builder vaeChannels(int channels) {
            vaeChannels = channels;
            return this;
        }

        /** Whether the VAE's encoder is included; default true. */
        public Builder vaeEncoder(boolean included) {
            vaeEncoder = included;
            return this;
        }

        /** Whether every layer gets non-zero weights; default false. */
        public Builder dense(boolean everyLayer) {
            dense = everyLayer;
            return this;
        }

        /** Seed of the weights; default 42. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Type of the weights; default {@link DataType#F16}. */
        public Builder weightType(DataType type) {
            weightType = type;
            return this;
        }

        /** The record. */
        public CheckpointSpec build() {
            return new CheckpointSpec(modelChannels, vaeChannels, vaeEncoder, dense, seed, weightType);
        }
    }
}
