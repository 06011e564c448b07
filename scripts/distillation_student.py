"""The student of `distil.py` in torch: the layer that `bot.matching.encoder` runs; its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bot.matching.encoder import PIECES
from bot.matching.numbered import Numbered

SIZE, INNER, HEADS, LONGEST = 256, 512, 4, 40  # dimensions of a token and inside, heads, tokens


class Student(nn.Module):
    """Token vectors, one transformer layer added to them, and their sum. Token 0 is padding."""

    def __init__(self, table: np.ndarray) -> None:
        super().__init__()
        self.table = nn.Embedding.from_pretrained(
            torch.tensor(table), freeze=False, padding_idx=0, sparse=True
        )
        self.position = nn.Parameter(torch.zeros(LONGEST, SIZE))
        self.before, self.between = nn.LayerNorm(SIZE), nn.LayerNorm(SIZE)
        self.attend, self.join = nn.Linear(SIZE, 3 * SIZE), nn.Linear(SIZE, SIZE)
        self.inner, self.outer = nn.Linear(SIZE, INNER), nn.Linear(INNER, SIZE)
        for layer in (self.join, self.outer):
            nn.init.normal_(layer.weight, std=0.002)
            nn.init.zeros_(layer.bias)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return texts × SIZE, not yet of length one."""
        mask = (ids > 0).float()
        tokens = self.table(ids)
        texts, count = ids.shape
        seen = self.attend(self.before(tokens + self.position[:count]))
        query, key, value = seen.view(texts, count, 3, HEADS, SIZE // HEADS).permute(2, 0, 3, 1, 4)
        heads = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=(1 - mask)[:, None, None, :] * -1e4
        )
        tokens = tokens + self.join(heads.transpose(1, 2).reshape(texts, count, SIZE))
        tokens = tokens + self.outer(functional.relu(self.inner(self.between(tokens))))
        return (tokens * mask[:, :, None]).sum(1)


def resume(student: Student, asset: Mapping[str, np.ndarray]) -> None:
    """Go on from weights that `stored` wrote; layer norms are folded in, so they start plain."""
    wide = {}
    for name in ("attend", "join", "inner", "outer"):
        matrix = asset[name].astype(np.float32) * asset[name + "_scale"]
        bias = asset[name + "_bias"].astype(np.float32).copy()
        if name == "attend":
            matrix[:, :SIZE] *= (SIZE // HEADS) ** 0.5
            bias[:SIZE] *= (SIZE // HEADS) ** 0.5
        wide[name + ".weight"], wide[name + ".bias"] = matrix.T.copy(), bias
    wide["position"] = asset["position"].astype(np.float32)
    table = asset["table"].astype(np.float32) * asset["scale"].astype(np.float32)[:, None]
    wide["table.weight"] = np.vstack((np.zeros((1, SIZE), np.float32), table))
    weights = {name: torch.tensor(value) for name, value in wide.items()}
    missing = student.load_state_dict(weights, strict=False).missing_keys
    assert all(key.startswith(("before.", "between.")) for key in missing)


def go_half_way(student: Student, former: Mapping[str, torch.Tensor]) -> None:
    """Put the weights half way between the former ones and today's.

    Weights trained further on new texts lie in one basin with the old ones, and their mean does
    as well on the new texts while it forgets less of the old (Wortsman et al. 2022, WiSE-FT).
    """
    own = student.state_dict()
    student.load_state_dict({name: (own[name] + former[name]) / 2 for name in own})


def directions(student: Student, ids: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Return the directions of the teacher's space that the student's dimensions stand for."""
    some = np.random.default_rng(0).permutation(len(ids))[:20_000]
    with torch.inference_mode():
        own = functional.normalize(student(torch.tensor(ids[some])), dim=1).numpy()
    left, _, right = np.linalg.svd(vectors[some].T @ own, full_matrices=False)
    return left @ right


def stored(student: Student, pieces: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the arrays of the asset: bytes with scales, layer norms folded into what follows."""
    weights = {name: value.detach().numpy() for name, value in student.named_parameters()}
    table, scale = _bytes(weights["table.weight"][1:], 1)
    numbered = Numbered.of({piece: number for number, piece in enumerate(pieces)})
    arrays = {
        **dict(zip(PIECES, numbered.arrays, strict=True)),
        "table": table,
        "scale": scale[:, 0].astype(np.float16),
        "heads": np.int64(HEADS),
        "position": weights["position"].astype(np.float16),
    }
    for name, norm in (("attend", "before"), ("join", None), ("inner", "between"), ("outer", None)):
        matrix, bias = weights[name + ".weight"].T.copy(), weights[name + ".bias"].copy()
        if norm:
            bias += weights[norm + ".bias"] @ matrix
            matrix *= weights[norm + ".weight"][:, None]
        if name == "attend":
            matrix[:, :SIZE] *= (SIZE // HEADS) ** -0.5
            bias[:SIZE] *= (SIZE // HEADS) ** -0.5
        arrays[name], factors = _bytes(matrix, 0)
        arrays[name + "_scale"], arrays[name + "_bias"] = factors, bias
    return arrays


def _bytes(matrix: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    scale = np.abs(matrix).max(axis=axis, keepdims=True).clip(1e-9) / 127
    return np.round(matrix / scale).astype(np.int8), scale.astype(np.float32)
