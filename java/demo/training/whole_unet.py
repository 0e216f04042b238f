"""Places the trained blocks in the family's whole UNet; the others change nothing."""

import numpy as np
import torch
from torch import nn

from unet import WIDTH, Attention, Down, ResBlock, SpatialTransformer, UNet, Up

# every block of the family: residual blocks (channels in, out), which of them have attention, and where sizes change
IN = {1: (1, 1), 2: (1, 1), 4: (1, 2), 5: (2, 2), 7: (2, 4), 8: (4, 4), 10: (4, 4), 11: (4, 4)}
OUT = {0: (8, 4), 1: (8, 4), 2: (8, 4), 3: (8, 4), 4: (8, 4), 5: (6, 4), 6: (6, 2), 7: (4, 2), 8: (3, 2), 9: (3, 1), 10: (2, 1), 11: (2, 1)}
ATTENTION_IN, ATTENTION_OUT = (1, 2, 4, 5, 7, 8), range(3, 12)
DOWN = {3: 1, 6: 2, 9: 4}
UP = {2: (1, 4), 5: (2, 4), 8: (2, 2)}


def skeleton() -> dict[str, tuple]:
    shapes = {}

    def add(prefix: str, module: nn.Module):
        for name, p in module.named_parameters():
            shapes[f"{prefix}.{name}"] = tuple(p.shape)

    with torch.device("meta"):
        for i, (a, b) in IN.items():
            add(f"input_blocks.{i}.0", ResBlock(a * WIDTH, b * WIDTH))
        for i in ATTENTION_IN:
            add(f"input_blocks.{i}.1", SpatialTransformer(IN[i][1] * WIDTH))
        for i, mult in DOWN.items():
            add(f"input_blocks.{i}.0", Down(mult * WIDTH))
        for part in (0, 2):
            add(f"middle_block.{part}", ResBlock(4 * WIDTH, 4 * WIDTH))
        add("middle_block.1", SpatialTransformer(4 * WIDTH))
        for i, (a, b) in OUT.items():
            add(f"output_blocks.{i}.0", ResBlock(a * WIDTH, b * WIDTH))
        for i in ATTENTION_OUT:
            add(f"output_blocks.{i}.1", SpatialTransformer(OUT[i][1] * WIDTH))
        for i, (part, mult) in UP.items():
            add(f"output_blocks.{i}.{part}", Up(mult * WIDTH))
        # left out of the trained blocks of level 0
        for block in [f"input_blocks.{i}.1" for i in (1, 2)] + [f"output_blocks.{i}.1" for i in (9, 10, 11)]:
            add(f"{block}.transformer_blocks.0.attn1", Attention(WIDTH, WIDTH))
            add(f"{block}.transformer_blocks.0.norm1", nn.LayerNorm(WIDTH))
        for name, p in UNet().named_parameters():
            shapes.setdefault(name, tuple(p.shape))
    return shapes


def whole_unet(unet: UNet) -> dict[str, np.ndarray]:
    """All tensors of the family's UNet by their names without a prefix."""
    tensors = {name: np.zeros(shape, dtype=np.float32) for name, shape in skeleton().items()}
    for name, p in unet.named_parameters():
        if tensors[name].shape != tuple(p.shape):
            raise ValueError(f"{name} has the shape {tuple(p.shape)}, not {tensors[name].shape}")
        tensors[name] = p.detach().numpy()
    # what comes from below is zero: hand on what the skip connection brings
    low = 4 * WIDTH
    tensors["output_blocks.3.0.skip_connection.weight"][:, low:, 0, 0] = np.eye(low)
    return tensors
