"""Follow-ups: what a reply to a card refers to, and whether it asks anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.knowledge.model import Facet, Resource
from bot.matching.model import Aspect, Context
from bot.matching.text import normalise, stem, words

_ASKS = re.compile(
    r"\?|^(?:(?:and|but|ok|okay|so|hm+|well|thanks|cool|nice|also) )*"
    r"(?:what|which|who|whose|how|why|when|where|is|are|was|do|does|did|can|could|should|would|will"
    r"|am|has|have|any|anything|something|for|in|with|without|too|i would (?:rather|prefer)"
    r"|i (?:prefer|do not|can not|only|already|need|want|hate|am)|tell me|show me|versus"
    r"|compared|instead|rather)\b"
)
_SEVERAL = re.compile(r"\b(?:these|those|them|they|both|either|any|all|each|which|the two|more)\b")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_SHORT = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th")
_PLACES = {word: n for words in (_ORDINALS, _SHORT) for n, word in enumerate(words)} | {"last": -1}
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NUMBERED = re.compile(  # "number two", "no. 3", "#2"; "no one" is nobody, "my number one" a wish
    r"(?:(?<!my )\b(?:number|num|nr|option|choice|suggestion|resource)\b[ .]*#?"
    rf"(?P<word>[1-9]|{'|'.join(_CARDINALS)})"
    r"|\bno\b[ .]*(?P<digit>[1-9])|(?<!\w)#(?P<hash>[1-9]))(?![\w.]*\w)"
)
_DIGIT = re.compile(r"\s*#?([1-9])[\s.)?!]*")
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
_MORE = re.compile(  # a resource's name follows
    r"(?:(?:and|but|so|ok|okay|cool|nice|thanks|please|can you|could you) )*"
    r"(?:(?:tell|show|give) me )?"
    r"(?:(?:a bit |a little |some |any )?more(?: details?| info| information)?"
    r"|(?:some |any )?(?:details?|info|information)) (?:about|on|of|for) (?:the )?"
    r"(?P<name>.+?)(?: please)?"
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

    def meant(self, tokens: Sequence[str], context: Context, asked: Sequence[Aspect]) -> Meant:
        """Return which of the resources shown a reply means: "the second", "the book", "it".

        None when it asks for something else, or for no fact of a resource.
        """
        shown = [resource for resource in context.resources if resource in self.resources]
        listed = [resource for resource in context.listed if resource in self.resources]
        text, whole = " ".join(tokens), self._whole(tokens)
        by_format = self._of_format(tokens, shown) or self._of_format(tokens, listed)
        pointed = _place(tokens, by_format or listed or shown, alone=whole)
        if pointed:
            return Meant((pointed,), whole=whole)
        if not shown or (_ELSE.search(text) and not (by_format and whole)):
            return Meant()
        numbered = self._numbered(tokens, shown)
        if numbered or by_format:
            found = (numbered,) if numbered else tuple(by_format)
            return Meant(found, whole=len(found) == 1 and whole)
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
        return any(token in _PLACES for token in tokens) or bool(_THIS.search(" ".join(tokens)))

    def _whole(self, tokens: Sequence[str]) -> bool:
        """Whether the words ask for nothing but the resource that they point at."""
        kept: list[str] = []
        for before, token in pairwise(["", *tokens]):
            place, noun = token in _PLACES, token in _NOUNS or stem(token) in self.formats
            if (place or noun) and before in _POINTERS:
                kept[-1] = "•"
            elif not (noun and kept and kept[-1] == "•" and before in _PLACES):
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


def numbered(normalised: str) -> str:
    """Write a place on a card out: "number two", "no. 3", "#2", a lone "2" as "the second"."""
    if alone := _DIGIT.fullmatch(normalised):
        return _ordinal(alone[1])
    return _NUMBERED.sub(lambda found: _ordinal(str(found[found.lastgroup or 0])), normalised)


def _ordinal(number: str) -> str:
    place = _CARDINALS.index(number) if number in _CARDINALS else int(number) - 1
    return f"the {_ORDINALS[place]}"


def more_about(tokens: Sequence[str]) -> tuple[str, ...]:
    """Return the words of the name that a reply wants more about and of nothing else; or none."""
    found = _MORE.fullmatch(" ".join(tokens))
    return tuple(found["name"].split()) if found else ()


def _place(tokens: Sequence[str], pool: Sequence[str], *, alone: bool) -> str | None:
    """Return the resource in the place that the words name: "the second", "second one".

    `alone` says that they ask for nothing else: then "second?" will do.
    """
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        place = _PLACES.get(token)
        pointed = alone or before in {"the", "that", "your"} or after == "one"
        if pointed and place is not None and pool[place:]:
            return pool[place]
    return None


def asks(normalised: str) -> bool:
    """Say whether a reply asks for something, rather than thanks or chats."""
    return bool(_ASKS.search(" ".join(normalised.split())))
