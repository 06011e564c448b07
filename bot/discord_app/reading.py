"""How a question was read, as the ids of "Not what you asked?" and "Back" carry it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.advice import Advisor
from bot.advice.base import short_key
from bot.advice.reply import Reading
from bot.matching import Aspect

INITIALS = {aspect[0]: aspect for aspect in Aspect}  # they differ; a test holds them to it


def written(reading: Reading) -> str:
    """Return a reading in at most 79 characters: short keys, and the aspects' first letters.

    A dot before the named resources says that they are only implied.
    """
    others = ".".join(map(short_key, reading.others))
    second = short_key(reading.second) if reading.second else ""
    named = ("." if reading.implied else "") + ".".join(map(short_key, reading.named))
    aspects = "".join(aspect[0] for aspect in reading.aspects)
    return f"{others}:{short_key(reading.topic)}:{second}:{named}:{aspects}"


def read(state: Mapping[str, str | None], advisor: Advisor) -> Reading | None:
    """Return the reading in a button's state, without what is gone; None without its topic."""
    topic = advisor.topics_of([state["topic"] or ""])
    if not topic:
        return None
    return Reading(
        topic[0].id,
        _ids(state["others"], advisor),
        next(iter(_ids(state["second"], advisor)), None),
        _ids(state["named"], advisor),
        tuple(INITIALS[letter] for letter in state["aspects"] or "" if letter in INITIALS),
        implied=(state["named"] or "").startswith("."),
    )


def _ids(keys: str | None, advisor: Advisor) -> tuple[str, ...]:
    return advisor.ids_of((keys or "").split("."))
