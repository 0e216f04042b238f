"""Stable Diffusion 1.x's UNet at a fifth of its width, under the names of the original checkpoints.

All blocks of the family are there when it is written to a file; only those in TRAINED compute something. The others are
written so that they change nothing: residual blocks and attention add zero, a block that would have to change the number of
channels takes what it needs from the skip connection.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, CONTEXT, HEADS, EPS = 64, 768, 8, 1e-6
TIME = 4 * WIDTH
READ = 32  # context positions that carry anything; the others are all alike
LENGTH = 77
SHARES = torch.tensor([0.0] * READ + [math.log(LENGTH - READ)])


def group_norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(32, channels, eps=EPS)


class ResBlock(nn.Module):
    def __init__(self, channels: int, out: int):
        super().__init__()
        self.in_layers = nn.ModuleList([group_norm(channels), nn.SiLU(), nn.Conv2d(channels, out, 3, padding=1)])
        self.emb_layers = nn.ModuleList([nn.SiLU(), nn.Linear(TIME, out)])
        self.out_layers = nn.ModuleList([group_norm(out), nn.SiLU(), nn.Identity(), nn.Conv2d(out, out, 3, padding=1)])
        if channels != out:
            self.skip_connection = nn.Conv2d(channels, out, 1)
        nn.init.zeros_(self.out_layers[3].weight)
        nn.init.zeros_(self.out_layers[3].bias)

    def forward(self, x, emb):
        h = self.in_layers[2](F.silu(self.in_layers[0](x)))
        h = h + self.emb_layers[1](emb)[:, :, None, None]
        h = self.out_layers[3](F.silu(self.out_layers[0](h)))
        return h + (self.skip_connection(x) if hasattr(self, "skip_connection") else x)


class Attention(nn.Module):
    def __init__(self, width: int, context: int):
        super().__init__()
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k = nn.Linear(context, width, bias=False)
        self.to_v = nn.Linear(context, width, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, x, context):
        def heads(t):
            return t.view(t.shape[0], t.shape[1], HEADS, -1).transpose(1, 2)

        q = heads(self.to_q(x)) * (x.shape[-1] // HEADS) ** -0.5
        # by hand: on a CPU torch's fused attention is several times slower on its way back
        scores = q @ heads(self.to_k(context)).transpose(-1, -2)
        if context.shape[1] == READ + 1:  # the last one stands for all that follow
            scores = scores + SHARES.to(scores.dtype)
        x = scores.softmax(-1, dtype=q.dtype) @ heads(self.to_v(context))
        return self.to_out[0](x.transpose(1, 2).flatten(2))


class Geglu(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.proj = nn.Linear(width, 8 * width)

    def forward(self, x):
        x, gate = self.proj(x).chunk(2, -1)
        return x * F.gelu(gate)


class FeedForward(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.net = nn.ModuleList([Geglu(width), nn.Identity(), nn.Linear(4 * width, width)])

    def forward(self, x):
        return self.net[2](self.net[0](x))


class TransformerBlock(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        if width > WIDTH:  # level 0 has too many places for each to look at each, and does without
            self.attn1 = Attention(width, width)
            self.norm1 = nn.LayerNorm(width)
        self.attn2 = Attention(width, CONTEXT)
        self.ff = FeedForward(width)
        self.norm2, self.norm3 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x, context):
        if hasattr(self, "attn1"):
            normed = self.norm1(x)
            x = x + self.attn1(normed, normed)
        x = x + self.attn2(self.norm2(x), context)
        return x + self.ff(self.norm3(x))


class SpatialTransformer(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.norm = group_norm(width)
        self.proj_in = nn.Conv2d(width, width, 1)
        self.transformer_blocks = nn.ModuleList([TransformerBlock(width)])
        self.proj_out = nn.Conv2d(width, width, 1)
        nn.init.zeros_(self.proj_out.weight)
        nn.init.zeros_(self.proj_out.bias)

    def forward(self, x, context):
        n, c, h, w = x.shape
        y = self.proj_in(self.norm(x)).permute(0, 2, 3, 1).reshape(n, h * w, c)
        y = self.transformer_blocks[0](y, context)
        return x + self.proj_out(y.reshape(n, h, w, c).permute(0, 3, 1, 2))


class Down(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.op = nn.Conv2d(width, width, 3, stride=2, padding=1)

    def forward(self, x):
        return self.op(x)


class Up(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2, mode="nearest"))


# level 0 (1/8 of the picture), 1 and 2; level 3 and the middle are left out, which is what small pictures need least
IN = {1: (64, 64), 2: (64, 64), 4: (64, 128), 5: (128, 128), 7: (128, 256)}
OUT = {4: (512, 256), 5: (384, 256), 6: (384, 128), 7: (256, 128), 8: (192, 128), 9: (192, 64), 10: (128, 64), 11: (128, 64)}
ATTENTION_IN = (1, 4, 5, 7)
ATTENTION_OUT = (4, 5, 6, 7, 8, 10, 11)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.time_embed = nn.ModuleList([nn.Linear(WIDTH, TIME), nn.SiLU(), nn.Linear(TIME, TIME)])
        blocks = {"0": nn.ModuleDict({"0": nn.Conv2d(4, WIDTH, 3, padding=1)}),
                  "3": nn.ModuleDict({"0": Down(64)}), "6": nn.ModuleDict({"0": Down(128)})}
        for i, (a, b) in IN.items():
            blocks[str(i)] = nn.ModuleDict({"0": ResBlock(a, b)})
            if i in ATTENTION_IN:
                blocks[str(i)]["1"] = SpatialTransformer(b)
        self.input_blocks = nn.ModuleDict(blocks)
        blocks = {}
        for i, (a, b) in OUT.items():
            blocks[str(i)] = nn.ModuleDict({"0": ResBlock(a, b)})
            if i in ATTENTION_OUT:
                blocks[str(i)]["1"] = SpatialTransformer(b)
        blocks["5"]["2"] = Up(256)
        blocks["8"]["2"] = Up(128)
        self.output_blocks = nn.ModuleDict(blocks)
        self.out = nn.ModuleList([group_norm(WIDTH), nn.SiLU(), nn.Conv2d(WIDTH, 4, 3, padding=1)])
        nn.init.zeros_(self.out[2].weight)
        nn.init.zeros_(self.out[2].bias)

    def forward(self, x, timesteps, context):
        half = WIDTH // 2
        freqs = torch.exp(-math.log(10000) * torch.arange(half) / half)
        angles = timesteps[:, None].float() * freqs
        emb = torch.cat([angles.cos(), angles.sin()], 1)
        emb = F.silu(self.time_embed[2](F.silu(self.time_embed[0](emb))))

        def through(block, x):
            x = block["0"](x, emb)
            if "1" in block:
                x = block["1"](x, context)
            return x

        blocks = self.input_blocks
        h0 = blocks["0"]["0"](x)
        h1 = through(blocks["1"], h0)
        h2 = through(blocks["2"], h1)
        h3 = blocks["3"]["0"](h2)
        h4 = through(blocks["4"], h3)
        h5 = through(blocks["5"], h4)
        h6 = blocks["6"]["0"](h5)
        h7 = through(blocks["7"], h6)
        blocks = self.output_blocks
        # blocks 8 to 11, the middle and 0 to 3 hand h7 on
        h = through(blocks["4"], torch.cat([h7, h7], 1))
        h = blocks["5"]["2"](through(blocks["5"], torch.cat([h, h6], 1)))
        h = through(blocks["6"], torch.cat([h, h5], 1))
        h = through(blocks["7"], torch.cat([h, h4], 1))
        h = blocks["8"]["2"](through(blocks["8"], torch.cat([h, h3], 1)))
        h = through(blocks["9"], torch.cat([h, h2], 1))
        h = through(blocks["10"], torch.cat([h, h1], 1))
        h = through(blocks["11"], torch.cat([h, h0], 1))
        return self.out[2](F.silu(self.out[0](h)))
