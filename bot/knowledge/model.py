"""The knowledge base as frozen models: what a YAML file may say, and what the rest reads.

Text fields are plain text or Discord Markdown; lengths are in characters. Cross-references
(a topic's resources, a resource's style) are checked by `bot.knowledge.check`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

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
    StringConstraints(pattern=ID_PATTERN, max_length=ID_LENGTH),
    Field(description="kebab-case, at most 40 characters; stays when the text changes"),
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=LINE_PATTERN)]
Url = Annotated[
    str,
    StringConstraints(pattern=URL_PATTERN, max_length=500),
    Field(description="http:// or https://, without spaces or brackets"),
]
Atom = Annotated[str, StringConstraints(pattern=ATOM_PATTERN)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]


def _day(value: Any) -> Any:
    """Take a day as YAML or a quoted text gives it, and no number: 2026 is not a day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise PydanticCustomError("day", "is not a day") from None


Day = Annotated[date, BeforeValidator(_day)]


class Frozen(BaseModel):
    """Base of the models: immutable, and unknown keys are problems."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


class Claim(Frozen):
    """A sentence or two of an answer, with whose word it is."""

    text: Text
    source: Source = Field(Source.ADDED, description="whose word this is")
    atoms: tuple[Atom, ...] = Field((), description="the statements of the post that it carries")
    as_of: Day | None = Field(None, description="when this was last true, if it can age")


def _claims(value: Any) -> Any:
    """Let a plain string stand for one claim: a minimal topic needs nothing more."""
    if isinstance(value, str):
        return ({"text": value},)
    if isinstance(value, list):
        return tuple({"text": item} if isinstance(item, str) else item for item in value)
    return value


_ClaimList = list[Text | Claim]  # as a file may write them
Claims = Annotated[
    tuple[Claim, ...], BeforeValidator(_claims, json_schema_input_type=Text | _ClaimList)
]
SomeClaims = Annotated[
    tuple[Claim, ...],
    Field(min_length=1),
    BeforeValidator(
        _claims, json_schema_input_type=Text | Annotated[_ClaimList, Field(min_length=1)]
    ),
]


class TopicSuggestion(Frozen):
    """A resource offered under a topic; `why` replaces the resource's own line there."""

    resource: Id
    why: Line | None = None


def _suggestion(value: Any) -> Any:
    """Let a plain id stand for a suggestion with the resource's own line."""
    return {"resource": value} if isinstance(value, str) else value


Suggested = Annotated[
    TopicSuggestion, BeforeValidator(_suggestion, json_schema_input_type=Id | TopicSuggestion)
]


class Topic(Frozen):
    """One thing newcomers ask, and its answer. Minimal: id, title, answer, phrasings."""

    id: Id
    title: Line = Field(description="short name, shown on buttons and in lists")
    heading: Line | None = Field(None, description="the answer in one line; default: the title")
    answer: SomeClaims = Field(description="two to four short sentences")
    more: Claims = Field((), description="longer advice, shown on demand")
    suggestions: tuple[Suggested, ...] = Field(
        (), description="resources, best first; a card shows the first three"
    )
    phrasings: Annotated[tuple[Line, ...], Field(min_length=1)] = Field(
        description="example questions, as people write them"
    )
    second: Line | None = Field(
        None, description="the answer in one line when this is the second part of a question"
    )
    style: Id | None = Field(
        None, description="colours the card; an id under styles in facets.yaml"
    )
    broader: tuple[Id, ...] = Field((), description="topics that this one refines")
    was: tuple[Id, ...] = Field((), description="former ids, whose votes this topic keeps")


class Resource(Frozen):
    """Something to learn from. Every fact lives here, once."""

    id: Id
    title: Line
    short: Line | None = Field(None, description="its name on a topic's card; default: the title")
    url: Url
    why: Line = Field(description="one line: what it does for whom")
    style: Id = Field(description="an id under styles in facets.yaml")
    format: Id = Field(description="an id under formats in facets.yaml")
    cost: Id = Field(description="an id under costs in facets.yaml")
    level: Id = Field(description="an id under levels in facets.yaml")
    fields: tuple[Id, ...] = Field(
        ("general",), description="subjects it is made for: ids under fields in facets.yaml"
    )
    authors: tuple[Line, ...] = ()
    time: Line | None = Field(None, description='short, for the facts line: "about 40 h"')
    hours: float | None = Field(
        None, gt=0, strict=True, allow_inf_nan=False, description="total hours, for plans"
    )
    first_hours: float | None = Field(
        None,
        gt=0,
        strict=True,
        allow_inf_nan=False,
        description="hours of the first step, where it cannot be stopped at any time; for plans",
    )
    prerequisites: Line | None = Field(None, description="one sentence on what to know before")
    price: Line | None = Field(None, description="one sentence on what is free and what is not")
    edition: Line | None = Field(None, description="one sentence on versions and dates")
    first_step: Line | None = Field(None, description="what to do in the first sitting")
    plan: Literal["path", "practice", "never"] | None = Field(
        None, description="its part in a plan of /start; default: its format's"
    )
    caveats: Claims = Field((), description="what one should know before choosing it")
    links: Mapping[Line, Url] = Field({}, description="further addresses, by what they are")
    aliases: tuple[Line, ...] = Field((), description="other names people use for it")
    language: Language = "en"
    source: Source = Field(Source.ADDED, description="who named it first")
    evidence: Evidence = Field(Evidence.SECONDARY, description="how well its facts are backed")
    as_of: Day = Field(description="when its facts were last checked")
    atoms: tuple[Atom, ...] = Field((), description="the statements of the post that it carries")
    was: tuple[Id, ...] = Field((), description="former ids, whose votes this resource keeps")


class ResourceFile(Frozen):
    """A file under resources/: a group of resources that belong together."""

    resources: Annotated[tuple[Resource, ...], Field(min_length=1)]


class Facet(Frozen):
    """A value that resources share: a style, format, cost, level or field."""

    id: Id
    label: Line = Field(description="plain words first: build first (top-down)")
    description: Line | None = None
    aliases: tuple[Line, ...] = ()
    colour: Annotated[str, StringConstraints(pattern=COLOUR_PATTERN)] | None = Field(
        None, description='of the cards with this style: "#2E8B57"'
    )
    plan: Literal["path", "practice"] | None = Field(
        None,
        description="of a format, what it is in the plans of /start: a path to follow, or practice",
    )
    fills: Literal["coding", "maths"] | None = Field(
        None, description="of a field, what a newcomer may lack and can learn there; for plans"
    )


FacetKind = Literal["styles", "formats", "costs", "levels", "fields"]


class Facets(Frozen):
    """All values that resources may use; a new one needs no code.

    Costs and levels stand from the least to the most. The first field is any field. The styles
    and formats that have a description are ways to learn between which `/start` lets choose.
    """

    styles: tuple[Facet, ...]
    formats: tuple[Facet, ...]
    costs: Annotated[tuple[Facet, ...], Field(min_length=1)]
    levels: tuple[Facet, ...]
    fields: Annotated[tuple[Facet, ...], Field(min_length=1)]

    def get(self, kind: FacetKind, id: str) -> Facet:
        """Return the facet of that kind and id; KeyError when there is none."""
        values: tuple[Facet, ...] = getattr(self, kind)
        for facet in values:
            if facet.id == id:
                return facet
        raise KeyError(f"{kind}: {id}")


class Vocabulary(Frozen):
    """What words mean the same: concept → words and phrases that express it."""

    concepts: Mapping[Id, tuple[Line, ...]] = {}


class OffTopic(Frozen):
    """Questions that must not be answered; a false answer is mended by adding a line."""

    phrasings: tuple[Line, ...] = ()


class SmallTalk(Frozen):
    """What people say to the bot without asking anything; a greeting where it has no answer."""

    phrasings: Annotated[tuple[Line, ...], Field(min_length=1)] = Field(
        description="greetings, thanks and the like; a message of several of them counts too"
    )
    answer: Line | None = Field(None, description="one friendly line; default: the greeting")


class About(Frozen):
    """The base as a whole: where its advice comes from and how to greet people."""

    format: Literal[1] = Field(1, description="of the files; see bot.knowledge.load")
    language: Language = "en"
    subject: Line = Field(description='completes "I only know about …"')
    advice: Line = Field(description="whose advice this is, for the foot of a card")
    advice_url: Url | None = None
    checked: Day = Field(description="when the facts were last checked")
    examples: tuple[Line, ...] = Field((), description="questions to try, shown to newcomers")
    featured: tuple[Id, ...] = Field(
        (), description="topics offered as buttons in a greeting, and where nothing fits"
    )
    small_talk: tuple[SmallTalk, ...] = ()


class Knowledge(Frozen):
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
