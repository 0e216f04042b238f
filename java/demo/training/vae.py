"""The demo's VAE. Its encoder is written down; its decoder is small, trained, and placed in Stable Diffusion's shape.

Latents, before the factor 0.18215: three channels are the means of red, green and blue over 8x8 pixels, the fourth is the
brightness of the top left 4x4 pixels less that of the bottom right ones.
"""

import torch
from torch import nn
from torch.nn import functional as F

FACTOR = 0.18215
COLOR_GAIN, SLOPE_GAIN = 1.3, 2.5  # brings the latents to about unit variance
LUMA = (0.299, 0.587, 0.114)


def encode(pictures: torch.Tensor) -> torch.Tensor:
    """[N, 3, H, W] in -1..1 to scaled latents [N, 4, H/8, W/8]."""
    quarters = F.avg_pool2d(pictures, 4)
    luma = (quarters * torch.tensor(LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)
    slope = luma[:, :, 0::2, 0::2] - luma[:, :, 1::2, 1::2]
    return torch.cat([F.avg_pool2d(quarters, 2) * COLOR_GAIN, slope * SLOPE_GAIN], 1)


class Residual(nn.Module):
    """A ResnetBlock without normalisation; `Placed` shows how it becomes one with it."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x):
        return x + self.conv2(F.silu(self.conv1(F.silu(x))))


class Decoder(nn.Module):
    """Scaled latents to pictures. WIDTHS from 1/8 of the picture's size to its full size; BLOCKS residuals at each."""

    WIDTHS = (96, 96, 64, 32)
    BLOCKS = (3, 2, 2, 2)

    def __init__(self):
        super().__init__()
        self.conv_in = nn.Conv2d(4, self.WIDTHS[0], 3, padding=1)
        self.levels = nn.ModuleList(nn.ModuleList(Residual(w) for _ in range(n)) for w, n in zip(self.WIDTHS, self.BLOCKS))
        self.narrow = nn.ModuleList(nn.Conv2d(a, b, 1) if a != b else nn.Identity() for a, b in zip(self.WIDTHS, self.WIDTHS[1:]))
        self.upsample = nn.ModuleList(nn.Conv2d(w, w, 3, padding=1) for w in self.WIDTHS[:-1])
        self.conv_out = nn.Conv2d(self.WIDTHS[-1], 3, 3, padding=1)

    def forward(self, latents):
        x = self.conv_in(latents)
        for level, blocks in enumerate(self.levels):
            for block in blocks:
                x = block(x)
            if level < 3:
                x = self.upsample[level](F.interpolate(x, scale_factor=2, mode="nearest"))
                x = self.narrow[level](x)
        return self.conv_out(F.silu(x))
