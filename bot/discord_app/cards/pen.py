"""What drawing a card needs beside the card, and how long its parts may be."""

from __future__ import annotations

from dataclasses import dataclass

from discord import ui

from bot.discord_app.guilds import UNSAID
from bot.frame import Frame, frame
from bot.knowledge.model import Knowledge
from bot.store.model import GuildSettings

NOBODY = ""  # the asker of a card that changes in place for nobody
BY_ITSELF = 0  # the "helper" of a card that the bot brought unasked


@dataclass(frozen=True)
class Pen:
    """What drawing needs beside the card: the base, the frame, a tag of who asked, and the
    address of the message that is answered where the card cannot be a reply to it.

    `replies` says whether people can reply to the card; where not, it has a button to ask on.

    `helper` is who brought the card to an asker who had not asked the bot: a user id or
    BY_ITSELF; None where the bot was asked. `server` is how the server wants its cards.
    """

    knowledge: Knowledge
    frame: Frame
    asker: str = NOBODY
    link: str | None = None
    replies: bool = True
    helper: int | None = None
    server: GuildSettings = UNSAID


def language_mark(language: str) -> int:
    """Return the number that marks a card as written in a language: its container's id.

    A component's id is free for the app's use, within 32 bits; those that Discord gives count
    from 1 and stay below 100. https://discord.com/developers/docs/components/reference
    """
    return int.from_bytes(language.encode("ascii"))


def frame_of(card: ui.LayoutView) -> Frame:
    """Return the frame in which a card was drawn, so that who clicks does not change it."""
    mark = next((item.id for item in card.children), None) or 0
    return frame(mark.to_bytes(4).strip(b"\0").decode("ascii", "replace"))


@dataclass(frozen=True)
class Budget:
    """How long the parts of a card may be: `body` and `line` in characters."""

    body: int
    line: int
    rows: int


BUDGETS = (
    Budget(body=2900, line=300, rows=12),
    Budget(body=1400, line=200, rows=6),
    Budget(body=600, line=100, rows=4),
    Budget(body=200, line=40, rows=3),
    Budget(body=100, line=20, rows=1),
)
