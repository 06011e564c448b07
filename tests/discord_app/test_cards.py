"""Cards: whatever the knowledge base says, Discord takes them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from discord import ui
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import limits
from bot.advice import Advisor, Base
from bot.advice.plan import Kind, Plan, Step, Why
from bot.advice.reply import (
    Answer,
    Choice,
    Comparison,
    Detail,
    Greeting,
    Guidance,
    Listing,
    More,
    Suggest,
    Suggestion,
    Unknown,
)
from bot.advice.reply import NoMatch as NoMatchReply
from bot.advice.wishes import Standing, Wishes
from bot.discord_app import cards
from bot.discord_app.cards import (
    Guide,
    HelpCard,
    KeptPlan,
    Notes,
    Notice,
    Others,
    Pen,
    pieces,
    render,
)
from bot.frame import frame
from bot.knowledge.model import Claim, Knowledge, Resource, Topic

ALPHABETS = {"latin": "a", "cyrillic": "Щ", "emoji": "🧠", "wide": "深", "quotes": '"'}


def pen(knowledge: Knowledge) -> Pen:
    return Pen(knowledge, frame(), asker="0" * 8)


def checked(view: ui.LayoutView) -> list[dict[str, Any]]:
    """Assert Discord's limits on what would be sent, and return it."""
    components = view.to_components()
    assert len(json.dumps(components)) <= limits.MESSAGE_BYTES
    found: list[dict[str, Any]] = []

    def walk(data: dict[str, Any]) -> None:
        found.append(data)
        for inner in [*data.get("components", ()), *filter(None, [data.get("accessory")])]:
            walk(inner)

    for component in components:
        walk(component)
    assert len(found) <= limits.COMPONENTS
    assert sum(len(c.get("content", "")) for c in found) <= limits.TEXT
    ids = [c["custom_id"] for c in found if "custom_id" in c]
    assert len(ids) == len(set(ids))
    assert all(1 <= len(id) <= limits.CUSTOM_ID for id in ids)
    assert all(len(c["label"]) <= limits.BUTTON_LABEL for c in found if "label" in c)
    assert all(c["content"].strip() for c in found if "content" in c)
    assert all(1 <= len(c["components"]) <= 5 for c in found if c["type"] == 1)
    return found


def topic(text: str, length: int = 3000, **more: Any) -> Topic:
    words = text * length
    return Topic(
        id="x" * 40,
        title=words[:200],
        heading=words[:200],
        answer=(Claim(text=words[:length]),),
        more=(Claim(text=words[:length]),),
        phrasings=("how",),
        **more,
    )


def resource(number: int, text: str) -> Resource:
    return Resource(
        id=f"resource-{number}-{'y' * 25}",
        title=text * 200,
        url=f"https://example.org/{text.strip(chr(34)) * 100}/{number}",
        why=text * 400,
        style="bottom-up",
        format="book",
        cost="free",
        level="beginner",
        authors=(text * 300,),
        time=text * 300,
        price=text * 900,
        prerequisites=text * 900,
        caveats=tuple(Claim(text=text * 900) for _ in range(9)),
        links={text * 100: "https://example.org/" + "l" * 400},
        as_of=date(2026, 1, 1),
    )


def plan(text: str) -> Plan:
    """Return four weeks with as many steps as a plan can have, each with every reason."""
    steps = (Step(1 + n // 3, 1.5, Kind.FIRST, resource(n, text), tuple(Why)) for n in range(12))
    return Plan(Wishes("book", 15, Standing.BOTH, True, "weather"), tuple(steps))


def every_card(text: str) -> list[cards.Card]:
    suggestions = tuple(Suggestion(resource(n, text), text * 400, n) for n in range(40))
    one = topic(text)
    others = tuple(replace(topic(text), id=f"t{n}-{'z' * 36}") for n in range(12))
    choices = tuple(Choice(f"key-{n}", text * 200) for n in range(9))
    return [
        Answer(one, suggestions, (), others[0], others[:3]),
        Suggest(others[:3], gap=2**63 - 1),
        Others(others[:3]),
        NoMatchReply(gap=7),
        NoMatchReply(language="ru"),
        Greeting(others, (text * 100,) * 40),
        More(one),
        Listing(Choice("k" * 80, text * 200), suggestions, 3, 10, 40),
        Detail(suggestions[0]),
        Unknown(text * 4000, choices),
        Comparison(suggestions[0], suggestions[1]),
        Comparison(suggestions[0], suggestions[0]),
        Guide(),
        Guide("book", 15, Standing.BOTH, True, "weather", more=True),
        KeptPlan(Wishes(), 4),
        Guidance(plan(text), {resource(n, text).id: 9999 for n in range(12)}, 1),
        HelpCard(),
        Notice(text * 5000),
        Notes(suggestions[0].resource),
    ]


@pytest.mark.parametrize("text", ALPHABETS.values(), ids=ALPHABETS)
def test_any_alphabet_and_length_fits(knowledge: Knowledge, text: str) -> None:
    for card in every_card(text):
        checked(render(card, pen(knowledge)))


def test_every_shipped_topic_and_resource_is_drawn_whole(knowledge: Knowledge, base: Base) -> None:
    for one in knowledge.topics.values():
        offered = [knowledge.resources[s.resource] for s in one.suggestions]
        answer = Answer(one, tuple(Suggestion(r, r.why, 9999) for r in offered))
        shown = checked(render(answer, pen(knowledge)))
        said = "\n".join(c.get("content", "") for c in shown)
        assert all(claim.text in said for claim in one.answer), one.id
        assert "…" not in said, one.id
        checked(render(More(one), pen(knowledge)))
    for one_resource in knowledge.resources.values():
        checked(render(Detail(Suggestion(one_resource, one_resource.why)), pen(knowledge)))


async def test_every_choice_of_resources_is_a_valid_card_on_every_page(base: Base) -> None:
    advisor = Advisor(base)
    for key in base.catalogue.entries:
        choice = base.catalogue.by_key(key)
        assert choice is not None
        found = await advisor.show(choice)
        pages = found.pages if isinstance(found, Listing) else 1
        for page in range(pages):
            checked(render(await advisor.show(choice, page), pen(base.knowledge)))


@given(wanted=st.text(max_size=4000))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_persons_words_are_harmless_on_a_card(knowledge: Knowledge, wanted: str) -> None:
    shown = checked(render(Unknown(wanted, ()), pen(knowledge)))
    said = "\n".join(c.get("content", "") for c in shown)
    assert "@everyone" not in said
    assert "<@" not in said.replace("<@\u200b", "")


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        ("short", 10, "short"),
        ("cut at a word please", 12, "cut at a…"),
        ("onelongwordonly", 5, "onel…"),
        ("ab", 2, "ab"),
    ],
)
def test_cut_ends_at_a_word_and_says_so(text: str, longest: int, expected: str) -> None:
    assert pieces.cut(text, longest) == expected
    assert len(pieces.cut(text, longest)) <= longest


def test_a_count_shows_once_there_is_one() -> None:
    assert pieces.helpful_label(0, frame()) == "Helpful"
    assert pieces.helpful_label(3, frame()) == "Helpful · 3"


async def test_a_styles_colour_is_told_in_words_too(base: Base) -> None:
    """Who cannot tell green from blue reads the style: on a topic, a listing, a resource."""
    knowledge, advisor = base.knowledge, Advisor(base)
    shown = [await advisor.answer(topic) for topic in knowledge.topics.values() if topic.style]
    shown += [advisor.more(topic) for topic in knowledge.topics.values() if topic.style]
    shown += [await advisor.find(style.id) for style in knowledge.facets.styles]
    shown += [await advisor.find(resource) for resource in knowledge.resources]
    seen: set[str] = set()
    for card in shown:
        container = render(card, pen(knowledge)).to_components()[0]
        said = json.dumps(container, ensure_ascii=False).lower()
        for style in knowledge.facets.styles:
            if style.colour and container["accent_color"] == int(style.colour[1:], 16):
                assert style.label in said, card
                seen.add(style.id)
    assert seen == {style.id for style in knowledge.facets.styles}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**a** _b_ ~~c~~ `d` ||e||", r"\*\*a\*\* \_b\_ \~\~c\~\~ \`d\` \|\|e\|\|"),
        ("[a](b **c** d)", r"\[a\](b \*\*c\*\* d)"),
        ("[a](https://a.example) ||b|| (c)", r"\[a\](\[link\] \|\|b\|\| (c)"),
        ("# a", r"\# a"),
        ("- a - b", r"\- a - b"),
        ("12. a", r"12\. a"),
        ("a 1. b # c", "a 1. b # c"),
        ("\\*a", r"\\\*a"),
        ("<@1> @everyone\n> a", "‹@1› @\u200beveryone › a"),
    ],
)
def test_a_persons_words_come_back_as_they_were_written(written: str, shown: str) -> None:
    assert pieces.safe(written, 100) == shown
