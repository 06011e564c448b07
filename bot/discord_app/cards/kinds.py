"""The cards that only Discord has, beside the replies of advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.advice.reply import MostHelpful, Reading
from bot.advice.wishes import Standing, Wishes
from bot.knowledge.model import Resource, Topic
from bot.store.model import GuildSettings


@dataclass(frozen=True)
class HelpCard:
    """What the bot can do."""


@dataclass(frozen=True)
class Notice:
    """One sentence of the frame's."""

    text: str


@dataclass(frozen=True)
class Notes:
    """All that is worth knowing about a resource."""

    resource: Resource


@dataclass(frozen=True)
class Favourites:
    """What helped most, with the name of the attached picture, where there is one."""

    found: MostHelpful
    picture: str | None = None


@dataclass(frozen=True)
class Privacy:
    """What is kept about people, for how many days, and whether this one wants no answers."""

    days: int
    silenced: bool


@dataclass(frozen=True)
class Erasing:
    """What would be deleted of a person, before it is."""

    votes: int
    silenced: bool


@dataclass(frozen=True)
class Others:
    """The way out of a wrong answer: its runner-ups; and the way back, where it is known."""

    topics: tuple[Topic, ...]
    answer: Reading | None = None


@dataclass(frozen=True)
class Guide:
    """The questions of `/start`, with what was said so far; None is not said yet.

    `more` shows the questions about budget and field too.
    """

    way: str | None = None
    hours: int | None = None
    standing: Standing | None = None
    pays: bool = False
    field: str = ""
    more: bool = False

    @property
    def wishes(self) -> Wishes | None:
        """What was said, once the three main questions are answered."""
        if self.way is None or self.hours is None or self.standing is None:
            return None
        return Wishes(self.way, self.hours, self.standing, self.pays, self.field)


@dataclass(frozen=True)
class KeptPlan:
    """A plan that the person made before, offered again; `week` is the present one, from 1."""

    wishes: Wishes
    week: int


@dataclass(frozen=True)
class Panel:
    """Where the bot may speak on a server, and how it fares.

    `reads` says whether Discord shows it what people write; `known` are the channels that exist,
    `lacking` the rights it lacks by channel, `shadow` how often it would have said something, by
    topic title, and nothing under "".
    """

    server: GuildSettings
    reads: bool
    known: frozenset[int]
    lacking: Mapping[int, tuple[str, ...]]
    shadow: Mapping[str, int]


@dataclass(frozen=True)
class Bring:
    """A helper's choice: with which topic to answer somebody's message.

    `message` is its id, `asker` the tag of its author.
    """

    topics: tuple[Topic, ...]
    message: int
    asker: str


@dataclass(frozen=True)
class Declined:
    """A person will have no more unasked answers, and can take that back."""
