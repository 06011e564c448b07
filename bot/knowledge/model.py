"""The knowledge base as frozen models: what a YAML file may say, and what the rest reads.

Text fields are plain text or Discord Markdown; lengths are in characters. Cross-references
(a topic's resources, a resource's style) are checked by `bot.knowledge.load`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

ID_LENGTH = 40  # two ids and a prefix must fit Discord's custom_id of 100 characters

Id = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=ID_LENGTH),
    Field(description="kebab-case, at most 40 characters; stays when the text changes"),
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\n]*$")]
Url = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s<>()\"]+\.[^\s<>()\"]+$", max_length=500),
    Field(description="http:// or https://, without spaces or brackets"),
]
Atom = Annotated[str, StringConstraints(pattern=r"^A[0-9]{3}$")]


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
    source: Source = Source.ADDED
    atoms: tuple[Atom, ...] = ()
    as_of: date | None = Field(None, description="when this was last true, if it can age")


def _claims(value: Any) -> Any:
    """Let a plain string stand for one claim: a minimal topic needs nothing more."""
    if isinstance(value, str):
        return ({"text": value},)
    if isinstance(value, list):
        return tuple({"text": item} if isinstance(item, str) else item for item in value)
    return value


Claims = Annotated[tuple[Claim, ...], BeforeValidator(_claims)]


class TopicSuggestion(Frozen):
    """A resource offered under a topic; `why` replaces the resource's own line there."""

    resource: Id
    why: Line | None = None


def _suggestion(value: Any) -> Any:
    return {"resource": value} if isinstance(value, str) else value


class Topic(Frozen):
    """One thing newcomers ask, and its answer. Minimal: id, title, answer, phrasings."""

    id: Id
    title: Line = Field(description="short name, shown on buttons and in lists")
    heading: Line | None = Field(None, description="the answer in one line; default: the title")
    answer: Annotated[Claims, Field(min_length=1)]
    more: Claims = Field((), description="longer advice, shown on demand")
    suggestions: tuple[Annotated[TopicSuggestion, BeforeValidator(_suggestion)], ...] = Field(
        (), description="resources, best first"
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
    style: Id
    format: Id
    cost: Id
    level: Id
    fields: tuple[Id, ...] = Field(("general",), description="subjects it is made for")
    authors: tuple[Line, ...] = ()
    time: Line | None = Field(None, description='short, for the facts line: "about 40 h"')
    hours: float | None = Field(None, gt=0, description="total hours, for plans")
    prerequisites: Line | None = None
    price: Line | None = Field(None, description="one sentence on what is free and what is not")
    edition: Line | None = Field(None, description="one sentence on versions and dates")
    first_step: Line | None = Field(None, description="what to do in the first sitting")
    caveats: Claims = ()
    links: Mapping[Line, Url] = Field({}, description="further addresses, by what they are")
    aliases: tuple[Line, ...] = Field((), description="other names people use for it")
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "en"
    source: Source = Source.ADDED
    evidence: Evidence = Evidence.SECONDARY
    as_of: date
    atoms: tuple[Atom, ...] = ()
    was: tuple[Id, ...] = ()


class Facet(Frozen):
    """A value that resources share: a style, format, cost, level or field."""

    id: Id
    label: Line = Field(description="plain words first: build first (top-down)")
    description: Line | None = None
    aliases: tuple[Line, ...] = ()
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None


FacetKind = Literal["styles", "formats", "costs", "levels", "fields"]


class Facets(Frozen):
    """All values that resources may use; a new one needs no code."""

    styles: tuple[Facet, ...]
    formats: tuple[Facet, ...]
    costs: tuple[Facet, ...]
    levels: tuple[Facet, ...]
    fields: tuple[Facet, ...]

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


class About(Frozen):
    """The base as a whole: where its advice comes from and how to greet people."""

    format: Literal[1] = 1
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "en"
    subject: Line = Field(description='completes "I only know about …"')
    advice: Line = Field(description="whose advice this is, for the foot of a card")
    advice_url: Url | None = None
    checked: date = Field(description="when the facts were last checked")
    examples: tuple[Line, ...] = Field((), description="questions to try, shown to newcomers")
    featured: tuple[Id, ...] = Field((), description="topics offered as buttons in a greeting")


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
