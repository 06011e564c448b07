"""The frame: the sentences around an answer, from `bot/locales/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

LOCALES = Path(__file__).parent / "locales"
ENGLISH = "en"
ONE, OTHER = "one", "other"  # the forms of a sentence that counts; CLDR's names

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # seven times as fast in C

Sentence = str | Mapping[str, str]


@dataclass(frozen=True)
class Frame:
    """The frame's sentences in one language."""

    language: str
    sentences: Mapping[str, Sentence]
    languages: Mapping[str, str]  # the sentence for a question in a language not spoken
    months: tuple[str, ...]

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence with its {names} filled in; KeyError when it is missing.

        A sentence with the forms `one` and `other` is chosen by the value of `count`.
        """
        sentence = self.sentences[key]
        if not isinstance(sentence, str):
            sentence = sentence[ONE if values["count"] == 1 else OTHER]
        return sentence.format(**values) if values else sentence

    def month(self, day: date) -> str:
        """Return a date as people read it on a card: Nov 2026."""
        return f"{self.months[day.month - 1]} {day.year}"


def frame(locale: str = ENGLISH) -> Frame:
    """Return the frame for a Discord locale ("de", "pt-BR"); English where none is shipped.

    See https://discord.com/developers/docs/reference#locales.
    """
    language = locale.partition("-")[0]
    return _shipped(language if language in shipped_languages() else ENGLISH)


@lru_cache
def _shipped(language: str) -> Frame:
    data = read(language)
    languages = data.pop("languages") if language == ENGLISH else _shipped(ENGLISH).languages
    data.pop("languages", None)
    return Frame(language, data, languages, tuple(data.pop("months").split()))


def read(language: str) -> dict[str, Any]:
    """Return a language's file as it is written."""
    text = (LOCALES / f"{language}.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, PARSER)  # noqa: S506  both are safe ones
    return data


@lru_cache
def shipped_languages() -> frozenset[str]:
    """Return the languages that have a file."""
    return frozenset(path.stem for path in LOCALES.glob("*.yaml"))
