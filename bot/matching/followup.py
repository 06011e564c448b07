"""Follow-ups: what a reply to a card refers to, and whether it asks anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.knowledge.model import Facet, Resource
from bot.matching.model import Aspect
from bot.matching.text import normalise, stem, words

_ASKS = re.compile(
    r"\?|^(?:(?:and|but|ok|okay|so|hm+|well|thanks|cool|nice|also) )*"
    r"(?:what|which|who|whose|how|why|when|where|is|are|was|do|does|did|can|could|should|would|will"
    r"|am|has|have|any|anything|something|for|in|with|without|too|i would (?:rather|prefer)"
    r"|i (?:prefer|do not|can not|only|already|need|want|hate|am)|tell me|show me|versus"
    r"|compared|instead|rather)\b"
)
_SEVERAL = re.compile(r"\b(?:these|those|them|they|both|either|any|all|each|which|the two|more)\b")
_ORDINALS = {"first": 0, "second": 1, "third": 2, "1st": 0, "2nd": 1, "3rd": 2, "last": -1}
_THIS = re.compile(r"\b(?:it|this|that|these|those|them|they|one|either|both)\b")
_ELSE = re.compile(
    r"\b(?:other|instead|else|another|rather|something|anything|what about|how about|where)\b"
)


@dataclass(frozen=True)
class FollowUps:
    """Resolves references against the resources of one base."""

    resources: Mapping[str, Resource]
    formats: Mapping[str, str]  # stem of a word for a format → the format's id

    @classmethod
    def of(cls, resources: Mapping[str, Resource], formats: Sequence[Facet]) -> FollowUps:
        """Collect the words for formats; the first format that has a word keeps it."""
        named: dict[str, str] = {}
        for facet in formats:
            for name in (facet.id, facet.label, *facet.aliases):
                found = words(normalise(name))
                if len(found) == 1:
                    named.setdefault(stem(found[0]), facet.id)
        return cls(resources, named)

    def meant(
        self, tokens: Sequence[str], shown: Sequence[str], asked: Sequence[Aspect]
    ) -> tuple[str, ...]:
        """Return which of the resources shown a reply means: "the second", "the book", "it".

        Empty when it asks for something else, or for no fact of a resource.
        """
        shown = [resource for resource in shown if resource in self.resources]
        text = " ".join(tokens)
        if not shown or _ELSE.search(text):
            return ()
        by_format = self._of_format(tokens, shown)
        chosen = _placed(tokens, by_format or shown) or self._numbered(tokens, shown)
        if chosen:
            return (chosen,)
        if by_format:
            return tuple(by_format)
        if not asked or (tuple(asked) == (Aspect.PREREQUISITES,) and not _THIS.search(text)):
            return ()
        return tuple(shown) if _SEVERAL.search(text) else (shown[0],)

    def _numbered(self, tokens: Sequence[str], shown: Sequence[str]) -> str | None:
        """Return the resource whose title has the same part: "part 2"."""
        for before, token in pairwise(tokens):
            if before == "part":
                titled = f"part {token}"
                found = [r for r in shown if titled in normalise(self.resources[r].title)]
                return found[0] if found else None
        return None

    def _of_format(self, tokens: Sequence[str], shown: Sequence[str]) -> list[str]:
        asked = {
            self.formats.get(stem(token))
            for before, token in pairwise(tokens)
            if before in {"the", "this", "that", "these", "those", "your"}
        }
        return [resource for resource in shown if self.resources[resource].format in asked]


def _placed(tokens: Sequence[str], pool: Sequence[str]) -> str | None:
    """Return the resource in the place that the words name: "the second one"."""
    for before, token in pairwise(tokens):
        place = _ORDINALS.get(token)
        if before in {"the", "that", "your"} and place is not None and place < len(pool):
            return pool[place]
    return None


def asks(normalised: str) -> bool:
    """Say whether a reply asks for something, rather than thanks or chats."""
    return bool(_ASKS.search(" ".join(normalised.split())))
