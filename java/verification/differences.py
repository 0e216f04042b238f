"""What it costs to compute a model's parts in another way: what stable-diffusion.cpp does, and mistakes that one might make.

python differences.py FIXTURES prints, for the checkpoint sd1-random-*.safetensors in FIXTURES, one minus the cosine, and the largest
difference as a share of the largest number, against diffusers as it is.
"""

import pathlib
import sys

import torch
from diffusers.models.activations import GEGLU
from diffusers.models.downsampling import Downsample2D

from checkpoint import Model, tokenizer
from golden import randn
from parts import CONTEXT_SEED, LATENTS_SEED, PROMPT, PROMPTS, SHAPE, checkpoint, chunks_of, drawn_picture


def results(model, chunks):
    latents = randn(LATENTS_SEED, SHAPE)
    context = randn(CONTEXT_SEED, (1, 77, 768))
    return {
        "text, clip skip 1": model.encode_text(chunks, 1),
        "text, clip skip 2": model.encode_text(chunks, 2),
        "encode": model.encode_image(drawn_picture())[0],
        "decode": model.decode_latents(latents) - 0.5,
        "UNet, t = 1": model.predict_noise(latents, 1, context),
        "UNet, t = 981": model.predict_noise(latents, 981, context),
    }


def modules(model, kind):
    return [m for part in (model.text, model.unet, model.vae) for m in part.modules() if isinstance(m, kind)]


def half_precision_inputs(model):
    """ggml multiplies weights of half precision by inputs of half precision, convolutions (im2col) included; sums are single."""
    for module in modules(model, (torch.nn.Conv2d, torch.nn.Linear)):
        module.register_forward_pre_hook(lambda _, args: (args[0].half().float(), *args[1:]))


def gelu_by_tanh(model):
    for module in modules(model, GEGLU):
        module.gelu = lambda gate: torch.nn.functional.gelu(gate, approximate="tanh")


def group_norm_epsilon(epsilon):
    def change(model):
        for module in modules(model, torch.nn.GroupNorm):
            module.eps = epsilon
    return change


def as_the_runtime(model):
    half_precision_inputs(model)
    gelu_by_tanh(model)
    group_norm_epsilon(1e-6)(model)


def text_gelu(model):
    for layer in model.text.encoder.layers:
        layer.mlp.activation_fn = torch.nn.GELU()


def no_causal_mask(model):
    for layer in model.text.encoder.layers:
        layer.self_attn.register_forward_pre_hook(lambda _, args, kwargs: (args, kwargs | {"attention_mask": None}), with_kwargs=True)


def no_final_norm(model):
    model.text.final_layer_norm = torch.nn.Identity()


def four_heads(model):
    for module in model.unet.modules():
        if hasattr(module, "heads"):
            module.heads = 4


def sine_first(model):
    model.unet.time_proj.flip_sin_to_cos = False


def even_padding(model):
    for module in model.vae.encoder.modules():
        if isinstance(module, Downsample2D):
            module.padding = 1
            module.conv.padding = (1, 1)


def no_vae_attention(model):
    for part in (model.vae.encoder, model.vae.decoder):
        part.mid_block.attentions[0].to_v.weight.data.zero_()


def one_bias_lost(model):
    model.unet.mid_block.resnets[0].conv1.bias.data.zero_()
    model.vae.encoder.mid_block.resnets[0].conv1.bias.data.zero_()
    model.vae.decoder.mid_block.resnets[0].conv1.bias.data.zero_()
    model.text.encoder.layers[5].mlp.fc1.bias.data.zero_()


CHANGES = {
    "half precision inputs": half_precision_inputs,
    "GELU by tanh": gelu_by_tanh,
    "epsilon 1e-6 in every GroupNorm": group_norm_epsilon(1e-6),
    "the three above": as_the_runtime,
    "epsilon 1e-3 in every GroupNorm": group_norm_epsilon(1e-3),
    "GELU in the text encoder": text_gelu,
    "no causal mask": no_causal_mask,
    "no final layer norm": no_final_norm,
    "4 heads in the UNet": four_heads,
    "sine before cosine": sine_first,
    "even padding in the VAE": even_padding,
    "no attention in the VAE": no_vae_attention,
    "one bias lost": one_bias_lost,
}


def main():
    torch.set_num_threads(1)
    path = checkpoint(pathlib.Path(sys.argv[1]), "sd1-random")
    chunks = chunks_of(PROMPTS[PROMPT], tokenizer())
    expected = results(Model(path), chunks)
    for name, change in CHANGES.items():
        model = Model(path)
        change(model)
        print(name)
        for part, actual in results(model, chunks).items():
            a, b = actual.flatten().double(), expected[part].flatten().double()
            cosine = (a @ b / (a.norm() * b.norm())).item()
            largest = ((a - b).abs().max() / b.abs().max()).item()
            if largest > 0:
                print(f"  {part:18} {1 - cosine:8.1e} {largest:8.1e}")


if __name__ == "__main__":
    main()
