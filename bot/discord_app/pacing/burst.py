"""Bursts: many people click on one card at once, and Discord may take the answers in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Bursts:
    """Which cards are being changed, by key, and which were by several at once."""

    def __init__(self) -> None:
        self._changing: Counter[int] = Counter()
        self._mixed: set[int] = set()

    @contextmanager
    def one(self, card: int) -> Iterator[None]:
        """Note that a card is being changed meanwhile."""
        self._changing[card] += 1
        if self._changing[card] > 1:
            self._mixed.add(card)
        try:
            yield
        finally:
            self._changing[card] -= 1
            if not self._changing[card]:
                del self._changing[card]

    def over(self, card: int) -> bool:
        """Whether a burst has just ended, so that the card may show an older change last.

        Said once: whoever hears it sets the card right.
        """
        if card in self._changing or card not in self._mixed:
            return False
        self._mixed.discard(card)
        return True
