"""A sentence encoder of one layer in numpy: words in, a unit vector of their meaning out.

It was distilled from all-MiniLM-L6-v2 by `scripts/distil.py`: word pieces are looked up in
a table, one transformer layer lets them see each other, and their sum predicts the
teacher's sentence vector. See NOTICE for the teacher's licence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from threading import Lock

import numpy as np

from bot.matching.lexical import Floats, Numbers
from bot.matching.numbered import Numbered
from bot.matching.rows import Rows

ASSET, TABLE = "encoder.npz", "table"
PIECES = "pieces", "piece_starts", "piece_numbers", "piece_slots"  # a `Numbered`
BATCH = 64  # texts that are encoded together; more only takes memory
ROWS = (
    4  # tokens that BLAS multiplies at once: 24 take a quarter less time than 23; found by timing
)
PROJECTED, NOWHERE = 512, -1  # pieces kept, 4 kB each; all 22,000 would take 90 MB
LONGEST_WORD = 40  # letters; longer strings are no words


class Encoder:
    """The packaged weights; immutable. One instance serves every base."""

    def __init__(self, asset: Mapping[str, np.ndarray], table: Rows) -> None:
        """Unpack weights that `scripts/distil.py` wrote, but for the table of the pieces."""
        texts, starts, numbers, slots = (asset[name] for name in PIECES)
        self._ids = Numbered((texts, starts, numbers, slots))
        self._table = table
        self._scale: Floats = asset["scale"].astype(np.float32)
        self._position = _wide(asset, "position")
        # Layer norm's centring is linear, and folded into the weights that follow it.
        self._attend, self._attend_bias = _wide(asset, "attend"), _wide(asset, "attend_bias")
        self._attend -= self._attend.mean(axis=0)
        self._placed = self._position @ self._attend
        self._tokens = np.empty((PROJECTED, self.dimensions), np.float32)
        self._projected = np.empty((PROJECTED, self._attend.shape[1]), np.float32)
        self._slots = np.full(len(self._scale), NOWHERE, np.int32)
        self._filled = 0
        self._projecting = Lock()  # a base is built beside the one that answers
        self._join, self._join_bias = _wide(asset, "join"), _wide(asset, "join_bias")
        self._inner, self._inner_bias = _wide(asset, "inner"), _wide(asset, "inner_bias")
        self._inner -= self._inner.mean(axis=0)
        self._outer, self._outer_bias = _wide(asset, "outer"), _wide(asset, "outer_bias")
        self._heads = int(asset["heads"])
        self._cut = lru_cache(maxsize=4_000)(self._pieces)

    def __reduce__(self) -> tuple[Callable[[], Encoder], tuple[()]]:
        """Pickle as a reference: the weights are part of the package."""
        return packaged, ()

    @property
    def dimensions(self) -> int:
        """Length of the vectors."""
        return int(self._table.shape[1])

    @cached_property
    def words(self) -> tuple[str, ...]:
        """English words that the table holds whole, the commonest first."""
        return tuple(piece for piece in self._ids if piece.isalpha() and len(piece) > 1)

    def encode(self, texts: Sequence[Sequence[str]]) -> Floats:
        """Return texts × dimensions: the unit vector of each text's words.

        It is zero for a text without any known word. Words beyond the longest text that it
        was trained on are left out.
        """
        ids = [self._numbers(text) for text in texts]
        vectors = np.zeros((len(ids), self.dimensions), np.float32)
        order = sorted((n for n in range(len(ids)) if ids[n]), key=lambda n: len(ids[n]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            padded, real = self._padded([ids[n] for n in batch])
            vectors[batch] = self._summed(padded, real, real[:, None])[:, 0]
        return vectors

    def encode_parts(self, words: Sequence[str], parts: Sequence[tuple[int, int]]) -> Floats:
        """Return parts × dimensions: a text's vectors over some of its words, read together.

        `parts` are ranges of words. Each word is read in the context of the whole text, so
        that parts cost nothing beyond the text.
        """
        cut = [self._cut(word) for word in words]
        ends = [0, *accumulate(map(len, cut))]
        ids = [piece for pieces in cut for piece in pieces][: len(self._position)]
        if not ids:
            return np.zeros((len(parts), self.dimensions), np.float32)
        padded, real = self._padded([ids])
        spans = np.zeros((1, len(parts), real.shape[1]), np.float32)
        for row, (first, last) in enumerate(parts):
            spans[0, row, ends[first] : min(ends[last], len(ids))] = 1
        vectors: Floats = self._summed(padded, real, spans)[0]
        return vectors

    def _numbers(self, words: Sequence[str]) -> list[int]:
        longest = len(self._position)
        ids: list[int] = []
        for word in words:
            ids += self._cut(word)
            if len(ids) >= longest:
                break
        return ids[:longest]

    def _padded(self, texts: Sequence[Sequence[int]]) -> tuple[Numbers, Floats]:
        """Return texts × tokens, the shorter texts padded, and the same with 0 for padding."""
        rows = -(-max(map(len, texts)) // ROWS)
        longest = min(rows * ROWS, len(self._position))
        ids = np.zeros((len(texts), longest), np.int64)
        real = np.zeros((len(texts), longest), np.float32)
        for row, text in enumerate(texts):
            ids[row, : len(text)], real[row, : len(text)] = text, 1
        return ids, real

    def _summed(self, ids: Numbers, real: Floats, spans: Floats) -> Floats:
        """Return texts × spans × dimensions: unit sums over each text's tokens after the layer.

        `ids` and `real` are as from `_padded`, and `spans` (texts × spans × tokens) says which
        tokens are summed. The last step is linear, so it comes after the sum.
        """
        tokens, projected = self._known(ids)
        tokens += self._attended(projected, tokens, real) @ self._join
        tokens += self._join_bias
        inner = (tokens / _spread(tokens)) @ self._inner
        inner += self._inner_bias
        np.maximum(inner, 0, out=inner)
        tokens += self._outer_bias
        summed = spans @ tokens + (spans @ inner) @ self._outer
        lengths = np.sqrt(np.vecdot(summed, summed))[:, :, None]
        unit: Floats = summed / np.maximum(lengths, 1e-9)
        return unit

    def _attended(self, seen: Floats, tokens: Floats, real: Floats) -> Floats:
        """Return what each token takes from the others: texts × tokens × dimensions."""
        texts, count, size = tokens.shape
        seen += self._placed[:count]
        seen /= _spread(tokens + self._position[:count])
        seen += self._attend_bias
        query, key, value = seen.reshape(
            texts, count, 3, self._heads, size // self._heads
        ).transpose(2, 0, 3, 1, 4)
        weights = np.exp(query @ key.transpose(0, 1, 3, 2))  # 1/√d is folded into the query
        weights *= real[:, None, None]
        weights /= weights.sum(axis=3, keepdims=True)
        heads: Floats = (weights @ value).transpose(0, 2, 1, 3).reshape(texts, count, size)
        return heads

    def _known(self, ids: Numbers) -> tuple[Floats, Floats]:
        """Return the pieces' vectors; and queries, keys and values, before placed and scaled.

        They are the same wherever a piece stands, so those of the last pieces are kept.
        """
        with self._projecting:
            slots = self._slots[ids]
            if slots.min() != NOWHERE:
                return self._tokens[slots], self._projected[slots]
            new = _distinct(ids[slots == NOWHERE])
            if self._filled + len(new) > PROJECTED:
                self._slots.fill(NOWHERE)
                self._filled, new = 0, _distinct(ids)
            if len(new) > PROJECTED:
                tokens, shape = self._vectors(ids.reshape(-1)), (*ids.shape, -1)
                return tokens.reshape(shape), (tokens @ self._attend).reshape(shape)
            end = self._filled + len(new)
            self._tokens[self._filled : end] = tokens = self._vectors(new)
            self._projected[self._filled : end] = tokens @ self._attend
            self._slots[new] = np.arange(self._filled, end)
            self._filled = end
            slots = self._slots[ids]
            return self._tokens[slots], self._projected[slots]

    def _vectors(self, ids: Numbers) -> Floats:
        return self._table.read(ids.tolist()).astype(np.float32) * self._scale[ids, None]

    def _pieces(self, word: str) -> tuple[int, ...]:
        """Cut a word into the longest known pieces from the left (WordPiece); () if it cannot."""
        found: list[int] = []
        start, end = 0, min(len(word), LONGEST_WORD)
        while start < end:
            for stop in range(end, start, -1):
                piece = word[start:stop] if start == 0 else "##" + word[start:stop]
                number = self._ids.get(piece)
                if number is not None:
                    found.append(number)
                    start = stop
                    break
            else:
                return ()
        return tuple(found)


@lru_cache(maxsize=1)
def packaged() -> Encoder:
    """Load the packaged encoder, once a process."""
    path = Path(str(files("bot.matching") / "data" / ASSET))
    with np.load(path) as asset:
        weights = {name: asset[name] for name in asset.files if name != TABLE}
    return Encoder(weights, Rows(path, TABLE))


def _wide(asset: Mapping[str, np.ndarray], name: str) -> Floats:
    """Return a stored array as 32-bit floats; bytes have a scale for each column."""
    stored = asset[name]
    if stored.dtype == np.int8:
        wide: Floats = stored.astype(np.float32) * asset[name + "_scale"].astype(np.float32)
        return wide
    return stored.astype(np.float32)


def _distinct(ids: Numbers) -> Numbers:
    """Return the numbers, each once and sorted; np.unique would bring all of numpy.ma along."""
    return np.array(sorted(set(ids.ravel().tolist())))


def _spread(tokens: Floats) -> Floats:
    """Return the standard deviation of each token's numbers, by which layer norm divides."""
    size = tokens.shape[-1]
    squares = np.vecdot(tokens, tokens) / size
    means = np.add.reduce(tokens, axis=-1) / size
    spread: Floats = np.sqrt(squares - means * means + 1e-5)[..., None]
    return spread
