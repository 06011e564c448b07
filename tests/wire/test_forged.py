"""Old, forged and foreign custom_ids: each gets a sentence or nothing, and no harm is done."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.discord_app.client import WarmstartClient
from tests.wire.loopback import LoopbackDiscord

QUESTION = "how do I start with deep learning?"
FORGED = (
    "ws:v:getting-started:no-such-resource",
    "ws:v:no-such-topic:fast-ai-part-1",
    "ws:v:_resource:no-such-resource",
    "ws:n:no-such-topic",
    "ws:o:00000000:ffffffff.ffffffff",
    "ws:o::",
    "ws:t:no-such-topic:00000000:1",
    "ws:t:getting-started:00000000:999999999999999999",
    "ws:s:no-such-topic",
    "ws:x:no-such-topic",
    "ws:c:no-such-resource",
    "ws:r:9999:no-such-key",
    "ws:p:9999:books",
    "ws:m:0",
    "ws:m:999999999999999999",
    "ws:q:no-such-topic:no-such-resource",
)
FOREIGN = (
    "other-bot:vote:1",
    "ws:",
    "ws:v:",
    "ws:v:UPPER:case",
    "ws:v:cost:fast-ai\n",
    "ws:m:-1",
    "ws:m:" + "9" * 19,
)


@pytest.mark.parametrize("custom_id", FORGED)
async def test_a_forged_button_gets_an_answer_and_stores_no_vote(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path, custom_id: str
) -> None:
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    done = await loopback.click(card, custom_id, loopback.bob, forged=True)
    assert done.callback is not None
    with closing(sqlite3.connect(database)) as file:
        assert file.execute("SELECT count(*) FROM votes").fetchone() == (0,)


def test_foreign_ids_belong_to_no_button(bot_templates: list[re.Pattern[str]]) -> None:
    taken = [id for id in FOREIGN if any(known.match(id) for known in bot_templates)]
    assert taken == []


@pytest.fixture
def bot_templates() -> list[re.Pattern[str]]:
    from bot.discord_app import buttons, guide, helping, unasked

    kinds = (*buttons.ALL, *guide.ALL, *helping.ALL, *unasked.ALL)
    return [kind.__discord_ui_compiled_template__ for kind in kinds]
