"""The knowledge base as frozen models: what a YAML file may say, and what the rest reads.

Text fields are plain text or Discord Markdown; lengths are in characters. Cross-references
(a topic's resources, a resource's style) are checked by `bot.knowledge.check`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from bot.knowledge.rule import Rule, Written

FORMAT = 1  # of the files; a base of a newer format is refused
ID_LENGTH = 40  # two ids and a prefix must fit Discord's custom_id of 100 characters

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LINE_PATTERN = r"^[^\n]*$"
URL_PATTERN = (  # scheme, host with a dot, port, the rest; no bracket or quote, for Markdown
    r"^https?://([^\s<>()\"/?#:@.]+\.)+[^\s<>()\"/?#:@.]+(:[0-9]{1,5})?([/?#][^\s<>()\"]*)?$"
)
ATOM_PATTERN = r"^A[0-9]{3}$"
LANGUAGE_PATTERN = r"^[a-z]{2}$"
COLOUR_PATTERN = r"^#[0-9a-fA-F]{6}$"

Id = Annotated[
    str,
    Rule(
        "kebab-case, at most 40 characters; stays when the text changes",
        pattern=ID_PATTERN,
        max_length=ID_LENGTH,
    ),
]
Text = Annotated[str, Rule(strip_whitespace=True, min_length=1)]
Line = Annotated[str, Rule(strip_whitespace=True, min_length=1, pattern=LINE_PATTERN)]
Url = Annotated[
    str,
    Rule("http:// or https://, without spaces or brackets", pattern=URL_PATTERN, max_length=500),
]
Atom = Annotated[str, Rule(pattern=ATOM_PATTERN)]
Language = Annotated[str, Rule(pattern=LANGUAGE_PATTERN)]
Colour = Annotated[str, Rule(pattern=COLOUR_PATTERN)]
Hours = Annotated[float, Rule(gt=0, strict=True, allow_inf_nan=False)]
AtLeastOne = Rule(min_length=1)


def _day(value: Any) -> Any:
    """Take a day as YAML or a quoted text gives it, and no number: 2026 is not a day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        return date.fromisoformat(value)
    raise ValueError("is not a day")


Day = Annotated[date, Written(_day, date)]


@dataclass(frozen=True)
class Strict:
    """Base of the models: unknown keys are problems."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  pydantic's name for a plain dict


class Source(StrEnum):
    """Whose word a claim is."""

    POST = "post"  # the blog post (2018, updated 2019)
    AUTHOR = "author"  # what its author wrote later
    ADDED = "added"  # added by the maintainers, from the sources they name


class Evidence(StrEnum):
    """How well the facts of a resource are backed."""

    PRIMARY = "primary"  # the publisher's own page, repository or package
    SECONDARY = "secondary"  # press, blogs, university pages
    WEAK = "weak"  # lists by unnamed authors: good for "alive, how long", not for more


@dataclass(frozen=True, kw_only=True)
class Claim(Strict):
    """A sentence or two of an answer, with whose word it is."""

    text: Text
    source: Annotated[Source, Rule("whose word this is")] = Source.ADDED
    atoms: Annotated[tuple[Atom, ...], Rule("the statements of the post that it carries")] = ()
    as_of: Annotated[Day | None, Rule("when this was last true, if it can age")] = None


def _claims(value: Any) -> Any:
    """Let a plain string stand for one claim: a minimal topic needs nothing more."""
    if isinstance(value, str):
        return ({"text": value},)
    if isinstance(value, list):
        return tuple({"text": item} if isinstance(item, str) else item for item in value)
    return value


_ClaimList = list[Text | Claim]  # as a file may write them
Claims = Annotated[tuple[Claim, ...], Written(_claims, Text | _ClaimList)]
SomeClaims = Annotated[
    tuple[Claim, ...],
    AtLeastOne,
    Written(_claims, Text | Annotated[_ClaimList, AtLeastOne]),
]


@dataclass(frozen=True, kw_only=True)
class TopicSuggestion(Strict):
    """A resource offered under a topic; `why` replaces the resource's own line there."""

    resource: Id
    why: Line | None = None


def _suggestion(value: Any) -> Any:
    """Let a plain id stand for a suggestion with the resource's own line."""
    return {"resource": value} if isinstance(value, str) else value


Suggested = Annotated[TopicSuggestion, Written(_suggestion, Id | TopicSuggestion)]


@dataclass(frozen=True, kw_only=True)
class Topic(Strict):
    """One thing newcomers ask, and its answer. Minimal: id, title, answer, phrasings."""

    id: Id
    title: Annotated[Line, Rule("short name, shown on buttons and in lists")]
    heading: Annotated[Line | None, Rule("the answer in one line; default: the title")] = None
    answer: Annotated[SomeClaims, Rule("two to four short sentences")]
    more: Annotated[Claims, Rule("longer advice, shown on demand")] = ()
    suggestions: Annotated[
        tuple[Suggested, ...], Rule("resources, best first; a card shows the first three")
    ] = ()
    phrasings: Annotated[
        tuple[Line, ...], AtLeastOne, Rule("example questions, as people write them")
    ]
    second: Annotated[
        Line | None, Rule("the answer in one line when this is the second part of a question")
    ] = None
    style: Annotated[Id | None, Rule("colours the card; an id under styles in facets.yaml")] = None
    broader: Annotated[tuple[Id, ...], Rule("topics that this one refines")] = ()
    was: Annotated[tuple[Id, ...], Rule("former ids, whose votes this topic keeps")] = ()


@dataclass(frozen=True, kw_only=True)
class Resource(Strict):
    """Something to learn from. Every fact lives here, once."""

    id: Id
    title: Line
    short: Annotated[Line | None, Rule("its name on a topic's card; default: the title")] = None
    url: Url
    why: Annotated[Line, Rule("one line: what it does for whom")]
    style: Annotated[Id, Rule("an id under styles in facets.yaml")]
    format: Annotated[Id, Rule("an id under formats in facets.yaml")]
    cost: Annotated[Id, Rule("an id under costs in facets.yaml")]
    level: Annotated[Id, Rule("an id under levels in facets.yaml")]
    fields: Annotated[
        tuple[Id, ...], Rule("subjects it is made for: ids under fields in facets.yaml")
    ] = ("general",)
    authors: tuple[Line, ...] = ()
    time: Annotated[Line | None, Rule('short, for the facts line: "about 40 h"')] = None
    hours: Annotated[Hours | None, Rule("total hours, for plans")] = None
    first_hours: Annotated[
        Hours | None,
        Rule("hours of the first step, where it cannot be stopped at any time; for plans"),
    ] = None
    prerequisites: Annotated[Line | None, Rule("one sentence on what to know before")] = None
    price: Annotated[Line | None, Rule("one sentence on what is free and what is not")] = None
    edition: Annotated[Line | None, Rule("one sentence on versions and dates")] = None
    first_step: Annotated[Line | None, Rule("what to do in the first sitting")] = None
    plan: Annotated[
        Literal["path", "practice", "never"] | None,
        Rule("its part in a plan of /start; default: its format's"),
    ] = None
    caveats: Annotated[Claims, Rule("what one should know before choosing it")] = ()
    links: Annotated[Mapping[Line, Url], Rule("further addresses, by what they are")] = field(
        default_factory=dict
    )
    aliases: Annotated[tuple[Line, ...], Rule("other names people use for it")] = ()
    language: Language = "en"
    source: Annotated[Source, Rule("who named it first")] = Source.ADDED
    evidence: Annotated[Evidence, Rule("how well its facts are backed")] = Evidence.SECONDARY
    as_of: Annotated[Day, Rule("when its facts were last checked")]
    atoms: Annotated[tuple[Atom, ...], Rule("the statements of the post that it carries")] = ()
    was: Annotated[tuple[Id, ...], Rule("former ids, whose votes this resource keeps")] = ()


@dataclass(frozen=True, kw_only=True)
class ResourceFile(Strict):
    """A file under resources/: a group of resources that belong together."""

    resources: Annotated[tuple[Resource, ...], AtLeastOne]


@dataclass(frozen=True, kw_only=True)
class Facet(Strict):
    """A value that resources share: a style, format, cost, level or field."""

    id: Id
    label: Annotated[Line, Rule("plain words first: build first (top-down)")]
    description: Line | None = None
    aliases: tuple[Line, ...] = ()
    colour: Annotated[Colour | None, Rule('of the cards with this style: "#2E8B57"')] = None
    plan: Annotated[
        Literal["path", "practice"] | None,
        Rule("of a format, what it is in the plans of /start: a path to follow, or practice"),
    ] = None
    fills: Annotated[
        Literal["coding", "maths"] | None,
        Rule("of a field, what a newcomer may lack and can learn there; for plans"),
    ] = None


FacetKind = Literal["styles", "formats", "costs", "levels", "fields"]


@dataclass(frozen=True, kw_only=True)
class Facets(Strict):
    """All values that resources may use; a new one needs no code.

    Costs and levels stand from the least to the most. The first field is any field. The styles
    and formats that have a description are ways to learn between which `/start` lets choose.
    """

    styles: tuple[Facet, ...]
    formats: tuple[Facet, ...]
    costs: Annotated[tuple[Facet, ...], AtLeastOne]
    levels: tuple[Facet, ...]
    fields: Annotated[tuple[Facet, ...], AtLeastOne]

    def get(self, kind: FacetKind, id: str) -> Facet:
        """Return the facet of that kind and id; KeyError when there is none."""
        values: tuple[Facet, ...] = getattr(self, kind)
        for facet in values:
            if facet.id == id:
                return facet
        raise KeyError(f"{kind}: {id}")


@dataclass(frozen=True, kw_only=True)
class Vocabulary(Strict):
    """What words mean the same: concept → words and phrases that express it."""

    concepts: Mapping[Id, tuple[Line, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class OffTopic(Strict):
    """Questions that must not be answered; a false answer is mended by adding a line."""

    phrasings: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SmallTalk(Strict):
    """What people say to the bot without asking anything; a greeting where it has no answer."""

    phrasings: Annotated[
        tuple[Line, ...],
        AtLeastOne,
        Rule("greetings, thanks and the like; a message of several of them counts too"),
    ]
    answer: Annotated[Line | None, Rule("one friendly line; default: the greeting")] = None


@dataclass(frozen=True, kw_only=True)
class About(Strict):
    """The base as a whole: where its advice comes from and how to greet people."""

    format: Annotated[Literal[1], Rule("of the files; see bot.knowledge.load")] = 1
    language: Language = "en"
    subject: Annotated[Line, Rule('completes "I only know about …"')]
    advice: Annotated[Line, Rule("whose advice this is, for the foot of a card")]
    advice_url: Url | None = None
    checked: Annotated[Day, Rule("when the facts were last checked")]
    examples: Annotated[tuple[Line, ...], Rule("questions to try, shown to newcomers")] = ()
    featured: Annotated[
        tuple[Id, ...], Rule("topics offered as buttons in a greeting, and where nothing fits")
    ] = ()
    small_talk: tuple[SmallTalk, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Knowledge(Strict):
    """A whole, valid knowledge base. Mappings keep the order of the files."""

    about: About
    topics: Mapping[Id, Topic]
    resources: Mapping[Id, Resource]
    facets: Facets
    vocabulary: Vocabulary = Vocabulary()
    off_topic: OffTopic = OffTopic()

    @cached_property
    def current_id(self) -> Mapping[str, str]:
        """Every id, former ones too, to today's id, for topics and resources alike."""
        items: list[Topic | Resource] = [*self.topics.values(), *self.resources.values()]
        former = {old: item.id for item in items for old in item.was}
        return former | {item.id: item.id for item in items}


def kebab(text: str) -> str:
    """Return `text` as a kebab-case id: "Bottom up!" → "bottom-up"."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
