"""What a question names: resources by their titles and aliases, and the fact asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.model import Resource
from bot.matching.model import Aspect
from bot.matching.text import normalise, words

LONGEST_NAME = 9  # words

# On normalised text (lower case, contractions written out), looked for in this order.
_ASPECTS: Mapping[Aspect, re.Pattern[str]] = {
    Aspect.COST: re.compile(
        r"\b(?:costs?|price[sdy]?|pricing|pricey|free|paid|pay|paying|payment|cheap(?:er"
        r"|est)?|expensive|fees?"
        r"|money|afford(?:able)?|subscription|refund|trial|charged?|dollars?|euros?|bucks"
        r"|how much (?:is|are|does|do|for|would)(?! (?:math|time))|per month|a month)\b(?! time)"
    ),
    Aspect.TIME: re.compile(
        r"\b(?:how long|how many (?:hours?|days?|weeks?|months?|lessons?|pages|videos|minutes"
        r"|chapters)|how much time"
        r"|(?:takes?|last) (?:long(?:er|est)?|quick(?:er|est)?|short(?:er|est)?)|duration"
        r"|hours?|weekends?"
        r"|(?:in|one|two|a few|per) (?:days?|weeks?|months?)|quick(?:er|est)|shorter|shortest"
        r"|longer|longest"
        r"|time commitment|fast(?:er|est)?(?!\W?ai))\b"
    ),
    Aspect.PREREQUISITES: re.compile(
        r"\b(?:prerequisites?|requirements?|required?|requires|need to (?:know|have|be|understand)"
        r"|(?:need|needs|know|without|enough|no|much|any|knowing"
        r"|good at) (?:\w+ ){0,3}?(?:maths?|mathematics|calculus|algebra"
        r"|python|programming|coding|code|experience|background|knowledge|statistics|gpu|degree)"
        r"|can not (?:code|program)|never (?:coded|programmed)|assumes?|beginner friendly"
        r"|(?:for|as) (?:a )?(?:complete |total |absolute )?beginners?"
        r"|years? old|background|level|too (?:hard|advanced|difficult)"
        r"|how (?:hard|difficult|advanced))\b"
    ),
    Aspect.EDITION: re.compile(
        r"\b(?:versions?|editions?|outdated|out of date|up to date|updated?|updates|new(?:er"
        r"|est)|latest"
        r"|recent|current|still (?:good|relevant|valid|current|worth|ok|fine|work|works)"
        r"|deprecated|obsolete"
        r"|dated|how old|too old|when was|what year|which year|(?<!year )(?<!years )old)\b"
    ),
    Aspect.AUTHOR: re.compile(
        r"\b(?:who (?:is|are|made|makes|wrote|writes|teaches|taught|created|runs|built|gives"
        r"|does)|authors?"
        r"|instructors?|lecturers?|written by|taught by|made by|teacher|behind (?:it|this|that))\b"
    ),
    Aspect.FORMAT: re.compile(
        r"\b(?:formats?|videos?|pdf|ebook|kindle|print(?:ed)?|audio|subtitles|notebooks?|exercises"
        r"|(?:to|rather) (?:read|watch|listen)|watch|text|paper ?back|slides|transcripts?"
        r"|a book|a course|online)\b"
    ),
}


@dataclass(frozen=True)
class Names:
    """Names of resources as words, with the resource each stands for."""

    resources: Mapping[tuple[str, ...], str]
    starts: frozenset[str]

    @classmethod
    def of(cls, resources: Iterable[Resource]) -> Names:
        """Collect titles and aliases; the first resource that has a name keeps it."""
        found: dict[tuple[str, ...], str] = {}
        for resource in resources:
            for name in (resource.title, *resource.aliases):
                for spelling in (name, name.replace(".", " ")):
                    key = tuple(words(normalise(f" {spelling} ")))
                    if key and len(key) <= LONGEST_NAME:
                        found.setdefault(key, resource.id)
        return cls(found, frozenset(key[0] for key in found))

    def found(self, tokens: Sequence[str]) -> tuple[str, ...]:
        """Return the resources that the words name, in their order; longer names win."""
        named: list[str] = []
        position = 0
        while position < len(tokens):
            taken = 1
            if tokens[position] in self.starts:
                for length in range(min(LONGEST_NAME, len(tokens) - position), 0, -1):
                    resource = self.resources.get(tuple(tokens[position : position + length]))
                    if resource:
                        named.append(resource)
                        taken = length
                        break
            position += taken
        return tuple(dict.fromkeys(named))


def aspects(normalised: str) -> tuple[Aspect, ...]:
    """Return the facts that a normalised question asks for."""
    return tuple(aspect for aspect, pattern in _ASPECTS.items() if pattern.search(normalised))
