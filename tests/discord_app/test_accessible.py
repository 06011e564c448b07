"""Cards for people who see no colours, hear the screen or read with magnification."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.advice import Advisor, Base
from bot.advice.reply import NoMatch
from bot.discord_app.cards import Card, HelpCard, Notes, Others, Pen, render
from bot.frame import frame, shipped_languages
from tests.discord_app.acting import walk

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\[([^\]]+)\]\(\S+?\)")
EMPTY_WORDS = {"here", "link", "this", "click", "page", "more", "source", "hier", "dies"}
PICTOGRAM = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")


@pytest.fixture
async def shipped(base: Base) -> list[Card]:
    """Every card that the shipped knowledge can make, but for the pages of listings."""
    advisor, knowledge = Advisor(base), base.knowledge
    cards: list[Card] = [HelpCard(), advisor.greeting(), NoMatch(topics=advisor.greeting().topics)]
    for topic in knowledge.topics.values():
        cards += [await advisor.answer(topic), advisor.more(topic), Others((topic,))]
    cards += [await advisor.find(id) for id in base.catalogue.entries]
    return cards + [Notes(resource) for resource in knowledge.resources.values()]


def parts(cards: list[Card], base: Base, language: str) -> Iterator[dict[str, Any]]:
    pen = Pen(base.knowledge, frame(language), asker="0" * 8, replies=False)
    for card in cards:
        yield from walk(render(card, pen).to_components())


@pytest.mark.parametrize("language", sorted(shipped_languages()))
async def test_words_carry_all_meaning(shipped: list[Card], base: Base, language: str) -> None:
    """Each button and text has words of its own; no pictogram stands for any."""
    for part in parts(shipped, base, language):
        if part["type"] in (2, 10):
            said = part.get("label") or part.get("content") or ""
            assert re.search(r"[^\W\d_]{2}", said), part
            assert not PICTOGRAM.search(said), part
            assert "emoji" not in part


@pytest.mark.parametrize("language", sorted(shipped_languages()))
async def test_links_say_where_they_lead(shipped: list[Card], base: Base, language: str) -> None:
    """A screen reader lists links without the text around them."""
    texts = [name for part in parts(shipped, base, language) for name in link_texts(part)]
    assert len(texts) > 100
    assert not [text for text in texts if set(re.findall(r"\w+", text.lower())) <= EMPTY_WORDS]


async def test_buttons_of_a_card_are_told_apart_by_their_words(
    shipped: list[Card], base: Base
) -> None:
    """But for Helpful, which a screen reader reads right after its suggestion."""
    pen = Pen(base.knowledge, frame(), asker="0" * 8, replies=False)
    for card in shipped:
        labels = [
            part["label"] for part in walk(render(card, pen).to_components()) if part["type"] == 2
        ]
        own = [label for label in labels if not label.startswith("Helpful")]
        assert len(own) == len(set(own)), own


def test_pictures_in_the_documents_are_described() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    described = re.findall(r"!\[([^\]]*)\]\(", text)
    described += [
        alt[1] if (alt := re.search(r'alt="([^"]*)"', tag)) else ""
        for tag in re.findall(r"<img[^>]*>", text)
    ]
    assert described
    assert all(len(alt.split()) >= 5 for alt in described)


def link_texts(part: dict[str, Any]) -> list[str]:
    return LINK.findall(part.get("content", ""))
