"""The frame: every sentence that the code asks for is there, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.frame import LOCALES, frame
from bot.knowledge.model import Source

BOT = Path(__file__).parent.parent / "bot"
CODE = "\n".join(path.read_text("utf-8") for path in BOT.rglob("*.py"))
BUILT = {f"source_{source}" for source in Source} | {
    key for key in frame().sentences if key.startswith("detail_")
}


def test_every_sentence_is_used() -> None:
    unused = [
        key
        for key in frame().sentences
        if key not in BUILT and not re.search(f"[\"']{key}[\"']", CODE)
    ]
    assert unused == []


def test_every_sentence_asked_for_exists() -> None:
    asked = set(re.findall(r"\bframe\(\s*\"([a-z_]+)\"", CODE))
    assert asked <= set(frame().sentences)


@pytest.mark.parametrize("path", sorted(LOCALES.glob("*.yaml")), ids=lambda path: path.stem)
def test_translations_have_the_same_sentences_and_names(path: Path) -> None:
    english, translated = frame("en").sentences, frame(path.stem).sentences
    assert set(translated) == set(english)
    for key, text in translated.items():
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", english[key]), key
