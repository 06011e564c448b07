"""Which language a question is in, where it is clearly not the base's."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

FEWEST_WORDS = 3  # fewer say too little
FOREIGN_SHARE = 0.3  # of the words that must be a language's commonest ones
FEWEST_STRANGE = 2  # of these, words that the base's topics never use

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("uk", re.compile("[іїєґІЇЄҐ]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("fa", re.compile("[پچژگک]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
)


def foreign_language(
    text: str, tokens: Sequence[str], base: str, known: Collection[str]
) -> str | None:
    """Return the ISO 639-1 code of a text clearly not in the language `base`, else None.

    `text` is the question as written, `tokens` its normalised words, `known` the words of
    the base's topics, which speak for its language.
    """
    letters = "" if text.isascii() else "".join(filter(str.isalpha, text))
    latin = sum(letter < "\u0250" for letter in letters)
    if latin * 2 < len(letters):
        return _by_script(letters, base)
    return _by_words(tokens, base, known)


def _by_script(letters: str, base: str) -> str | None:
    """Return the language whose letters are the most; Japanese before Chinese."""
    counts = {language: len(pattern.findall(letters)) for language, pattern in _SCRIPTS}
    if counts["ja"]:
        counts["ja"] += counts["zh"]
    if counts["uk"]:
        counts["uk"] += counts["ru"]
    if counts["fa"]:
        counts["fa"] += counts["ar"]
    language = max(counts, key=lambda name: counts[name])
    return language if counts[language] and language != base else None


def _by_words(tokens: Sequence[str], base: str, known: Collection[str]) -> str | None:
    unheard = [token for token in tokens if token not in known]
    if len(tokens) < FEWEST_WORDS or len(unheard) < FEWEST_STRANGE:
        return None
    common = _stopwords()
    own = common.get(base, frozenset())
    counts = {
        language: sum(token in stopwords for token in tokens)
        for language, stopwords in common.items()
        if language != base
    }
    language = max(counts, key=lambda name: counts[name])
    at_home = sum(token in own and token not in common[language] for token in tokens)
    strange = sum(token in common[language] for token in unheard)
    enough = counts[language] >= FOREIGN_SHARE * len(tokens) and strange >= FEWEST_STRANGE
    return language if enough and counts[language] > at_home else None


@lru_cache(maxsize=1)
def _stopwords() -> Mapping[str, frozenset[str]]:
    text = (files("bot.matching") / "data" / "stopwords.txt").read_text("utf-8")
    lines = (line.split(":") for line in text.splitlines() if line and not line.startswith("#"))
    return {language.strip(): frozenset(rest.split()) for language, rest in lines}
