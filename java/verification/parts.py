"""Golden values of a model's parts, for the tests of io.github.sdcpp4j.components.

python parts.py FIXTURES FOLDER reads the checkpoints sd1-random-*.safetensors and sd1-small-*.safetensors that java/testkit has
written to FIXTURES, has diffusers and transformers compute with them, and writes JSON and PNG files.
"""

import importlib.metadata
import pathlib
import sys

import diffusers
import numpy
import torch
from PIL import Image

from checkpoint import CHUNK, Model, tokenizer
from golden import STABLE_DIFFUSION_1, numbers, randn, versions, write

LONG = ", ".join(f"{colour} {animal}" for colour in ("red", "green", "blue", "violet", "golden")
                 for animal in ("cat", "dog", "bird", "unicorn", "hippopotamus"))
# Texts with the weights that the round and square brackets of AUTOMATIC1111's web UI stand for; None begins a chunk.
PROMPTS = {
    "": [],
    "a red cat on a mat, oil painting": [("a red cat on a mat, oil painting", 1)],
    "A (red:1.3) cat [on a mat], ((oil)) painting": [
        ("A ", 1), ("red", 1.3), (" cat ", 1), ("on a mat", 1 / 1.1), (", ", 1), ("oil", 1.1 * 1.1), (" painting", 1)],
    "I don't panic: 42 towels, 3.14... they've said it's fine!?": [
        ("I don't panic: 42 towels, 3.14... they've said it's fine!?", 1)],
    "  Antidisestablishmentarianism \t IN\nUPPER case ": [("Antidisestablishmentarianism IN UPPER case", 1)],
    LONG: [(LONG, 1)],
    LONG + ", (a storm:0.6)": [(LONG + ", ", 1), ("a storm", 0.6)],
    "sun and (moon) BREAK (sea:1.25)": [("sun and ", 1), ("moon", 1.1), None, ("sea", 1.25)],
}
ENCODED = list(PROMPTS)[1:3] + list(PROMPTS)[-2:]
PROMPT = list(PROMPTS)[1]
WIDTH, HEIGHT = 128, 64
SHAPE = (1, 4, HEIGHT // 8, WIDTH // 8)
EVERY_TEXT, EVERY_PIXEL = 61, 7
LATENTS_SEED, CONTEXT_SEED, LOOP_SEED = 3, 5, 11
TIMESTEPS = (1, 250, 499.25, 500, 981)
STEPS, GUIDANCE = 20, 7


def all_versions():
    packages = ("transformers", "tokenizers", "open_clip_torch")
    return versions() | {p: importlib.metadata.version(p) for p in packages}


def checkpoint(folder, name):
    files = list(folder.glob(name + "-*.safetensors"))
    if len(files) != 1:
        raise SystemExit(f"one file {name}-*.safetensors is needed in {folder}, not {len(files)}")
    return files[0]


def chunks_of(parts, clip):
    chunks = [[]]
    for part in parts:
        if part is None:
            chunks.append([])
            continue
        text, weight = part
        for i in clip(text, add_special_tokens=False).input_ids:
            if len(chunks[-1]) == CHUNK:
                chunks.append([])
            chunks[-1].append((i, weight))
    return chunks


def token_cases(chunked):
    return [{"prompt": prompt, "chunks": [[i for i, _ in c] for c in chunks], "weights": [[w for _, w in c] for c in chunks]}
            for prompt, chunks in chunked.items()]


def sampled(tensor, every):
    flat = tensor.flatten()
    return {"shape": list(tensor.shape), "every": every, "norm": flat.double().norm().item(), "values": numbers(flat[::every])}


def text_cases(model, chunked):
    return [{"prompt": prompt, "clipSkip": skip} | sampled(model.encode_text(chunked[prompt], skip), EVERY_TEXT)
            for prompt in ENCODED for skip in (1, 2)]


def drawn_picture():
    """A picture that every language draws the same: slopes, a parabola, and squares."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    red, green, blue = (5 * x + 2 * y) % 256, (x * x + 3 * y) % 256, (x // 8 + y // 8) % 2 * 200 + 20
    return torch.from_numpy(numpy.stack([red, green, blue]))


def vae_cases(model):
    mean, deviation = model.encode_image(drawn_picture())
    decoded = model.decode_latents(randn(LATENTS_SEED, SHAPE))
    return [{"part": "mean"} | sampled(mean, 1), {"part": "deviation"} | sampled(deviation, 1),
            {"part": "decoded", "seed": LATENTS_SEED} | sampled(decoded, EVERY_PIXEL)]


def unet_cases(model, chunked):
    latents = randn(LATENTS_SEED, SHAPE)
    drawn = randn(CONTEXT_SEED, (1, 77, 768))
    cases = [{"timestep": t, "prompt": "", "contextSeed": CONTEXT_SEED, "seed": LATENTS_SEED}
             | sampled(model.predict_noise(latents, t, drawn), 1) for t in TIMESTEPS]
    for prompt in (PROMPT, ENCODED[2]):
        context = model.encode_text(chunked[prompt], 1)
        cases += [{"timestep": t, "prompt": prompt, "contextSeed": 0, "seed": LATENTS_SEED}
                  | sampled(model.predict_noise(latents, t, context), 1) for t in (1, 981)]
    return cases


def loop(model, chunked, scheduler):
    prompt, nothing = (model.encode_text(chunked[p], 1) for p in (PROMPT, ""))
    scheduler.set_timesteps(STEPS)
    latents = randn(LOOP_SEED, SHAPE) * scheduler.init_noise_sigma
    for t in scheduler.timesteps:
        scaled = scheduler.scale_model_input(latents, t)
        without, with_prompt = (model.predict_noise(scaled, t, c) for c in (nothing, prompt))
        latents = scheduler.step(without + GUIDANCE * (with_prompt - without), t, latents).prev_sample
    return latents


def loop_cases(model, chunked, folder):
    cases = []
    for file, name in (("loop-ddim.png", "DDIMScheduler"), ("loop-euler.png", "EulerDiscreteScheduler")):
        latents = loop(model, chunked, getattr(diffusers, name).from_config(STABLE_DIFFUSION_1))
        picture = (model.decode_latents(latents) * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()
        Image.fromarray(picture).save(folder / file, optimize=True)
        print(file, (folder / file).stat().st_size)
        cases.append({"scheduler": name, "picture": file, "prompt": PROMPT, "steps": STEPS, "guidance": GUIDANCE, "seed": LOOP_SEED}
                     | sampled(latents, 1))
    return cases


def main():
    fixtures, folder = map(pathlib.Path, sys.argv[1:3])
    torch.set_num_threads(1)
    clip = tokenizer()
    chunked = {prompt: chunks_of(parts, clip) for prompt, parts in PROMPTS.items()}
    write(folder / "tokens.json", {"versions": all_versions(), "cases": token_cases(chunked)})
    path = checkpoint(fixtures, "sd1-random")
    model = Model(path)
    head = {"versions": all_versions(), "checkpoint": path.name}
    write(folder / "text-encoder.json", head | {"cases": text_cases(model, chunked)})
    write(folder / "vae.json", head | {"cases": vae_cases(model)})
    write(folder / "unet.json", head | {"cases": unet_cases(model, chunked)})
    path = checkpoint(fixtures, "sd1-small")
    write(folder / "loop.json", head | {"checkpoint": path.name, "cases": loop_cases(Model(path), chunked, folder)})


if __name__ == "__main__":
    main()
