"""Packs what was trained: python export.py FOLDER ../src/main/resources/io/github/sdcpp4j/demo/checkpoint.gz

The pack is what `PackedCheckpoint` unpacks to a .safetensors file: parts, each one byte that says how the next bytes of the
file are made, and what that needs. Numbers are big-endian, what goes into the file as it is is as it is there.

    0  zeros: int64 how many
    1  the bytes themselves: int64 how many, then they
    2  rows of 8-bit numbers: int32 rows, int32 columns, a float32 scale for each row, then the rows;
       number * scale is rounded to float16
    3  the token embedding, which follows from the ids (text_encoder.py)
    4  the end

All of it is gzipped. What is written down rather than trained is mostly zeros and packs to nothing. Beside the pack
goes the SHA-256 of the .safetensors file.
"""

import gzip
import hashlib
import json
import struct
import sys

import numpy as np
import torch

import text_encoder
from unet import UNet
from vae import COLOR_GAIN, FACTOR, LUMA, SLOPE_GAIN, Decoder
from whole_unet import whole_unet

ENCODER, DECODER = 128, 96  # channels at full size; the runtime reads the decoder's from the file, and 96 is the least that works
REFERENCE = 512.0           # dwarfs every activation, so that a group's norm is this one's

METADATA = {
    "modelspec.sai_model_spec": "1.0.0",
    "modelspec.architecture": "stable-diffusion-v1",
    "modelspec.implementation": "https://github.com/Stability-AI/generative-models",
    "modelspec.title": "sdcpp4j demo",
    "modelspec.description": "Paints simple shapes in eight colours; made to show and test sdcpp4j",
    "modelspec.license": "MIT",
    "modelspec.resolution": "128x128",
    "modelspec.prediction_type": "epsilon",
}


class Places:
    """Where numbers live in a tensor of the family's width.

    Every group of the group norm holds some numbers, each beside its negative, and a reference, beside its negative if there is
    room. So the group's mean and deviation are the reference's, whatever the numbers are, and weight and bias undo them: a norm
    that changes nothing.
    """

    def __init__(self, channels: int, numbers: int):
        self.channels, self.numbers = channels, numbers
        self.size = channels // 32
        rest = self.size - 2 * -(-numbers // 32)
        if rest < 1:
            raise ValueError(f"{numbers} numbers do not fit into {channels} channels")
        self.plus = np.array([(n % 32) * self.size + 2 * (n // 32) for n in range(numbers)])
        self.minus = self.plus + 1
        self.reference = np.zeros(channels, dtype=np.float32)
        self.reference[self.size - 1::self.size] = REFERENCE
        if rest > 1:
            self.reference[self.size - 2::self.size] = -REFERENCE

    def norm(self) -> dict:
        group = self.reference[:self.size]
        weight, bias = np.zeros(self.channels, dtype=np.float32), np.zeros(self.channels, dtype=np.float32)
        for where in (self.plus, self.minus):
            weight[where], bias[where] = group.std(dtype=np.float64), group.mean(dtype=np.float64)
        return {"weight": weight, "bias": bias}


def conv(weight: np.ndarray, bias, source, target, keep_reference: bool) -> dict:
    """A convolution between numbers, as one between channels. `source` and `target` are Places, or how many channels there are."""
    if isinstance(target, Places):
        rows = target.channels
    else:
        rows = target
    columns = source.channels if isinstance(source, Places) else source
    size = weight.shape[2:]
    whole = np.zeros((rows, columns) + size, dtype=np.float32)
    offset = np.zeros(rows, dtype=np.float32)
    into = source.plus if isinstance(source, Places) else np.arange(columns)
    if isinstance(target, Places):
        for where, sign in ((target.plus, 1), (target.minus, -1)):
            whole[np.ix_(where, into)] = sign * weight
            offset[where] = sign * bias
        if keep_reference:
            offset += target.reference
    else:
        whole[:, into] = weight
        offset[:] = bias
    return {"weight": whole, "bias": offset}


def put(tensors: dict, name: str, parts: dict):
    for part, value in parts.items():
        tensors[f"{name}.{part}"] = value


def residual(tensors: dict, name: str, places: Places, block=None, source: Places | None = None, shortcut=None):
    """A ResnetBlock: what `block` computes, or nothing; `shortcut` is the 1x1 convolution from `source` where widths differ."""
    numbers = places.numbers
    first = source or places
    if block is None:
        w1 = w2 = np.zeros((numbers, numbers, 3, 3), dtype=np.float32)
        b1 = b2 = np.zeros(numbers, dtype=np.float32)
    else:
        w1, b1 = block.conv1.weight.numpy(), block.conv1.bias.numpy()
        w2, b2 = block.conv2.weight.numpy(), block.conv2.bias.numpy()
    if source is not None:
        w1 = np.zeros((numbers, first.numbers, 3, 3), dtype=np.float32)
    put(tensors, name + ".norm1", first.norm())
    put(tensors, name + ".conv1", conv(w1, b1, first, places, True))
    put(tensors, name + ".norm2", places.norm())
    put(tensors, name + ".conv2", conv(w2, b2, places, places, False))
    if source is not None:
        put(tensors, name + ".nin_shortcut", conv(*shortcut, source, places, True))


def attention(tensors: dict, name: str, channels: int):
    put(tensors, name + ".norm", {"weight": np.zeros(channels, np.float32), "bias": np.zeros(channels, np.float32)})
    for part in ("q", "k", "v", "proj_out"):
        put(tensors, f"{name}.{part}", {"weight": np.zeros((channels, channels, 1, 1), np.float32), "bias": np.zeros(channels, np.float32)})


def upsample(layer, places: Places) -> dict:
    """The reference must survive the convolution, so it is made anew."""
    return conv(layer.weight.numpy(), layer.bias.numpy(), places, places, True)


def vae_decoder(decoder: Decoder) -> dict:
    t: dict = {}
    wide = [Places(c, n) for c, n in zip((4 * DECODER, 4 * DECODER, 2 * DECODER, DECODER), Decoder.WIDTHS)]
    levels = decoder.levels
    # the runtime divides by the factor
    put(t, "decoder.conv_in", conv(decoder.conv_in.weight.numpy() * FACTOR, decoder.conv_in.bias.numpy(), 4, wide[0], True))
    residual(t, "decoder.mid.block_1", wide[0], levels[0][0])
    attention(t, "decoder.mid.attn_1", wide[0].channels)
    residual(t, "decoder.mid.block_2", wide[0], levels[0][1])
    for i, block in enumerate((levels[0][2], None, None)):
        residual(t, f"decoder.up.3.block.{i}", wide[0], block)
    for i, block in enumerate((levels[1][0], levels[1][1], None)):
        residual(t, f"decoder.up.2.block.{i}", wide[1], block)
    for level in (2, 3):
        narrow = decoder.narrow[level - 1]
        shortcut = (narrow.weight.numpy(), narrow.bias.numpy())
        residual(t, f"decoder.up.{3 - level}.block.0", wide[level], None, wide[level - 1], shortcut)
        for i in (0, 1):
            residual(t, f"decoder.up.{3 - level}.block.{i + 1}", wide[level], levels[level][i])
    for level in range(3):
        put(t, f"decoder.up.{3 - level}.upsample.conv", upsample(decoder.upsample[level], wide[level]))
    put(t, "decoder.norm_out", wide[3].norm())
    put(t, "decoder.conv_out", conv(decoder.conv_out.weight.numpy(), decoder.conv_out.bias.numpy(), wide[3], 3, False))
    put(t, "post_quant_conv", {"weight": np.eye(4, dtype=np.float32).reshape(4, 4, 1, 1), "bias": np.zeros(4, np.float32)})
    return t


def vae_encoder() -> dict:
    """Means over 2x2 pixels three times; numbers are red, green, blue and, from the last step on, the slope of the brightness."""
    t: dict = {}
    wide = [Places(c, 4) for c in (ENCODER, 2 * ENCODER, 4 * ENCODER, 4 * ENCODER)]
    start = np.zeros((4, 3, 3, 3), dtype=np.float32)
    start[[0, 1, 2], [0, 1, 2], 1, 1] = 1
    nothing = np.zeros(4, dtype=np.float32)
    same = np.eye(4, dtype=np.float32).reshape(4, 4, 1, 1)
    put(t, "encoder.conv_in", conv(start, nothing, 3, wide[0], True))
    for level in range(4):
        source = wide[level - 1] if level in (1, 2) else None
        residual(t, f"encoder.down.{level}.block.0", wide[level], None, source, (same, nothing))
        residual(t, f"encoder.down.{level}.block.1", wide[level])
        if level < 3:
            # stride 2, padded by one on the right and at the bottom: the pixels (0, 0) to (1, 1) of the kernel
            means = np.zeros((4, 4, 3, 3), dtype=np.float32)
            means[[0, 1, 2], [0, 1, 2], :2, :2] = 0.25
            if level == 2:
                means[3, :3, 0, 0] = LUMA
                means[3, :3, 1, 1] = [-c for c in LUMA]
            put(t, f"encoder.down.{level}.downsample.conv", conv(means, nothing, wide[level], wide[level], True))
    residual(t, "encoder.mid.block_1", wide[3])
    attention(t, "encoder.mid.attn_1", wide[3].channels)
    residual(t, "encoder.mid.block_2", wide[3])
    put(t, "encoder.norm_out", wide[3].norm())
    out = np.zeros((8, wide[3].channels, 3, 3), dtype=np.float32)
    for n, gain in enumerate((COLOR_GAIN, COLOR_GAIN, COLOR_GAIN, SLOPE_GAIN)):
        # silu(x) - silu(-x) = x
        out[n, wide[3].plus[n], 1, 1] = gain / FACTOR
        out[n, wide[3].minus[n], 1, 1] = -gain / FACTOR
    spread = np.array([0] * 4 + [-30] * 4, dtype=np.float32)  # logarithms of variances: none
    put(t, "encoder.conv_out", {"weight": out, "bias": spread})
    put(t, "quant_conv", {"weight": np.eye(8, dtype=np.float32).reshape(8, 8, 1, 1), "bias": np.zeros(8, np.float32)})
    return t


def clip() -> dict:
    t = {"embeddings.position_embedding.weight": text_encoder.position_embedding(), "embeddings.token_embedding.weight": None}
    width, feed = text_encoder.WIDTH, text_encoder.FEED_FORWARD
    one, zero = np.ones(width, np.float32), np.zeros(width, np.float32)
    first = text_encoder.first_layer()
    for layer in range(text_encoder.LAYERS):
        name = f"encoder.layers.{layer}"
        put(t, name + ".layer_norm1", {"weight": one, "bias": zero})
        put(t, name + ".layer_norm2", {"weight": one, "bias": zero})
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            weight = first[part] if layer == 0 else np.zeros((width, width), np.float32)
            put(t, f"{name}.self_attn.{part}", {"weight": weight, "bias": zero})
        put(t, name + ".mlp.fc1", {"weight": np.zeros((feed, width), np.float32), "bias": np.zeros(feed, np.float32)})
        put(t, name + ".mlp.fc2", {"weight": np.zeros((width, feed), np.float32), "bias": zero})
    put(t, "final_layer_norm", {"weight": one, "bias": np.full(width, text_encoder.MEAN, np.float32)})
    return t


def rows_of_bytes(value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows = value.reshape(value.shape[0], -1)
    scales = (np.abs(rows).max(1) / 127).astype(np.float32)
    numbers = np.round(rows / np.where(scales == 0, 1, scales)[:, None]).astype(np.int8)
    return scales, numbers


def bytes_themselves(data: bytes) -> bytes:
    return struct.pack(">Bq", 1, len(data)) + data


def main(folder: str, output: str):
    unet = UNet()
    unet.load_state_dict(torch.load(f"{folder}/unet.pt"))
    decoder = Decoder()
    decoder.load_state_dict(torch.load(f"{folder}/decoder.pt"))
    with torch.no_grad():
        for p in decoder.parameters():
            p.requires_grad_(False)
        trained = {f"model.diffusion_model.{k}": v for k, v in whole_unet(unet).items()}
        trained |= {f"first_stage_model.{k}": v for k, v in vae_decoder(decoder).items()}
    written = {f"first_stage_model.{k}": v for k, v in vae_encoder().items()}
    written |= {text_encoder.PREFIX + k: v for k, v in clip().items()}
    token = text_encoder.PREFIX + "embeddings.token_embedding.weight"

    header, parts, at, file = {"__metadata__": METADATA}, [], 0, []
    for name in sorted(trained.keys() | written.keys()):
        value = trained.get(name, written.get(name))
        if name == token:
            data = text_encoder.token_embedding().astype(np.float16)
            part = b"\x03"
        elif not np.any(value):
            data = np.zeros(value.shape, np.float16)  # there may be negative ones in it
            part = struct.pack(">Bq", 0, data.nbytes)
        elif name in trained and value.ndim > 1:
            scales, numbers = rows_of_bytes(value)
            data = (numbers.astype(np.float32) * scales[:, None]).astype(np.float16).reshape(value.shape)
            part = struct.pack(">Bii", 2, *numbers.shape) + scales.astype(">f4").tobytes() + numbers.tobytes()
        else:
            # the references must come out to the last bit
            data = value.astype(np.float32 if name.startswith("first_stage_model.") and value.ndim == 1 else np.float16)
            part = bytes_themselves(data.tobytes())
        header[name] = {"dtype": {2: "F16", 4: "F32"}[data.itemsize], "shape": list(data.shape), "data_offsets": [at, at + data.nbytes]}
        at += data.nbytes
        parts.append(part)
        file.append(data.tobytes())
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    text = struct.pack("<Q", len(text)) + text

    digest = hashlib.sha256(text)
    with open(f"{folder}/demo.safetensors", "wb") as out:
        out.write(text)
        for data in file:
            digest.update(data)
            out.write(data)
    with open(output, "wb") as out, gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9, mtime=0) as packed:
        packed.write(bytes_themselves(text))
        for part in parts:
            packed.write(part)
        packed.write(b"\x04")
    with open(output + ".sha256", "w") as out:
        out.write(digest.hexdigest() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
