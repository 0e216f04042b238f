"""The words of the captions and their ids in CLIP's vocabulary (as `sd-cli` and every Stable Diffusion 1.x tool number them)."""

START, END, LENGTH = 49406, 49407, 77

IDS = {
    "a": 320, "an": 550, ",": 267, "and": 537, "at": 536, "background": 5994, "big": 1205, "black": 1449, "blue": 1746, "bottom": 5931,
    "center": 2119, "circle": 7117, "cross": 3417, "drawing": 3610, "green": 1901, "in": 530, "large": 3638, "left": 1823,
    "next": 1131, "of": 539, "on": 525, "orange": 4287, "picture": 1674, "purple": 5496, "red": 736, "right": 1155,
    "small": 2442, "square": 3999, "star": 1565, "the": 518, "to": 531, "top": 1253, "triangle": 14615, "white": 1579,
    "with": 593, "yellow": 4481,
}


def tokens(caption: str) -> list[int]:
    """77 ids: start, the words, and the end's id until the end."""
    ids = [START] + [IDS[word] for word in caption.replace(",", " ,").split()]
    if len(ids) >= LENGTH:
        raise ValueError(f"the caption has {len(ids)} tokens: {caption}")
    return ids + [END] * (LENGTH - len(ids))
