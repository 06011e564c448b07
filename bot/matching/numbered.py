"""Texts and their numbers in arrays: a tenth of a dict's memory, and mapped from a prepared base.

It is a hash table with linear probing: a text's checksum says where its place is looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

FREE = -1  # a slot that no text has taken
Arrays = tuple[
    npt.NDArray[np.uint8], npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32]
]
"""The texts one after another in UTF-8, where each begins (and the last ends), numbers, slots."""


class Numbered(Mapping[str, int]):
    """A mapping from texts to numbers below 2³¹; immutable."""

    def __init__(self, arrays: Arrays) -> None:
        """Take the arrays of a mapping that `of` made."""
        self.arrays = arrays
        # a memory view's items are found in half the time of an array's
        views: list[Any] = [array.data for array in arrays]
        self._joined, self._starts, self._numbers, self._slots = views
        self._last = len(self._slots) - 1  # there are a power of two

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> Numbered:
        """Return the same mapping, in the same order."""
        texts = [text.encode() for text in numbers]
        slots = np.full(1 << (2 * len(texts)).bit_length(), FREE, np.int32)
        for place, text in enumerate(texts):
            slot = crc32(text) & (len(slots) - 1)
            while slots[slot] != FREE:
                slot = (slot + 1) & (len(slots) - 1)
            slots[slot] = place
        joined = np.frombuffer(b"".join(texts) or b"-", np.uint8)  # an empty array has no memory
        starts = np.cumsum([0, *map(len, texts)], dtype=np.int32)
        return cls((joined, starts, np.array([*numbers.values(), 0], np.int32), slots))

    def __reduce__(self) -> tuple[Callable[[Arrays], Numbered], tuple[Arrays]]:
        """Pickle the arrays, which a prepared base maps."""
        return Numbered, (self.arrays,)

    def place(self, text: str) -> int:
        """Return where a text stands in the order of all; -1 where it does not."""
        wanted = text.encode("utf-8", "surrogatepass")
        joined, starts, slots = self._joined, self._starts, self._slots
        slot = crc32(wanted) & self._last
        while (place := slots[slot]) != FREE:
            if joined[starts[place] : starts[place + 1]] == wanted:
                break
            slot = (slot + 1) & self._last
        found: int = place
        return found

    def get(self, text: str, default: Any = None) -> Any:
        """Return a text's number, or the default."""
        place = self.place(text)
        return default if place == FREE else self._numbers[place]

    def __contains__(self, text: object) -> bool:
        """Whether a text has a number."""
        return isinstance(text, str) and self.place(text) != FREE

    def __getitem__(self, text: str) -> int:
        """Return a text's number; KeyError where it has none."""
        number: int | None = self.get(text)
        if number is None:
            raise KeyError(text)
        return number

    def __iter__(self) -> Iterator[str]:
        """Yield the texts in their order."""
        for start, end in zip(self._starts[:-1], self._starts[1:], strict=True):
            yield str(self._joined[start:end], "utf-8")

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self._starts) - 1
