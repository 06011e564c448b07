"""What drawing a card needs beside the card, and how long its parts may be."""

from __future__ import annotations

from dataclasses import dataclass

from bot.frame import Frame
from bot.knowledge.model import Knowledge

NOBODY = ""  # the asker of a card that changes in place for nobody


@dataclass(frozen=True)
class Pen:
    """What drawing needs beside the card: the base, the frame, a tag of who asked, and the
    address of the message that is answered where the card cannot be a reply to it.
    """

    knowledge: Knowledge
    frame: Frame
    asker: str = NOBODY
    link: str | None = None


@dataclass(frozen=True)
class Budget:
    """How long the parts of a card may be: `body` and `line` in characters."""

    body: int
    line: int
    rows: int


BUDGETS = (
    Budget(body=2800, line=300, rows=12),
    Budget(body=1400, line=200, rows=6),
    Budget(body=600, line=100, rows=4),
    Budget(body=200, line=40, rows=3),
    Budget(body=100, line=20, rows=1),
)
