"""CLIP ViT-L/14's text encoder (12 layers, 768 wide) with weights that are written down, not trained.

Its 768 channels are four blocks of 192: what the token is, what the token before it is, what the token before that one is, and
where it stands. A token's code is 192 signs out of SplitMix64, seeded by its id. The first layer's attention looks back by
one token (heads 0-2) and by two (heads 3-5), and copies; everything else adds nothing. So "circle" in "a red circle" carries
"red" with it, and the UNet's cross attention can tell which colour belongs to which shape.

Where a token stands: for the positions 0 to 31 a row p+1 of the 64x64 Walsh matrix, then the rows of the positions p-1 and
p-2, which are what the two groups of heads ask for. Positions from 32 on are zero: the model does not read that far.
"""

import numpy as np

WIDTH, BLOCK, HEADS, HEAD, POSITIONS = 768, 192, 12, 64, 32
CODE = 0.5           # every sign is +-0.5
SHARP = 2.0          # query and key gain: a match is worth about 60 in the softmax, a miss 0
MEAN = 0.25          # the final bias: the runtime divides by the context's mean when a prompt has weights, so it must have one
VOCABULARY, END = 49408, 49407
START = 49406
LAYERS, FEED_FORWARD, LENGTH = 12, 3072, 77
PREFIX = "cond_stage_model.transformer.text_model."


def splitmix64(state: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        z = state + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def token_embedding() -> np.ndarray:
    """49408 x 768: bit i of a token's three words says the sign of channel i; start and end are zero."""
    ids = np.arange(VOCABULARY, dtype=np.uint64)
    words = np.stack([splitmix64(ids * np.uint64(3) + np.uint64(k)) for k in range(3)], axis=1)
    bits = (words[:, :, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    table = np.zeros((VOCABULARY, WIDTH), dtype=np.float32)
    table[:, :BLOCK] = (bits.reshape(VOCABULARY, BLOCK).astype(np.float32) * 2 - 1) * CODE
    table[START] = table[END] = 0
    return table


def walsh(row: int) -> np.ndarray:
    return np.array([1 - 2 * (bin(row & i).count("1") & 1) for i in range(64)], dtype=np.float32)


def position_embedding() -> np.ndarray:
    table = np.zeros((LENGTH, WIDTH), dtype=np.float32)
    for p in range(POSITIONS):
        for back in range(3):
            if p - back >= 0:
                start = 3 * BLOCK + back * 64
                table[p, start:start + 64] = walsh(p - back + 1) * CODE
    return table


def first_layer() -> dict[str, np.ndarray]:
    """Query, key, value and output of the attention that copies the two tokens before."""
    query, key, value, out = (np.zeros((WIDTH, WIDTH), dtype=np.float32) for _ in range(4))
    eye = np.eye(64, dtype=np.float32)
    where = 3 * BLOCK
    for head in range(6):
        back, part = 1 + head // 3, head % 3
        rows = slice(head * HEAD, (head + 1) * HEAD)
        query[rows, where + back * 64:where + (back + 1) * 64] = eye * SHARP
        key[rows, where:where + 64] = eye * SHARP
        value[rows, part * 64:(part + 1) * 64] = eye
        target = back * BLOCK + part * 64
        out[target:target + 64, rows] = eye * COPY
    return {"q_proj": query, "k_proj": key, "v_proj": value, "out_proj": out}


# a word's layer norm divides by sqrt(4 * 192 * 0.25 / 768 * ...) : 192 signs of the token and up to 192 of the position
COPY = float(np.sqrt((BLOCK + BLOCK) * CODE * CODE / WIDTH))


class TextEncoder:
    """The same arithmetic as the runtime's, for training: ids to context."""

    def __init__(self):
        import torch
        self.torch = torch
        self.token = torch.from_numpy(token_embedding())
        self.position = torch.from_numpy(position_embedding())
        self.layer = {name: torch.from_numpy(w) for name, w in first_layer().items()}

    def __call__(self, ids):
        """[N, L] to [N, L, 768]; a token does not depend on those behind it."""
        torch = self.torch
        x = self.token[ids] + self.position[:ids.shape[1]]
        n, length, _ = x.shape
        normed = torch.nn.functional.layer_norm(x, (WIDTH,))

        def heads(name):
            return (normed @ self.layer[name].T).view(n, length, HEADS, HEAD).transpose(1, 2)

        attended = torch.nn.functional.scaled_dot_product_attention(heads("q_proj"), heads("k_proj"), heads("v_proj"), is_causal=True)
        x = x + attended.transpose(1, 2).reshape(n, length, WIDTH) @ self.layer["out_proj"].T
        return torch.nn.functional.layer_norm(x, (WIDTH,)) + MEAN
