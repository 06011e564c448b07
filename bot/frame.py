"""The frame: the sentences around an answer, from `bot/locales/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

LOCALES = Path(__file__).parent / "locales"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"


@dataclass(frozen=True)
class Frame:
    """The frame's sentences in one language."""

    sentences: Mapping[str, str]
    languages: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence with its {names} filled in; KeyError when it is missing."""
        return self.sentences[key].format(**values) if values else self.sentences[key]

    def month(self, day: date) -> str:
        """Return a date as people read it on a card: Nov 2026."""
        return f"{MONTHS.split()[day.month - 1]} {day.year}"


@lru_cache
def frame(language: str = "en") -> Frame:
    """Return the frame of a language that is shipped."""
    data = yaml.safe_load((LOCALES / f"{language}.yaml").read_text("utf-8"))
    languages = data.pop("languages")
    return Frame({key: str(text) for key, text in data.items()}, languages)
