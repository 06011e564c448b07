"""What Warmstart says, before anybody draws it: closed unions of frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.advice.board import Helped
from bot.advice.plan import Plan
from bot.knowledge.model import Resource, SmallTalk, Topic
from bot.matching import Aspect, Match


@dataclass(frozen=True)
class Suggestion:
    """A resource offered under a topic, with why it is offered there and its helpful votes."""

    resource: Resource
    why: str
    helpful: int = 0


@dataclass(frozen=True)
class Fact:
    """What the base says about one aspect of a resource, as a sentence."""

    resource: Resource
    aspect: Aspect
    text: str


@dataclass(frozen=True)
class Reading:
    """How a question was read, in ids: its topic, and what the answer says beyond that topic's."""

    topic: str
    others: tuple[str, ...] = ()
    second: str | None = None
    named: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    implied: bool = False  # what is named only supplies facts, and leads no suggestions


@dataclass(frozen=True)
class Answer:
    """One topic, confidently; `others` are the runner-ups, `reading` how to answer so again."""

    topic: Topic
    suggestions: tuple[Suggestion, ...]
    facts: tuple[Fact, ...] = ()
    second: Topic | None = None
    others: tuple[Topic, ...] = ()
    reading: Reading | None = None


@dataclass(frozen=True)
class Suggest:
    """Not sure: up to three topics to choose from. `gap` numbers the kept question, 0 is none."""

    topics: tuple[Topic, ...]
    gap: int = 0


@dataclass(frozen=True)
class NoMatch:
    """Nothing fits. `language` is the question's, where it is clearly not the base's; `talk` is
    set where nothing was asked at all, `lost` where a reply means little without its card and was
    not understood. `topics` are what people ask most.
    """

    language: str | None = None
    gap: int = 0
    topics: tuple[Topic, ...] = ()
    talk: SmallTalk | None = None
    lost: bool = False


@dataclass(frozen=True)
class Detail:
    """Everything the base says about one resource, or only the facts that were asked for."""

    suggestion: Suggestion
    facts: tuple[Fact, ...] = ()


Reply = Answer | Detail | Suggest | NoMatch


@dataclass(frozen=True)
class Advice:
    """A reply with the match it came from."""

    reply: Reply
    match: Match


@dataclass(frozen=True)
class Choice:
    """Something `/resources` can be asked for: a facet, several, or one resource."""

    key: str
    label: str


@dataclass(frozen=True)
class Listing:
    """One page of the resources that fit a choice, best first; `page` counts from 0."""

    choice: Choice
    suggestions: tuple[Suggestion, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class Unknown:
    """Nothing has that name; the nearest choices instead."""

    wanted: str
    nearest: tuple[Choice, ...] = field(default=())


Found = Listing | Detail | Unknown


@dataclass(frozen=True)
class MostHelpful:
    """What people found most helpful, best first, of so many votes; `here`: on this server only.

    `nobody_here` says that it is about all servers because nobody on this one has voted.
    """

    helped: tuple[Helped, ...]
    votes: int
    here: bool = False
    nobody_here: bool = False


@dataclass(frozen=True)
class Greeting:
    """Hello, and what to ask."""

    topics: tuple[Topic, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True)
class More:
    """The longer advice on a topic."""

    topic: Topic


@dataclass(frozen=True)
class Comparison:
    """Two resources side by side."""

    first: Suggestion
    second: Suggestion


@dataclass(frozen=True)
class Guidance:
    """A plan with the helpful votes of its resources by id; `week` is the present one, from 1,
    where the plan is one that somebody keeps.
    """

    plan: Plan
    helpful: Mapping[str, int]
    week: int | None = None
