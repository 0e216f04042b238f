"""Trains the VAE's decoder: python train_decoder.py OUTPUT [STEPS]"""

import random
import sys
import time

import torch
from torch.nn import functional as F

from scenes import draw, scene
from vae import Decoder, encode

BATCH, SIDE, LATENT_NOISE = 24, 64, 0.06


def main(output: str, steps: int):
    random.seed(11)
    torch.manual_seed(11)
    torch.set_num_threads(1)
    decoder = Decoder().to(memory_format=torch.channels_last)
    print(sum(p.numel() for p in decoder.parameters()), "parameters")
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=1e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps, pct_start=0.05)
    begun, smooth = time.time(), None
    for step in range(steps):
        # a picture of twice the side, so that shapes of every size show in the crop
        whole = draw([scene() for _ in range(BATCH)], 2 * SIDE, 2 * SIDE)
        top, left = (random.randrange(0, SIDE // 8 + 1) * 8 for _ in range(2))
        pictures = whole[:, :, top:top + SIDE, left:left + SIDE].contiguous(memory_format=torch.channels_last)
        latents = encode(pictures)
        latents = latents + torch.randn_like(latents) * LATENT_NOISE * torch.rand(BATCH, 1, 1, 1)
        with torch.autocast("cpu", torch.bfloat16, enabled=step < steps * 0.9):
            painted = decoder(latents).float()
        loss = F.l1_loss(painted, pictures) + F.mse_loss(painted, pictures)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        smooth = loss.item() if smooth is None else 0.98 * smooth + 0.02 * loss.item()
        if step % 50 == 0 or step == steps - 1:
            print(f"step {step} loss {smooth:.4f} {time.time() - begun:.0f} s", flush=True)
            torch.save(decoder.state_dict(), output)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2500)
