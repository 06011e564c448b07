"""Old, forged and foreign custom_ids: each gets a sentence or nothing, and no harm is done."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import limits
from bot.discord_app.clicks import admin
from bot.discord_app.clicks.buttons import Button
from bot.discord_app.client import LIVE, WarmstartClient
from bot.discord_app.pacing.flood import Flood
from bot.store import GuildSettings
from tests.wire.loopback import LoopbackDiscord
from tests.wire.people import with_row
from tests.wire.shown import texts

QUESTION = "how do I start with deep learning?"
SELECT = 3  # the type of a string select, as Discord numbers components
VALUES = ("", "0", "-1", "00000000", "ffffffff", "9" * 19, "new", "@everyone", "x" * 100)
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


@settings(
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_any_id_of_any_kind_is_survived(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path, data: st.DataObject
) -> None:
    """Whatever state somebody writes into an id, and whatever values into a select."""
    bot.desk.flood = Flood.unlimited()
    kind = data.draw(st.sampled_from(LIVE), "kind")
    template = kind.__discord_ui_compiled_template__
    custom_id = data.draw(st.from_regex(template, fullmatch=True).filter(fits), "custom_id")
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    person = loopback.owner if kind in admin.ALL else loopback.bob  # others are refused there
    if issubclass(kind, Button):
        done = await loopback.click(card, custom_id, person, forged=True)
    else:
        select = {"type": SELECT, "id": 99, "custom_id": custom_id, "options": []}
        values = data.draw(st.lists(st.sampled_from(VALUES), max_size=2), "values")
        shown = with_row(card, select)
        done = await loopback.choose(shown, custom_id, person, values)
    assert done.callback is not None
    with closing(sqlite3.connect(database)) as file:
        assert file.execute("PRAGMA quick_check").fetchone() == ("ok",)


@pytest.mark.parametrize("custom_id", ["ws:a:duty:silent:1", "ws:a:cooldown"])
@pytest.mark.parametrize("value", [*VALUES, "1", str(10**30)])
async def test_what_an_admin_was_not_offered_is_not_stored(
    bot: WarmstartClient, loopback: LoopbackDiscord, custom_id: str, value: str
) -> None:
    await bot.desk.guilds.change(loopback.home.id, lambda now: replace(now, cooldown=3600))
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    select = {"type": SELECT, "id": 99, "custom_id": custom_id, "options": []}
    await loopback.choose(with_row(card, select), custom_id, loopback.owner, [value])
    stored = await bot.desk.store.guild_settings(loopback.home.id)
    assert stored == GuildSettings(cooldown=3600)


OPTIONS = (("ask", "question"), ("resources", "what"), ("compare", "first"), ("compare", "second"))
NEVER_OFFERED = (
    *VALUES, " ", "free+no-such-facet", "+".join(["free"] * 40), "../../etc/passwd", "a\x00b",
    "<@1> @everyone **x**", "\ud800", "x" * 6000, "?" * 6000,
)  # fmt: skip


async def test_what_autocomplete_did_not_offer_is_answered_without_harm(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """A client may send any text as an option; the answer is one that Discord takes."""
    bot.desk.flood = Flood.unlimited()
    for command, option in OPTIONS:
        for value in NEVER_OFFERED:
            given = {"first": "fast.ai", "second": "fast.ai"} if command == "compare" else {}
            done = await loopback.slash(loopback.bob, command, given | {option: value}, within=10)
            assert done.message is not None
            assert not done.message["mention_everyone"]
            assert done.message["mentions"] == []
            said = "\n".join(texts(done.message))
            assert "went wrong" not in said
            assert "@everyone" not in said


def fits(custom_id: str) -> bool:
    return len(custom_id) <= limits.CUSTOM_ID and custom_id.isascii()


def test_foreign_ids_belong_to_no_button(bot_templates: list[re.Pattern[str]]) -> None:
    taken = [id for id in FOREIGN if any(known.match(id) for known in bot_templates)]
    assert taken == []


@pytest.fixture
def bot_templates() -> list[re.Pattern[str]]:
    return [kind.__discord_ui_compiled_template__ for kind in LIVE]
