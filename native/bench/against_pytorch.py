"""The CPU backends and PyTorch, one after the other in the same run, on the same checkpoints: tables for native/BENCH.md.

    python against_pytorch.py --bench PROGRAM --model FILE... [--size 256 512] [--threads 2] [--rounds 3] [--busy]

It needs what java/verification/requirements.txt names. FILE: SD 1.x, as java/testkit writes them. --busy keeps one processor
occupied meanwhile. Times are medians in seconds; the first call of each meets cold memory and is not in them. GFLOP/s are those of
products and convolutions (PyTorch's count), beside what PyTorch reaches in one large product of matrices.
"""

import argparse
import multiprocessing
import pathlib
import re
import statistics
import subprocess
import sys
import time

import torch
from torch.utils.flop_counter import FlopCounterMode

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "java" / "verification"))
from checkpoint import Model  # noqa: E402

BACKENDS = ("cpu", "fastcpu-f32", "fastcpu-bf16")
DTYPES = {"PyTorch f32": torch.float32, "PyTorch bf16": torch.bfloat16}
PARTS = {"text": "text encoder, 77 tokens", "unet": "UNet, a step with guidance", "vae": "VAE, decoding"}
COLUMNS = ("cpu", "fastcpu-f32", "PyTorch f32", "fastcpu-bf16", "PyTorch bf16")


def by_backends(options, file, size):
    """Seconds by part and backend. The runtime evaluates the UNet twice for a step with guidance."""
    command = [options.bench, "backends", "--model", file, "--threads", str(options.threads), "--size", str(size),
               "--rounds", str(options.rounds), *BACKENDS]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(told, file=sys.stderr)
    lines = re.findall(r"^(\w+) +\d+ (\S+) +first +([\d.]+) s +wall +([\d.]+) s", told, re.M)
    return {(part, backend): float(wall) * (2 if part == "unet" else 1) for part, backend, _, wall in lines}


def by_pytorch(options, model, size):
    """The same by PyTorch, which evaluates both halves of a guided step in one batch, and how many operations a part is."""
    taken = {}
    operations = {}
    for name, dtype in DTYPES.items():
        text, unet, vae = (part.to(dtype) for part in (model.text, model.unet, model.vae))
        tokens = torch.randint(0, 49405, (1, 77))
        latents = torch.randn(2, 4, size // 8, size // 8, dtype=dtype)
        condition = torch.randn(2, 77, 768, dtype=dtype)
        step = torch.tensor(500)
        calls = {"text": lambda: text(tokens), "unet": lambda: unet(latents, step, condition),
                 "vae": lambda: vae.decode(latents[:1])}
        for part, call in calls.items():
            with FlopCounterMode(display=False) as counter:
                call()
            operations[part] = counter.get_total_flops()
            taken[part, name] = median_time(call, options.rounds)
    return taken, operations


def median_time(call, rounds):
    samples = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        samples.append(time.perf_counter() - start)
    return statistics.median(samples)


def large_product(dtype):
    """GFLOP/s of what PyTorch is best at."""
    side = 3072
    a, b = torch.randn(2, side, side).to(dtype)
    a @ b
    return 2 * side**3 / median_time(lambda: a @ b, 5) / 1e9


def spin():
    while True:
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--model", nargs="+", required=True)
    parser.add_argument("--size", nargs="+", type=int, default=[256])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--busy", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    if options.busy:
        multiprocessing.Process(target=spin, daemon=True).start()
    print(f"PyTorch {torch.__version__}, {options.threads} threads, {options.rounds} rounds{', one busy process beside it' if options.busy else ''}\n")
    heading = f"| {' | '.join(COLUMNS)} |\n|---|{'---:|' * len(COLUMNS)}"
    seconds = [f"| seconds {heading}"]
    peaks = " | ".join(f"{large_product(DTYPES[column]):.0f}" if column in DTYPES else "" for column in COLUMNS)
    rates = [f"| GFLOP/s {heading}", f"| a product of 3072x3072 | {peaks} |"]
    for file in options.model:
        model = Model(file)
        width = model.unet.config.block_out_channels[0]
        for size in options.size:
            taken = by_backends(options, file, size)
            pytorchs, operations = by_pytorch(options, model, size)
            taken |= pytorchs
            for part, label in PARTS.items():
                row = f"| UNet {width} wide, {size}x{size}: {label} |"
                seconds.append(f"{row} {' | '.join(f'{taken[part, column]:.3f}' for column in COLUMNS)} |")
                rates.append(f"{row} {' | '.join(f'{operations[part] / taken[part, column] / 1e9:.0f}' for column in COLUMNS)} |")
    print("\n".join(seconds), "\n".join(rates), sep="\n\n")


if __name__ == "__main__":
    main()
