"""The frame: the sentences around an answer, from `bot/locales/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

LOCALES = Path(__file__).parent / "locales"
ENGLISH = "en"


@dataclass(frozen=True)
class Frame:
    """The frame's sentences in one language."""

    language: str
    sentences: Mapping[str, str]
    languages: Mapping[str, str]  # the sentence for a question in a language not spoken
    months: tuple[str, ...]

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence with its {names} filled in; KeyError when it is missing."""
        return self.sentences[key].format(**values) if values else self.sentences[key]

    def month(self, day: date) -> str:
        """Return a date as people read it on a card: Nov 2026."""
        return f"{self.months[day.month - 1]} {day.year}"


@lru_cache
def frame(locale: str = ENGLISH) -> Frame:
    """Return the frame for a Discord locale ("de", "pt-BR"); English where none is shipped.

    See https://discord.com/developers/docs/reference#locales.
    """
    language = locale.partition("-")[0]
    shipped = language if language in shipped_languages() else ENGLISH
    data = yaml.safe_load((LOCALES / f"{shipped}.yaml").read_text("utf-8"))
    languages, months = data.pop("languages"), data.pop("months")
    sentences = {key: str(text) for key, text in data.items()}
    return Frame(shipped, sentences, languages, tuple(months.split()))


@lru_cache
def shipped_languages() -> frozenset[str]:
    """Return the languages that have a file."""
    return frozenset(path.stem for path in LOCALES.glob("*.yaml"))
