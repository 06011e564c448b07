"""Every statement of the post is reached by asking, through the real matcher and card.

`atoms.yaml` holds a question for each and the words that its card must show ("More"
included). A question that is only answered by "Did you mean…" counts when the first
offer has the words, one press away; but at most a quarter of them may need it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rapidfuzz import fuzz, utils

from bot.advice import Advisor, Base
from bot.advice.reply import Answer, More, Suggest
from bot.discord_app.cards import Card, Pen, render
from bot.frame import frame
from bot.knowledge.model import Knowledge

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("atoms.yaml").read_text("utf-8"))
ROWS: list[dict[str, Any]] = TABLE["rows"]
DIRECT = 0.75  # share of the questions that must be answered at once
UNLIKE = 85  # rapidfuzz ratio that a question stays below with every phrasing of the base


def shown(card: Card, knowledge: Knowledge) -> str:
    """Return the words on a card as people read them, addresses of links included."""
    found: list[str] = []

    def walk(data: Any) -> None:
        if isinstance(data, dict):
            found.append(data.get("content", ""))
            walk(list(data.values()))
        elif isinstance(data, list):
            for inner in data:
                walk(inner)

    walk(render(card, Pen(knowledge, frame())).to_components())
    return " ".join(re.sub(r"\*\*|__", "", " ".join(found)).split()).casefold()


async def ask(advisor: Advisor, question: str) -> tuple[bool, str]:
    """Return whether a question is answered at once, and all that its topic's cards show."""
    reply = (await advisor.advise(question)).reply
    direct = isinstance(reply, Answer)
    if isinstance(reply, Suggest):
        reply = await advisor.answer(reply.topics[0])
    if not isinstance(reply, Answer):
        return False, ""
    cards = (reply, More(reply.topic))
    return direct, " ".join(shown(card, advisor.knowledge) for card in cards)


@pytest.mark.parametrize("row", ROWS, ids=[row["atom"] for row in ROWS])
async def test_the_card_shows_the_statement(row: dict[str, Any], base: Base) -> None:
    _, text = await ask(Advisor(base), row["ask"])
    for words in row["shows"]:
        either = [one.strip().casefold() for one in words.split("|")]
        assert any(one in text for one in either), f"{words!r} not in: {text[:400]}"


async def test_nearly_all_are_answered_at_once(base: Base) -> None:
    advisor = Advisor(base)
    unsure = [row["ask"] for row in ROWS if not (await ask(advisor, row["ask"]))[0]]
    assert len(unsure) <= (1 - DIRECT) * len(ROWS), unsure


def test_every_statement_has_its_row() -> None:
    asked = [row["atom"] for row in ROWS]
    assert len(asked) == len(set(asked))
    assert {*asked, *TABLE["exempt"]} == {f"A{number:03}" for number in range(1, 101)}
    assert not {*asked} & {*TABLE["exempt"]}
    assert len(TABLE["exempt"]) <= 5


@pytest.mark.parametrize("row", ROWS, ids=[row["atom"] for row in ROWS])
def test_a_statement_is_asked_for_in_other_words_than_the_base_knows(
    row: dict[str, Any], knowledge: Knowledge
) -> None:
    question = utils.default_process(row["ask"])
    nearest = max(
        (fuzz.ratio(question, known), known)
        for topic in knowledge.topics.values()
        for known in processed(topic.phrasings)
    )
    assert nearest[0] < UNLIKE, nearest


@cache
def processed(phrasings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(utils.default_process(phrasing) for phrasing in phrasings)
