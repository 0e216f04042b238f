"""The modules of diffusers and transformers, filled from a Stable Diffusion 1.x checkpoint in CompVis' naming. Single precision."""

import gzip
import importlib.util
import pathlib

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders.single_file_utils import (
    convert_ldm_unet_checkpoint,
    convert_ldm_vae_checkpoint,
)
from diffusers.models.autoencoders.vae import Decoder
from safetensors.torch import load_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer
from transformers.convert_slow_tokenizer import bytes_to_unicode

TEXT_PREFIX = "cond_stage_model.transformer.text_model."
MULTIPLIERS = (1, 2, 4, 4)
LATENT_FACTOR = 0.18215
CHUNK = 75
START, END = 49406, 49407


def widths(first):
    return tuple(first * m for m in MULTIPLIERS)


def tokenizer():
    """CLIP's tokenizer, with the merges of the file that open_clip_torch carries, in OpenAI's order of the vocabulary."""
    folder = pathlib.Path(importlib.util.find_spec("open_clip").origin).parent
    lines = gzip.open(folder / "bpe_simple_vocab_16e6.txt.gz", "rt", encoding="utf-8").read().split("\n")
    merges = [tuple(line.split()) for line in lines[1:49152 - 256 - 2 + 1]]
    letters = list(bytes_to_unicode().values())
    words = letters + [c + "</w>" for c in letters] + ["".join(m) for m in merges] + ["<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={word: i for i, word in enumerate(words)}, merges=merges)


class Model:
    """Text encoder, UNet and VAE of one file."""

    def __init__(self, path):
        self.tensors = {k: v.float() if v.is_floating_point() else v for k, v in load_file(path).items()}
        self.text = self._text()
        self.unet = self._unet()
        self.vae = self._vae()

    def _text(self):
        config = CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12,
                                projection_dim=768, hidden_act="quick_gelu", attn_implementation="eager")
        model = CLIPTextModel(config)
        own = {k[len(TEXT_PREFIX):]: v for k, v in self.tensors.items()
               if k.startswith(TEXT_PREFIX) and not k.endswith("position_ids")}
        model.load_state_dict(own, strict=True)
        return model.eval()

    def _unet(self):
        width = self.tensors["model.diffusion_model.input_blocks.0.0.weight"].shape[0]
        model = UNet2DConditionModel(
            block_out_channels=widths(width), cross_attention_dim=768, attention_head_dim=8,
            down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
            up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3)
        model.load_state_dict(convert_ldm_unet_checkpoint(self.tensors, model.config), strict=True)
        return model.eval()

    def _vae(self):
        encoder = widths(self.tensors["first_stage_model.encoder.conv_in.weight"].shape[0])
        decoder = widths(self.tensors["first_stage_model.decoder.norm_out.weight"].shape[0])
        model = AutoencoderKL(block_out_channels=encoder, latent_channels=4,
                              down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
                              layers_per_block=2)
        # diffusers' autoencoder has one width; these files' decoder has its own
        model.decoder = Decoder(in_channels=4, out_channels=3, up_block_types=("UpDecoderBlock2D",) * 4,
                                block_out_channels=decoder, layers_per_block=2)
        model.load_state_dict(convert_ldm_vae_checkpoint(self.tensors, model.config), strict=True)
        return model.eval()

    @torch.no_grad()
    def encode_text(self, chunks, clip_skip):
        """Chunks are lists of (id, weight). Layers are counted as in AUTOMATIC1111's web UI: 1 is the last one."""
        results = []
        for chunk in chunks:
            padding = CHUNK + 1 - len(chunk)
            ids = torch.tensor([[START] + [i for i, _ in chunk] + [END] * padding])
            weights = torch.tensor([1.0] + [w for _, w in chunk] + [1.0] * padding)
            hidden = self.text(input_ids=ids, output_hidden_states=True).hidden_states[-clip_skip]
            hidden = self.text.final_layer_norm(hidden)
            if (weights != 1).any():
                # AUTOMATIC1111's: weigh the tokens, then give the chunk its old mean
                weighed = hidden * weights[None, :, None]
                hidden = weighed * (hidden.mean() / weighed.mean())
            results.append(hidden)
        return torch.cat(results, dim=1)

    @torch.no_grad()
    def predict_noise(self, latents, timestep, context):
        return self.unet(latents, timestep, encoder_hidden_states=context).sample

    @torch.no_grad()
    def encode_image(self, picture):
        """Mean and standard deviation of the scaled latents; the picture is 3 x height x width, 0 to 255."""
        distribution = self.vae.encode(picture[None].float() / 127.5 - 1).latent_dist
        return distribution.mean * LATENT_FACTOR, distribution.std * LATENT_FACTOR

    @torch.no_grad()
    def decode_latents(self, latents):
        """3 x height x width, 0 to 1."""
        return (self.vae.decode(latents / LATENT_FACTOR).sample[0] / 2 + 0.5).clamp(0, 1)
