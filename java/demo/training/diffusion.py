"""Noise levels of Stable Diffusion 1.x, and the sampler that the runtime uses by default, to look at pictures while training."""

import math

import torch

BETAS = torch.linspace(math.sqrt(0.00085), math.sqrt(0.012), 1000, dtype=torch.float64) ** 2
ALPHAS = torch.cumprod(1 - BETAS, 0).float()


@torch.no_grad()
def sample(unet, context, empty, height, width, steps=20, guidance=7.0, seed=0):
    """Euler ancestral. [N, 33, 768] and [1, 33, 768] to scaled latents [N, 4, height / 8, width / 8]."""
    generator = torch.Generator().manual_seed(seed)
    n = len(context)
    sigmas = ((1 - ALPHAS) / ALPHAS).sqrt()
    times = torch.linspace(999, 0, steps)
    low = times.floor().long()
    levels = torch.exp(torch.lerp(sigmas[low].log(), sigmas[(low + 1).clamp(max=999)].log(), times - low))
    levels = torch.cat([levels, torch.zeros(1)])

    def randn():
        return torch.randn(n, 4, height // 8, width // 8, generator=generator)

    x = randn() * levels[0]
    for i in range(steps):
        sigma, then = levels[i], levels[i + 1]
        scaled = x / (sigma ** 2 + 1).sqrt()
        both = unet(torch.cat([scaled, scaled]), times[i].expand(2 * n), torch.cat([context, empty.expand(n, -1, -1)]))
        with_prompt, without = both.float().chunk(2)
        noise = without + guidance * (with_prompt - without)
        up = min(then, (then ** 2 * (sigma ** 2 - then ** 2) / sigma ** 2).clamp(min=0).sqrt())
        down = (then ** 2 - up ** 2).sqrt()
        x = x + noise * (down - sigma) + randn() * up
    return x
