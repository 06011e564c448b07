"""When unsure: topics to pick from, in place for who asked; picks are counted for maintainers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.advice import Base
from bot.gaps import open_gaps
from bot.matching import Decision
from tests.discord_app.acting import Stage, buttons, text, walk

QUESTIONS = Path(__file__).parent.parent / "questions.yaml"
UNSURE = "Did you mean"


@pytest.fixture(scope="module")
def unsure(base: Base) -> str:
    """A question that the shipped base is unsure of, whatever it has been taught since."""
    for entry in yaml.safe_load(QUESTIONS.read_text("utf-8"))["in_scope"]:
        match = base.matcher.match(entry["text"])
        if match.decision is Decision.SUGGEST and len(match.candidates) > 2:
            return str(entry["text"])
    raise AssertionError("no question in tests/questions.yaml is unsure")


def picks(card: Any) -> dict[str, str]:
    """Return the topics to pick from: custom ids by topic."""
    ids = (id for id in buttons(card).values() if id.startswith("ws:t:"))
    return {id.split(":")[2]: id for id in ids}


def kept(database: Path) -> list[tuple[str, str, int]]:
    with closing(sqlite3.connect(database)) as file:
        return file.execute(
            "SELECT question, topic, times FROM gaps JOIN picks ON gap = number ORDER BY 1, 2"
        ).fetchall()


async def test_up_to_three_titles_are_offered(stage: Stage, unsure: str) -> None:
    card = await stage.asked(unsure)
    assert UNSURE in text(card)
    knowledge = stage.runtime.advisor.knowledge
    offered = picks(card)
    assert 2 <= len(offered) <= 3
    labels = {c["label"] for c in walk(card.components) if c["type"] == 2}
    assert {knowledge.topics[topic].title for topic in offered} <= labels


async def test_the_pick_answers_in_place_and_is_counted(
    stage: Stage, database: Path, unsure: str
) -> None:
    card = await stage.asked(unsure)
    topic, custom_id = list(picks(card).items())[1]
    result = await stage.alice.click(card, custom_id=custom_id)
    assert not result.followups
    shown = stage.channel.last_message
    assert shown.id == card.id
    assert UNSURE not in text(shown)
    assert f"ws:n:{topic}" in buttons(shown).values()
    assert kept(database) == [(unsure, topic, 1)]


async def test_others_pick_privately_and_uncounted(
    stage: Stage, database: Path, unsure: str
) -> None:
    card = await stage.asked(unsure)
    topic, custom_id = next(iter(picks(card).items()))
    result = await stage.bob.click(card, custom_id=custom_id)
    assert result.ephemeral
    assert f"ws:n:{topic}" in buttons(result.response).values()
    assert UNSURE in text(stage.channel.last_message)
    assert kept(database) == []


async def test_an_old_card_is_picked_from_after_a_restart(
    stage: Stage, database: Path, unsure: str
) -> None:
    card = await stage.asked(unsure)
    topic, custom_id = next(iter(picks(card).items()))
    await stage.restart()
    private = await stage.bob.click(card, custom_id=custom_id)
    assert private.ephemeral
    await stage.alice.click(card, custom_id=custom_id)
    assert f"ws:n:{topic}" in buttons(stage.channel.last_message).values()
    assert kept(database) == [(unsure, topic, 1)]


async def test_maintainers_see_picks_for_each_wording(stage: Stage, unsure: str) -> None:
    for wording in (unsure, unsure.upper(), unsure.upper()):
        card = await stage.asked(wording)
        await stage.alice.click(card, custom_id=next(iter(picks(card).values())))
    base = stage.runtime.advisor.base
    gaps = open_gaps(await stage.runtime.store.gaps(), base.knowledge, base.matcher)
    (gap,) = list(gaps)
    assert {text: sum(picked.values()) for text, picked in gap.picks.items()} == {
        unsure: 1,
        unsure.upper(): 2,
    }


async def test_a_pick_in_a_direct_message_is_what_the_next_question_is_about(
    stage: Stage,
) -> None:
    """The runner-up that was picked is the context, not the card that stood there before."""
    carol = stage.env.create_user("carol")
    await carol.send_dm("how much does fast.ai cost?")
    before = stage.client.desk.direct.about(carol.dm_channel.id)
    card = carol.dm_channel.last_message
    await carol.click(card, custom_id=buttons(card)["Not what you asked?"])
    others = carol.dm_channel.last_message
    topic, custom_id = next(iter(picks(others).items()))
    await carol.click(others, custom_id=custom_id)
    about = stage.client.desk.direct.about(carol.dm_channel.id)
    assert about is not None
    assert about.topic == topic
    assert about != before


async def test_a_command_in_a_direct_message_is_asked_on_without_a_reply(stage: Stage) -> None:
    carol = stage.env.create_user("carol")
    await carol.slash("ask", question="what is fast.ai?")
    await carol.send_dm("is it free?")
    assert "fast.ai course, part 1:" in text(carol.dm_channel.last_message)
