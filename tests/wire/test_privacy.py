"""/privacy over real sockets: what is handed out, what is deleted, and what Discord is sent."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.discord_app.client import WarmstartClient
from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import buttons, texts

QUESTION = "how do I start with deep learning?"


async def test_see_take_along_and_delete(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    toggle = next(b["custom_id"] for b in buttons(card) if b["custom_id"].startswith("ws:v:"))
    await loopback.click(card, toggle, loopback.alice)
    opened = await loopback.slash(loopback.alice, "privacy")
    assert opened.message is not None
    assert opened.private == [opened.message]
    shown = await loopback.click(opened.message, "ws:d:show", loopback.alice)
    assert shown.message is not None
    (file,) = shown.message["attachments"]
    votes = json.loads(loopback.files[file["id"]])["votes"]
    assert [vote["vote"] for vote in votes] == ["helpful"]
    await loopback.click(opened.message, "ws:d:delete", loopback.alice)
    assert "1 vote," in "\n".join(texts(opened.message))
    await loopback.click(opened.message, "ws:d:erase", loopback.alice)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT * FROM votes").fetchall() == []


async def test_who_wants_no_answers_gets_none_and_others_do(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    opened = await loopback.slash(loopback.alice, "privacy")
    assert opened.message is not None
    await loopback.click(opened.message, "ws:d:off", loopback.alice)
    ignored = await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    await loopback.ask(loopback.general, loopback.bob, QUESTION, mention_bot=True)
    assert loopback.answers_to(ignored) == []
