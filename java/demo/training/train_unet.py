"""Trains the UNet, in one process for each core: torchrun --nproc-per-node=2 train_unet.py FOLDER SIDE STEPS [START [RATE]]

SIDE is the pictures' side in pixels. Small ones come first: they teach colours, words and places at a quarter of the cost. START
is what such a run left, RATE the learning rate after it has warmed up. The processes train alone and average their weights every few steps, which costs less than averaging each gradient.
"""

import math
import os
import random
import sys
import time

import torch
from torch import distributed
from torch.nn import functional as F

from diffusion import ALPHAS, sample
from scenes import draw, scene
from text_encoder import TextEncoder
from unet import READ, UNet
from vae import Decoder, encode
from vocabulary import END, LENGTH, START, tokens

WARM_UP, EMA, AVERAGE_EVERY = 150, 0.998, 8
PIXELS = 32 * 128 * 128  # in a batch, at most 64 pictures
OTHER_SHAPES, OTHER = [(3, 4), (4, 3), (4, 6), (6, 4)], 0.06  # of a side of 4, now and then
NO_CAPTION, STRANGE_WORDS = 0.1, 0.1
LOOK = ("a red circle on a yellow background", "a blue star on a white background", "green triangle, black background",
        "a purple square on an orange background", "a small white cross in the top left on a red background",
        "a red circle and a blue square on a white background", "an orange circle on a blue background", "a large black star on a green background")


def strange_words(ids: list[int]) -> list[int]:
    """Some words that the model does not know, before or after the caption."""
    words = [random.randrange(512, START) for _ in range(random.randint(1, 4))]
    own = ids[1:ids.index(END)]
    own = words + own if random.random() < 0.3 else own + words
    return ([START] + own)[:LENGTH - 1] + [END] * max(LENGTH - 1 - len(own), 1)


def captions(scenes) -> torch.Tensor:
    rows = []
    for s in scenes:
        ids = tokens("" if random.random() < NO_CAPTION else s.caption)
        rows.append(strange_words(ids) if random.random() < STRANGE_WORDS else ids)
    return torch.tensor(rows)[:, :READ + 1]


def loss_of(unet, encoder, scenes, height, width) -> torch.Tensor:
    latents = encode(draw(scenes, height, width))
    n = len(scenes)
    times = ((torch.arange(n) + torch.rand(n)) / n * 1000).long()
    level = ALPHAS[times].view(n, 1, 1, 1)
    noise = torch.randn_like(latents)
    with torch.no_grad():
        context = encoder(captions(scenes))
    with torch.autocast("cpu", torch.bfloat16):
        guess = unet(level.sqrt() * latents + (1 - level).sqrt() * noise, times, context).float()
    # min-SNR weighting (Hang et al. 2023): the least noisy steps would otherwise have most of the loss; 20 and not their 5, for clean edges
    snr = level / (1 - level)
    return (F.mse_loss(guess, noise, reduction="none") * (20 / snr).clamp(max=1)).mean()


def average(unet):
    flat = torch.cat([p.data.view(-1) for p in unet.parameters()])
    distributed.all_reduce(flat)  # a sum
    flat /= distributed.get_world_size()
    at = 0
    for p in unet.parameters():
        p.data.copy_(flat[at:at + p.numel()].view_as(p))
        at += p.numel()


def look(unet, encoder, folder, step):
    from PIL import Image
    decoder = Decoder()
    if os.path.exists(f"{folder}/decoder.pt"):
        decoder.load_state_dict(torch.load(f"{folder}/decoder.pt"))
    with torch.autocast("cpu", torch.bfloat16), torch.no_grad():
        context = encoder(torch.tensor([tokens(c) for c in LOOK])[:, :READ + 1])
        empty = encoder(torch.tensor([tokens("")])[:, :READ + 1])
        pictures = decoder(sample(unet, context, empty, 128, 128, seed=step)).float().clamp(-1, 1)
    row = pictures.permute(2, 0, 3, 1).reshape(128, -1, 3)
    Image.fromarray(((row + 1) * 127.5).round().byte().numpy()).save(f"{folder}/look-{step}.png")


def main(folder: str, side: int, steps: int, start: str | None = None, highest_rate: float = 1e-3):
    distributed.init_process_group("gloo")
    rank, world = distributed.get_rank(), distributed.get_world_size()
    torch.set_num_threads(1)
    torch.manual_seed(5)
    unet = UNet()
    if start:
        unet.load_state_dict(torch.load(start))
    random.seed(side + rank)
    torch.manual_seed(side + rank)
    compiled = torch.compile(unet, dynamic=False)
    encoder = TextEncoder()
    smoothed = [p.detach().clone() for p in unet.parameters()]
    optimizer = torch.optim.AdamW(unet.parameters(), lr=highest_rate, betas=(0.9, 0.99), weight_decay=1e-3)
    begun, mean = time.time(), None
    for step in range(steps):
        rate = highest_rate * min(1, (step + 1) / WARM_UP) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        other = random.random() < OTHER
        height, width = (side * part // 4 for part in random.choice(OTHER_SHAPES)) if other else (side, side)
        n = min(64, PIXELS // (side * side))
        # compiled for the usual size: twice as fast
        loss = loss_of(compiled if height == width else unet, encoder, [scene() for _ in range(n)], height, width)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        if step % AVERAGE_EVERY == AVERAGE_EVERY - 1:
            average(unet)
        keep = min(EMA, (step + 1) / (step + 10))
        torch._foreach_lerp_(smoothed, [p.detach() for p in unet.parameters()], 1 - keep)
        mean = loss.item() if mean is None else 0.99 * mean + 0.01 * loss.item()
        if rank == 0 and step % 25 == 0:
            print(f"step {step} loss {mean:.4f} {time.time() - begun:.0f} s", flush=True)
        if rank == 0 and (step % 500 == 499 or step == steps - 1):
            trained = [p.detach().clone() for p in unet.parameters()]
            for p, s in zip(unet.parameters(), smoothed):
                p.data.copy_(s)
            torch.save(unet.state_dict(), f"{folder}/unet.pt")
            look(unet, encoder, folder, step + 1)
            for p, t in zip(unet.parameters(), trained):
                p.data.copy_(t)
    distributed.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:5], *map(float, sys.argv[5:6]))
