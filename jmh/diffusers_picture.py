"""One small picture by diffusers on the CPU, from the same file as the others: FILE PROMPT THREADS DTYPE OUT."""

import pathlib
import sys

import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionPipeline, UNet2DConditionModel
from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint, convert_ldm_vae_checkpoint
from safetensors.torch import load_file
from transformers import CLIPTextConfig, CLIPTextModel

sys.path.append(str(pathlib.Path(__file__).parent.parent / "java" / "verification"))
from checkpoint import TEXT_PREFIX, tokenizer, widths  # noqa: E402

file, prompt, threads, dtype, out = sys.argv[1:]
torch.set_num_threads(int(threads))
tensors = load_file(file)


def filled(model, own):
    """The tensors become the weights: no second copy beside them, but for the conversion to another type."""
    own = {name: tensor.to(getattr(torch, dtype)) for name, tensor in own.items()}
    model.load_state_dict(own, strict=False, assign=True)
    return model.eval()


with torch.device("meta"):
    text = CLIPTextModel(CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12,
                                        projection_dim=768, hidden_act="quick_gelu"))
    width = tensors["model.diffusion_model.input_blocks.0.0.weight"].shape[0]
    unet = UNet2DConditionModel(block_out_channels=widths(width), cross_attention_dim=768, attention_head_dim=8,
                                down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
                                up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3)
    vae = AutoencoderKL(block_out_channels=widths(tensors["first_stage_model.decoder.norm_out.weight"].shape[0]), latent_channels=4,
                        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4, layers_per_block=2)
filled(text, {k[len(TEXT_PREFIX):]: v for k, v in tensors.items() if k.startswith(TEXT_PREFIX) and "position_ids" not in k})
filled(unet, convert_ldm_unet_checkpoint(dict(tensors), unet.config))
filled(vae, convert_ldm_vae_checkpoint(dict(tensors), vae.config))
for module in text.modules():  # a buffer that no file holds
    if hasattr(module, "position_ids"):
        module.position_ids = torch.arange(77).expand(1, -1)
del tensors

words = tokenizer()
words.model_max_length = 77
pipeline = StableDiffusionPipeline(vae=vae, text_encoder=text, tokenizer=words, unet=unet,
                                   scheduler=EulerDiscreteScheduler(beta_schedule="scaled_linear", beta_start=0.00085,
                                                                    beta_end=0.012, steps_offset=1),
                                   safety_checker=None, feature_extractor=None, requires_safety_checker=False)
pipeline.set_progress_bar_config(disable=True)
pipeline(prompt, width=64, height=64, num_inference_steps=2).images[0].save(out)
