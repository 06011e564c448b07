"""A knowledge base with everything that is looked up in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2s

from bot.advice.catalogue import Catalogue
from bot.advice.small_talk import spoken
from bot.knowledge.model import Knowledge, SmallTalk
from bot.matching import Matcher


@dataclass(frozen=True)
class Base:
    """A knowledge base ready to be asked: replaced as a whole, never changed."""

    knowledge: Knowledge
    matcher: Matcher
    catalogue: Catalogue

    @classmethod
    def of(cls, knowledge: Knowledge) -> Base:
        """Build the indexes over a knowledge base."""
        return cls(knowledge, Matcher(knowledge), Catalogue(knowledge))

    @cached_property
    def id_by_key(self) -> Mapping[str, str]:
        """Ids of topics and resources by their short key, former ids too."""
        return {short_key(id): current for id, current in self.knowledge.current_id.items()}

    @cached_property
    def small_talk(self) -> Mapping[tuple[str, ...], SmallTalk]:
        """What people say without asking anything, by its words."""
        return spoken(self.knowledge)


def short_key(id: str) -> str:
    """Return eight hex digits for an id, so that several fit into one button's id."""
    return blake2s(id.encode(), digest_size=4).hexdigest()
