"""/stats: what helped most, as a picture that says itself in words, and a short list."""

from __future__ import annotations

from typing import Any

import pytest

from bot import charts
from bot.store import RESOURCE_TOPIC
from tests.discord_app.acting import Stage, text, walk

FAST_AI, NIELSEN, KERAS = "fast-ai-part-1", "nielsen-book", "keras"


@pytest.fixture(autouse=True)
def patience(stage: Stage) -> None:
    """A busy machine takes longer than SimCord waits to start the process that draws."""
    stage.env.settle_timeout = 30.0


async def vote(stage: Stage, resource: str, guild: int, helpful: int, not_helpful: int = 0) -> None:
    for person in range(helpful + not_helpful):
        await stage.runtime.store.record_vote(
            RESOURCE_TOPIC, [resource], stage.runtime.voter(person), guild, helpful=person < helpful
        )


async def stats(stage: Stage) -> Any:
    result = await stage.alice.slash(stage.channel, "stats")
    assert not result.ephemeral
    return stage.channel.last_message


def gallery(message: Any) -> dict[str, Any]:
    (found,) = [part for part in walk(message.components) if part["type"] == 12]
    (item,) = found["items"]
    return dict(item)


async def test_the_best_here_come_first_in_picture_and_words(stage: Stage) -> None:
    await vote(stage, NIELSEN, stage.guild.id, 9)
    await vote(stage, FAST_AI, stage.guild.id, 4, 4)
    await vote(stage, KERAS, 5, 50)
    card = await stats(stage)
    shown = text(card)
    assert "What helped most here" in shown
    assert "9 of 9 helpful" in shown
    assert shown.index("1. **[") < shown.index("9 of 9") < shown.index("4 of 8")
    assert "Keras" not in shown
    assert "17 votes so far" in shown
    item = gallery(card)
    assert "Bar chart" in item["description"]
    assert "fast.ai course, part 1: 50%" in item["description"]
    (attached,) = card.attachments
    assert attached.filename in str(item["media"])
    assert attached.description == item["description"]


async def test_where_nobody_has_voted_all_servers_are_shown_and_said(stage: Stage) -> None:
    await vote(stage, KERAS, 5, 3)
    shown = text(await stats(stage))
    assert "over all servers" in shown
    assert "Nobody here has voted yet" in shown
    assert "3 of 3 helpful" in shown


async def test_without_votes_it_says_how_to_vote(stage: Stage) -> None:
    card = await stats(stage)
    assert "Nobody has voted yet" in text(card)
    assert "Press **Helpful**" in text(card)
    assert not card.attachments


async def test_direct_messages_show_all_servers(stage: Stage) -> None:
    await vote(stage, KERAS, 5, 3)
    carol = stage.env.create_user("carol")
    await carol.slash("stats")
    shown = text(carol.dm_channel.last_message)
    assert "over all servers" in shown
    assert "3 of 3 helpful" in shown
    assert "Nobody here" not in shown


async def test_without_the_extra_there_is_the_list_and_a_sentence(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(charts, "find_spec", lambda _: None)
    await vote(stage, KERAS, stage.guild.id, 2)
    card = await stats(stage)
    assert "2 of 2 helpful" in text(card)
    assert "warmstart[plots]" in text(card)
    assert not card.attachments
    assert "pip install 'warmstart[plots]'" in caplog.text
