"""Pictures drawn by code, with their captions: shapes with smooth edges, from signed distances."""

import math
import random
import re
from dataclasses import dataclass

import torch

COLORS = {
    "red": (220, 30, 30), "orange": (250, 140, 10), "yellow": (250, 225, 40), "green": (20, 150, 50),
    "blue": (30, 70, 220), "purple": (140, 40, 170), "white": (250, 250, 250), "black": (15, 15, 15),
}
SHAPES = ("circle", "square", "triangle", "star", "cross")
SIZES = {"small": (0.13, 0.18), "": (0.22, 0.30), "large": (0.34, 0.40)}
PLACES = {
    "": (0.5, 0.5), "in the center": (0.5, 0.5), "on the left": (0.27, 0.5), "on the right": (0.73, 0.5), "at the top": (0.5, 0.27), "at the bottom": (0.5, 0.73),
    "in the top left": (0.27, 0.27), "in the top right": (0.73, 0.27), "in the bottom left": (0.27, 0.73), "in the bottom right": (0.73, 0.73),
}


@dataclass
class Thing:
    shape: str
    color: str
    x: float       # centre, as a share of the picture's width and height
    y: float
    radius: float  # as a share of the shorter side


@dataclass
class Scene:
    things: list[Thing]
    background: str
    caption: str


def jitter(value: float, by: float) -> float:
    return value + random.uniform(-by, by)


def one_thing() -> Scene:
    # circles and stars are the hardest to get right
    shape = random.choices(SHAPES, weights=(3, 2, 2, 3, 2))[0]
    color, background = random.sample(list(COLORS), 2)
    place = random.choice(list(PLACES)) if random.random() < 0.45 else ""
    size = random.choice(list(SIZES)) if random.random() < 0.5 else ""
    radius = random.uniform(*SIZES[size])
    x, y = PLACES[place]
    loose = 0.10 if not place else 0.03
    room = radius + 0.03
    thing = Thing(shape, color, min(max(jitter(x, loose), room), 1 - room), min(max(jitter(y, loose), room), 1 - room), radius)
    word = random.choice(("large", "big")) if size == "large" else size
    return Scene([thing], background, one_caption(shape, color, background, word, place))


def one_caption(shape: str, color: str, background: str, size: str, place: str) -> str:
    sized = f"{size} {color}" if size else color
    at = f" {place}" if place else ""
    if random.random() < 0.06 and not at:
        return random.choice((f"a {sized} {shape}", f"{sized} {shape}", f"a {shape} on a {background} background",
                              f"{background} background", f"a {shape}"))
    of = random.choice(("", "", "a picture of ", "a drawing of "))
    return random.choice((
        f"{of}a {sized} {shape}{at} on a {background} background",
        f"{of}a {sized} {shape} on a {background} background{at}",
        f"{of}a {sized} {shape}{at}, {background} background",
        f"{sized} {shape}{at}, {background} background",
        f"{sized} {shape} on {background}{at}",
        f"a {background} background with a {sized} {shape}{at}",
        f"{background} background, {sized} {shape}{at}",
        f"{of}a {size + ' ' if size else ''}{shape} in {color}{at} on a {background} background",
    ))


def two_things() -> Scene:
    background, first, second = random.sample(list(COLORS), 3)
    if random.random() < 0.1:
        second = first
    shapes = random.choices(SHAPES, weights=(3, 2, 2, 3, 2), k=2)
    radius = random.uniform(0.15, 0.21)
    y = jitter(0.5, 0.06)
    things = [Thing(shapes[0], first, jitter(0.27, 0.03), jitter(y, 0.02), radius),
              Thing(shapes[1], second, jitter(0.73, 0.03), jitter(y, 0.02), radius)]
    a, b = f"{first} {shapes[0]}", f"{second} {shapes[1]}"
    of = random.choice(("", "", "a picture of ", "a drawing of "))
    caption = random.choice((
        f"{of}a {a} and a {b} on a {background} background",
        f"{of}a {a} and a {b}, {background} background",
        f"{of}a {a} next to a {b} on a {background} background",
        f"{a} and {b}, {background} background",
        f"{a} and {b} on {background}",
        f"a {background} background with a {a} and a {b}",
    ))
    return Scene(things, background, caption)


def scene() -> Scene:
    drawn = two_things() if random.random() < 0.28 else one_thing()
    if random.random() < 0.85:
        drawn.caption = re.sub(r"\ba (?=orange)", "an ", drawn.caption)
    return drawn


def distance(shape: str, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Signed distance to a shape of radius 1 around the origin, y down; negative inside."""
    if shape == "circle":
        return torch.hypot(x, y) - 0.95
    if shape == "square":
        return torch.maximum(x.abs(), y.abs()) - 0.85
    if shape == "cross":
        ax, ay = x.abs(), y.abs()
        return torch.minimum(torch.maximum(ax - 0.95, ay - 0.32), torch.maximum(ax - 0.32, ay - 0.95))
    if shape == "triangle":  # corners at 90, 210 and 330 degrees, moved down so that it is in the middle
        y = y - 0.22
        half = 0.52
        return torch.maximum(y - half, torch.maximum(0.866 * x - 0.5 * y, -0.866 * x - 0.5 * y) - half)
    if shape == "star":  # five tips at 1, notches at 0.42
        y = y - 0.06
        angle = torch.atan2(x, -y)
        fifth = 2 * math.pi / 5
        angle = torch.remainder(angle + fifth / 2, fifth) - fifth / 2
        r = torch.hypot(x, y)
        px, py = r * angle.sin().abs(), r * angle.cos()
        nx, ny = 0.42 * math.sin(fifth / 2), 0.42 * math.cos(fifth / 2)
        # the edge from the tip (0, 1) to the notch (nx, ny)
        ex, ey = nx, ny - 1.0
        return (px * -ey - (py - 1.0) * -ex) / math.hypot(ex, ey)
    raise ValueError(shape)


def draw(scenes: list[Scene], height: int, width: int) -> torch.Tensor:
    """[N, 3, height, width] in -1..1; a pixel is covered by as much as its distance says."""
    ys, xs = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    short = min(height, width)
    pictures = torch.empty(len(scenes), 3, height, width)
    for picture, s in zip(pictures, scenes):
        picture[:] = torch.tensor(COLORS[s.background]).view(3, 1, 1) / 127.5 - 1
        for thing in s.things:
            scale = thing.radius * short
            inside = distance(thing.shape, (xs - thing.x * width) / scale, (ys - thing.y * height) / scale) * scale
            cover = (0.5 - inside).clamp(0, 1)
            picture += cover * (torch.tensor(COLORS[thing.color]).view(3, 1, 1) / 127.5 - 1 - picture)
    return pictures
