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
_SAYS_NEW = re.compile(
    r"(?<!\bdo )(?<!\bcan )(?<!\bwill )(?<!\bshould )(?<!\bwould )(?<!\bdid )"
    r"\bi (?:am|have|had|never|can not|do not|did not|already|only|just|hate|prefer|want|know|like"
    r"|work|study)\b"
    r"|\b(?:for me|my|never (?:coded|programmed)|(?:someone|somebody|people) who)\b"
)
_WHOLE = re.compile(  # round "•", a resource of the card
    r"(?:(?:and|but|so|then|ok|okay|well|hm+|cool|nice|thanks) )*"
    r"(?:(?:what|how) about |what (?:is|was) |is |more (?:about|on) |describe |explain "
    r"|(?:please |can you |could you )*(?:tell|show|give) me "
    r"(?:(?:a bit |a little )?more |something )?(?:about |on )?"
    r"|(?:i (?:want|would like) to |can i |could i )(?:know|see|hear|read|learn) "
    r"(?:more )?(?:about )?"
    r"|(?:any |some |more )?(?:details?|info|information) (?:about|on|of|for) )?"
    r"•(?: (?:about|like|again|please|then|though|any good|good|worth it))*"
)
_OWN_WORDS = 3  # a reply of fewer words leans on its card
_NOUNS = {"one", "resource", "suggestion", "option", "recommendation", "link"}
_POINTERS = {"the", "this", "that", "these", "those", "your"}
_ELSE = re.compile(
    r"\b(?:other|instead|else|another|rather|something|anything|what about|how about|where)\b"
)


@dataclass(frozen=True)
class Meant:
    """The resources of a card that a reply means; `whole`: it asks about the one as such.

    `implied` ones are not what the reply is about: it tells something new, or compares them.
    """

    resources: tuple[str, ...] = ()
    whole: bool = False
    implied: bool = False


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

    def meant(self, tokens: Sequence[str], shown: Sequence[str], asked: Sequence[Aspect]) -> Meant:
        """Return which of the resources shown a reply means: "the second", "the book", "it".

        None when it asks for something else, or for no fact of a resource.
        """
        shown = [resource for resource in shown if resource in self.resources]
        text = " ".join(tokens)
        by_format = self._of_format(tokens, shown)
        pointed = _place(tokens, by_format or shown)
        if pointed:
            return Meant((pointed,), whole=self._whole(tokens))
        if not shown or (_ELSE.search(text) and not (by_format and self._whole(tokens))):
            return Meant()
        numbered = self._numbered(tokens, shown)
        if numbered or by_format:
            found = (numbered,) if numbered else tuple(by_format)
            return Meant(found, whole=len(found) == 1 and self._whole(tokens))
        if not asked or (tuple(asked) == (Aspect.PREREQUISITES,) and not _THIS.search(text)):
            return Meant()
        several = bool(_SEVERAL.search(text))
        implied = several or bool(_SAYS_NEW.search(text))
        return Meant(tuple(shown) if several else (shown[0],), implied=implied)

    def bound(self, tokens: Sequence[str]) -> bool:
        """Say whether a reply means little without its card: it points at it, or is too short."""
        return self.points(tokens) or len(tokens) < _OWN_WORDS

    def points(self, tokens: Sequence[str]) -> bool:
        """Say whether a reply has a word for something on its card: "it", "the second"."""
        return any(token in _ORDINALS for token in tokens) or bool(_THIS.search(" ".join(tokens)))

    def _whole(self, tokens: Sequence[str]) -> bool:
        """Whether the words ask for nothing but the resource that they point at."""
        kept: list[str] = []
        for before, token in pairwise(["", *tokens]):
            place, noun = token in _ORDINALS, token in _NOUNS or stem(token) in self.formats
            if (place or noun) and before in _POINTERS:
                kept[-1] = "•"
            elif not (noun and kept and kept[-1] == "•" and before in _ORDINALS):
                kept.append("•" if place else token)
        return bool(_WHOLE.fullmatch(" ".join(kept)))

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
            if before in _POINTERS
        }
        return [resource for resource in shown if self.resources[resource].format in asked]


def _place(tokens: Sequence[str], pool: Sequence[str]) -> str | None:
    """Return the resource in the place that the words name: "the second", "second one"."""
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        place = _ORDINALS.get(token)
        pointed = before in {"the", "that", "your"} or after == "one"
        if pointed and place is not None and pool[place:]:
            return pool[place]
    return None


def asks(normalised: str) -> bool:
    """Say whether a reply asks for something, rather than thanks or chats."""
    return bool(_ASKS.search(" ".join(normalised.split())))
