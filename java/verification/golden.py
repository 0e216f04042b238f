"""Golden values of diffusers' schedulers and of torch.randn, for the tests of io.github.sdcpp4j.schedulers.

python golden.py FOLDER writes one JSON file for each scheduler and one for the random numbers.
"""

import json
import pathlib
import platform
import sys

import diffusers
import numpy
import scipy
import torch

# The scheduler configuration that Stable Diffusion 1.x checkpoints come with in diffusers' layout.
STABLE_DIFFUSION_1 = {
    "_class_name": "PNDMScheduler",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
    "trained_betas": None,
    "clip_sample": False,
}
SHAPE = (1, 4, 8, 8)
STEPS = (10, 20, 50)
PROBES = (0, 139)
KEPT = slice(0, 256, 9)


def versions():
    return {
        "torch": torch.__version__.split("+")[0],
        "diffusers": diffusers.__version__,
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "cpu": torch.backends.cpu.get_cpu_capability(),
        "machine": platform.machine(),
    }


def randn(seed, shape=SHAPE):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def model(sample, timestep):
    """The fake model: in double precision, so that every language computes the same float."""
    return (torch.tanh(sample.double() * 0.7 + float(timestep) / 1000) * 0.9).float()


def number(value):
    """The shortest text that is this float and no other."""
    text = str(numpy.float32(value))
    return float(text) if "." in text or "e" in text else int(text)


def numbers(tensor):
    return [number(v) for v in tensor.flatten()]


def trajectory(scheduler, steps, extra, start=0):
    step_arguments = dict(extra)
    if step_arguments.pop("noise", False):
        step_arguments["generator"] = torch.Generator().manual_seed(7)
    timesteps = scheduler.timesteps[start:]
    if start:
        sample = scheduler.add_noise(randn(1), randn(2), timesteps[:1])
    else:
        sample = randn(1) * scheduler.init_noise_sigma
        if hasattr(scheduler, "set_begin_index"):
            # Otherwise a first timestep that stands twice, as with Karras sigmas and cosine betas, skips one.
            scheduler.set_begin_index(0)
    probes = []
    for t in timesteps:
        output = model(scheduler.scale_model_input(sample, t), t)
        result = scheduler.step(output, t, sample, **step_arguments)
        sample = result.prev_sample
        probes.append([number(sample.flatten()[i]) for i in PROBES])
    values = {
        "probes": probes,
        "final": numbers(sample.flatten()[KEPT]),
    }
    if getattr(result, "pred_original_sample", None) is not None:
        values["original"] = numbers(result.pred_original_sample.flatten()[KEPT])
    return values


def case(name, config, steps, extra, start=0, karras_of=None):
    scheduler = getattr(diffusers, name).from_config(STABLE_DIFFUSION_1, **config)
    scheduler.set_timesteps(steps)
    if karras_of is not None:
        # diffusers' ancestral Euler knows no Karras sigmas; it takes those of its Euler.
        karras_of.set_timesteps(steps)
        scheduler.sigmas = karras_of.sigmas
        scheduler.timesteps = karras_of.timesteps
    values = {
        "stableDiffusion1": not config and not extra.get("eta") and karras_of is None,
        "steps": steps,
        "prediction": scheduler.config.prediction_type,
        "spacing": scheduler.config.timestep_spacing,
        "stepsOffset": scheduler.config.steps_offset,
        "betas": scheduler.config.beta_schedule,
        "karras": bool(scheduler.config.get("use_karras_sigmas", False)) or karras_of is not None,
        "clip": bool(scheduler.config.clip_sample),
        "alphaToOne": bool(scheduler.config.set_alpha_to_one),
        "skipPrk": bool(scheduler.config.skip_prk_steps),
        "eta": extra.get("eta", 0.0),
        "start": start,
        "timesteps": numbers(scheduler.timesteps),
        "initNoiseSigma": number(scheduler.init_noise_sigma),
    }
    if hasattr(scheduler, "sigmas"):
        values["sigmas"] = numbers(scheduler.sigmas)
    values.update(trajectory(scheduler, steps, extra, start))
    return values


def configurations(spacings, karras):
    """Stable Diffusion 1.x as it is, then what differs from it."""
    result = [{"prediction_type": p, "timestep_spacing": s} for s in spacings for p in ("epsilon", "v_prediction")]
    if karras:
        result += [dict(c, use_karras_sigmas=True) for c in result]
    return result


def scheduler_cases(name):
    spacings = ("leading", "linspace", "trailing")
    if name in ("LMSDiscreteScheduler", "EulerDiscreteScheduler", "DPMSolverMultistepScheduler"):
        cases = [case(name, {}, n, {}) for n in STEPS]
        cases += [case(name, c, n, {}) for c in configurations(spacings, True) for n in STEPS]
        cases += [case(name, {"prediction_type": "sample"}, 10, {})]
        cases += [case(name, {"beta_schedule": b}, 10, {}) for b in ("linear", "squaredcos_cap_v2")]
        cases += [case(name, {"use_karras_sigmas": True, "beta_schedule": "squaredcos_cap_v2"}, 10, {})]
        if name != "LMSDiscreteScheduler":
            cases += [case(name, {}, 20, {}, start=8)]
    elif name == "EulerAncestralDiscreteScheduler":
        cases = [case(name, {}, n, {"noise": True}) for n in STEPS]
        cases += [case(name, c, n, {"noise": True}) for c in configurations(spacings, False) for n in STEPS]
        euler = diffusers.EulerDiscreteScheduler.from_config(STABLE_DIFFUSION_1, use_karras_sigmas=True)
        cases += [case(name, {}, n, {"noise": True}, karras_of=euler) for n in STEPS]
    elif name == "PNDMScheduler":
        cases = [case(name, {}, n, {}) for n in STEPS]
        cases += [case(name, dict(c, skip_prk_steps=s), n, {})
                  for c in configurations(spacings, False) for s in (True, False) for n in STEPS]
        cases += [case(name, {"set_alpha_to_one": True}, 10, {})]
    else:
        extra = {"noise": True} if name == "DDPMScheduler" else {}
        cases = [case(name, {}, n, extra) for n in STEPS]
        cases += [case(name, c, n, extra) for c in configurations(spacings, False) for n in STEPS]
        cases += [case(name, {"prediction_type": "sample"}, 10, extra)]
        cases += [case(name, {"clip_sample": True, "beta_schedule": b}, 10, extra) for b in ("linear", "squaredcos_cap_v2")]
        cases += [case(name, {}, 20, extra, start=8)]
        if name == "DDIMScheduler":
            cases += [case(name, {"set_alpha_to_one": True}, 10, {})]
            cases += [case(name, {"prediction_type": p}, n, {"eta": e, "noise": True})
                      for p in ("epsilon", "v_prediction") for e in (0.3, 1.0) for n in STEPS]
    return cases


def add_noise_cases(name):
    """Noise added at the first, a middle and the last timestep of 20 steps, without and with Karras sigmas."""
    cases = []
    sigma_based = name in ("LMSDiscreteScheduler", "EulerDiscreteScheduler", "DPMSolverMultistepScheduler")
    for karras in (False, True) if sigma_based else (False,):
        scheduler = getattr(diffusers, name).from_config(STABLE_DIFFUSION_1, use_karras_sigmas=karras)
        scheduler.set_timesteps(20)
        for index in (0, 9, 19):
            t = scheduler.timesteps[index]
            noisy = scheduler.add_noise(randn(1), randn(2), t[None])
            cases.append({"karras": karras, "index": index, "values": numbers(noisy.flatten()[KEPT])})
    return cases


def schedule_cases():
    cases = []
    for betas in ("linear", "scaled_linear", "squaredcos_cap_v2"):
        scheduler = diffusers.DDPMScheduler.from_config(STABLE_DIFFUSION_1, beta_schedule=betas)
        for name, values in (("betas", scheduler.betas), ("alphasCumprod", scheduler.alphas_cumprod)):
            cases.append({"betas": betas, "what": name, "every": 37, "sum": values.double().sum().item(),
                          "values": numbers(values[::37])})
    return cases


def randn_cases():
    cases = []
    for seed in (0, 1, 42, 1234567890, 2 ** 32 + 5, 2 ** 63 - 1):
        for size in (1, 2, 15, 16, 17, 64, 100, 16384):
            values = randn(seed, (size,))
            ends = values if size <= 17 else torch.cat([values[:8], values[-18:]])
            cases.append({"seed": seed, "size": size, "values": numbers(ends),
                          "sum": values.double().sum().item(),
                          "weighted": (values.double() * torch.arange(1, size + 1).double() / size).sum().item()})
    return cases


def sequence_cases():
    """Calls of several sizes on one generator: the one that is kept of a pair goes to the next small call."""
    cases = []
    for sizes in ((1, 1, 1), (3, 20, 1, 1), (16, 5, 64, 2, 17), (7, 7, 7), (700, 3, 700)):
        generator = torch.Generator().manual_seed(99)
        calls = [torch.randn(n, generator=generator) for n in sizes]
        cases.append({"seed": 99, "sizes": sizes, "last": [numbers(c[-3:]) for c in calls]})
    return cases


def write(path, content):
    lines = []
    for key, value in content.items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(v, separators=(",", ":")) for v in value)
            lines.append(f"{json.dumps(key)}:[\n{rows}]")
        else:
            lines.append(f"{json.dumps(key)}:{json.dumps(value)}")
    path.write_text("{" + ",\n".join(lines) + "}\n")
    print(path.name, path.stat().st_size)


def main():
    folder = pathlib.Path(sys.argv[1])
    torch.set_num_threads(1)
    schedulers = {
        "ddpm": "DDPMScheduler",
        "ddim": "DDIMScheduler",
        "pndm": "PNDMScheduler",
        "lms": "LMSDiscreteScheduler",
        "euler": "EulerDiscreteScheduler",
        "euler-ancestral": "EulerAncestralDiscreteScheduler",
        "dpm-multistep": "DPMSolverMultistepScheduler",
    }
    for file, name in schedulers.items():
        write(folder / f"{file}.json", {"versions": versions(), "scheduler": name,
                                        "cases": scheduler_cases(name), "addNoise": add_noise_cases(name)})
    write(folder / "schedule.json", {"versions": versions(), "cases": schedule_cases()})
    write(folder / "randn.json", {"versions": versions(), "cases": randn_cases(), "sequences": sequence_cases()})


if __name__ == "__main__":
    main()
