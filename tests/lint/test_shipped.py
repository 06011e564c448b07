"""The shipped base: no errors, quickly checked; and what its size shows about the rules."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import date

import pytest

from bot.advice.reply import Answer, Detail, More, Suggestion
from bot.discord_app.cards import BUDGETS, Pen, render
from bot.frame import frame
from bot.knowledge.draft import Draft, Place
from bot.knowledge.load import read_draft
from bot.knowledge.model import Claim, Knowledge, Resource
from bot.knowledge.read import Document
from bot.lint import Severity, lint, texts
from bot.lint.phrasings import FEW
from bot.settings import shipped_knowledge

CHECKED = date(2026, 11, 23)


def places(knowledge: Knowledge) -> Draft:
    """Return a draft of a base made in memory: everything stands at the top of its file."""

    def place(name: str) -> Place:
        return Place(Document(name))

    return Draft(
        (),
        knowledge,
        topics={id: place(f"{id}.yaml") for id in knowledge.topics},
        resources={id: place("resources.yaml") for id in knowledge.resources},
        files={name: place(f"{name}.yaml") for name in ("about", "facets", "off-topic")},
    )


def test_the_shipped_base_has_no_errors_and_is_checked_within_a_second() -> None:
    start = time.process_time()
    findings = lint(read_draft(shipped_knowledge()), today=CHECKED)
    spent = time.process_time() - start
    assert [str(one) for one in findings if one.severity is Severity.ERROR] == []
    assert spent < 1.0, f"{spent:.2f} s of processor time"


def test_four_in_ten_misplaced_phrasings_are_found_and_hardly_a_sound_one(
    knowledge: Knowledge,
) -> None:
    """The figures beside LOST: forty phrasings move to random topics that are no kin."""
    chance = random.Random(7)
    lists = {id: list(topic.phrasings) for id, topic in knowledge.topics.items()}
    moved = set()
    while len(moved) < 40:
        source, target = chance.sample(list(lists), 2)
        kin = {*knowledge.topics[source].broader, *knowledge.topics[target].broader}
        if kin & {source, target} or len(lists[source]) <= FEW + 2:
            continue
        text = lists[source].pop(chance.randrange(len(lists[source]) - 1))
        if text not in moved:
            lists[target].append(text)
            moved.add(text)
    topics = {
        id: replace(topic, phrasings=tuple(lists[id])) for id, topic in knowledge.topics.items()
    }
    edited = replace(knowledge, topics=topics)
    told = [
        one.message for one in lint(places(edited), today=CHECKED) if one.rule == "lost-phrasing"
    ]
    right = sum(any(message.startswith(f"`{text}`") for text in moved) for message in told)
    assert right >= 12
    assert len(told) - right <= 0.01 * sum(map(len, lists.values()))


@pytest.fixture
def pen(knowledge: Knowledge) -> Pen:
    return Pen(knowledge, frame())


def beyond_limits(knowledge: Knowledge) -> int:
    findings = lint(places(knowledge), today=CHECKED)
    return sum(finding.rule == "discord-limit" for finding in findings)


def long_text(length: int, alphabet: str = "dough ") -> str:
    return (alphabet * (length // len(alphabet) + 1))[: length - 1] + "."


@pytest.mark.parametrize(
    "text",
    [long_text(texts.BODY), long_text(999, "мука "), long_text(499, "🍞 ")],
    ids=["ascii", "cyrillic", "emoji"],
)
def test_a_text_that_lint_lets_pass_is_shown_whole(
    knowledge: Knowledge, pen: Pen, text: str
) -> None:
    topic = replace(knowledge.topics["cost"], more=(Claim(text=text),))
    edited = replace(knowledge, topics={**knowledge.topics, "cost": topic})
    assert beyond_limits(edited) == 0
    assert text in shown(render(More(topic), pen))


def test_what_lint_calls_too_long_is_cut(knowledge: Knowledge, pen: Pen) -> None:
    body = long_text(BUDGETS[0].body + 1)
    topic = replace(knowledge.topics["cost"], more=(Claim(text=body),))
    assert body not in shown(render(More(topic), pen))
    edited = replace(knowledge, topics={**knowledge.topics, "cost": topic})
    assert beyond_limits(edited) == 1


def test_lines_at_their_limit_are_shown_whole(knowledge: Knowledge, pen: Pen) -> None:
    line = long_text(texts.LINE)
    topic = replace(knowledge.topics["cost"], heading=line, second=line)
    card = Answer(topic, (Suggestion(knowledge.resources["fastbook"], line),), second=topic)
    other = replace(topic, id="fast-ai")
    edited = replace(knowledge, topics={**knowledge.topics, "cost": topic})
    assert beyond_limits(edited) == 0
    assert shown(render(card, pen)).count(line) == 2
    assert shown(render(Answer(other, (), second=topic), pen)).count(line) == 2


def test_a_resource_at_its_limit_is_shown_whole(knowledge: Knowledge, pen: Pen) -> None:
    resource: Resource = replace(
        knowledge.resources["fastbook"], price=long_text(1500), edition=long_text(900)
    )
    edited = replace(knowledge, resources={**knowledge.resources, "x": resource})
    assert beyond_limits(edited) == 0
    text = shown(render(Detail(Suggestion(resource, resource.why)), pen))
    assert long_text(1500) in text
    assert long_text(900) in text


def shown(view: object) -> str:
    """Return all texts of a card."""
    parts: list[str] = []

    def walk(data: object) -> None:
        if isinstance(data, dict):
            parts.append(str(data.get("content", "")))
            for value in data.values():
                walk(value)
        elif isinstance(data, list):
            for value in data:
                walk(value)

    walk(view.to_components())  # type: ignore[attr-defined]
    return "\n".join(parts)
