"""Golden values of the safety checker, for SafetyAgainstDiffusersTest.

python safety.py FIXTURES FOLDER reads the checkpoint safety-random-*.safetensors that java/testkit has written to FIXTURES, has
diffusers' StableDiffusionSafetyChecker look at a few pictures with it, and writes safety.json.
"""

import pathlib
import sys

import numpy
import torch
from diffusers.pipelines.stable_diffusion import safety_checker
from PIL import Image
from safetensors.torch import load_file
from transformers import CLIPConfig
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from golden import number, write
from parts import all_versions, checkpoint, sampled

EVERY_PIXEL, EVERY_NUMBER = 211, 7
NEWER = "vision_model.vision_model.", "vision_model."
# width, height, what all numbers are divided by, whether they are then taken from 255, which colours are left
PICTURES = ((512, 512, 1, False, "rgb"), (640, 256, 1, True, "rgb"), (333, 517, 4, False, "rgb"), (224, 224, 4, True, "rgb"),
            (300, 200, 1, False, "r"), (120, 72, 1, False, "rgb"))


def drawn_picture(width, height, divisor, inverted, colours):
    """A picture that every language draws the same: slopes, a parabola, and squares."""
    y, x = numpy.mgrid[0:height, 0:width]
    red, green, blue = (5 * x + 2 * y + width) % 256, (x * x + 3 * y) % 256, (x // 8 + y // 8) % 2 * 200 + 20
    picture = numpy.stack([red, green, blue], axis=-1) // divisor
    picture = 255 - picture if inverted else picture
    return (picture * [c in colours for c in "rgb"]).astype(numpy.uint8)


def load(path):
    """The checker with the sizes of CLIP ViT-L/14, in single precision from the file's half precision."""
    vision = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16,
              "image_size": 224, "patch_size": 14, "projection_dim": 768, "hidden_act": "quick_gelu"}
    config = CLIPConfig(vision_config=vision, projection_dim=768, attn_implementation="eager")
    model = safety_checker.StableDiffusionSafetyChecker(config)
    # transformers 5 has one of the two prefixes
    tensors = {k.replace(*NEWER): v.float() for k, v in load_file(path).items()}
    model.load_state_dict(tensors, strict=True)
    return model.eval()


def look(model, picture):
    """What the checker computes on its way, by listening to it: its embedding and, in their order, its rounded scores."""
    scores, embeddings = [], []

    def listening_round(value, digits):
        scores.append(round(value, digits))
        return scores[-1]

    safety_checker.round = listening_round
    hook = model.visual_projection.register_forward_hook(lambda module, given, answer: embeddings.append(answer[0]))
    pixels = CLIPImageProcessorPil()([Image.fromarray(picture)], return_tensors="pt").pixel_values
    shown, flagged = model(clip_input=pixels, images=picture[None].astype(numpy.float32) / 255)
    hook.remove()
    assert flagged[0] == (not shown.any())
    return pixels[0], embeddings[0], scores, flagged[0]


def case(model, width, height, divisor, inverted, colours):
    pixels, embedding, scores, flagged = look(model, drawn_picture(width, height, divisor, inverted, colours))
    return {"width": width, "height": height, "divisor": divisor, "inverted": inverted, "colours": colours, "nsfw": bool(flagged),
            "specialCare": [number(s) for s in scores[:3]], "concepts": [number(s) for s in scores[3:]],
            "pixels": sampled(pixels, EVERY_PIXEL), "embedding": sampled(embedding, EVERY_NUMBER)}


def main():
    fixtures, folder = map(pathlib.Path, sys.argv[1:3])
    torch.set_num_threads(1)
    path = checkpoint(fixtures, "safety-random")
    model = load(path)
    cases = [case(model, *picture) for picture in PICTURES]
    write(folder / "safety.json", {"versions": all_versions(), "checkpoint": path.name, "cases": cases})


if __name__ == "__main__":
    main()
