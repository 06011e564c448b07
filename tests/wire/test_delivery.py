"""Answers that arrive, once, through what goes wrong between the bot and Discord."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import discord
import pytest
from discord.http import Route

from bot import limits
from bot.discord_app.client import WarmstartClient
from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import texts
from tests.wire.test_bot import QUESTION, cards, helpful, votes
from tests.wire.world import DM

SEND, CALLBACK, EDIT = r"/messages$", r"/callback$", r"/messages/"

# what goes wrong with the next requests, by name
FAULTS: dict[str, dict[str, Any]] = {
    "429 with a wait": {"limit": True},
    "429 without Discord's headers": {"limit": True, "via": False},
    "429 three times": {"limit": True, "via": False, "times": 3},
    "500": {"status": 500},
    "502": {"status": 502},
    "503": {"status": 503},
    "503 three times": {"status": 503, "times": 3},
    "500 more often than discord.py tries": {"status": 500, "times": 6},
    "503 after it was done": {"status": 503, "after": True},
    "500 after it was done": {"status": 500, "after": True},
    "cut before it was done": {"cut": True, "times": 2},
    "cut after it was done": {"cut": True, "after": True},
}


def inflict(loopback: LoopbackDiscord, method: str, path: str, fault: dict[str, Any]) -> None:
    options = dict(fault)
    if options.pop("limit", False):
        loopback.limit_next(method, path, **options)
    else:
        loopback.fail_next(method, path, **options)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_mention_is_answered_once(
    bot: WarmstartClient, loopback: LoopbackDiscord, fault: dict[str, Any]
) -> None:
    inflict(loopback, "POST", SEND, fault)
    question = await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    await loopback.answer_to(question)
    await settled(bot)
    assert len(loopback.answers_to(question)) == 1


@pytest.mark.parametrize("named", [True, False])
async def test_only_what_names_itself_is_posted_again(
    bot: WarmstartClient, loopback: LoopbackDiscord, named: bool
) -> None:
    """Discord knows a nonce it has seen; anything else could be there twice."""
    body = {"content": "hello", "allowed_mentions": {"parse": []}}
    body |= {"nonce": "17", "enforce_nonce": True} if named else {}
    loopback.fail_next("POST", SEND, status=503)
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=loopback.general.id)
    with nullcontext() if named else pytest.raises(discord.DiscordServerError):
        await bot.http.request(route, json=body)
    assert loopback.count("POST", SEND) == (2 if named else 1)


@pytest.mark.parametrize(("seconds", "attempts"), [("59", 2), ("61", 1)])
async def test_a_ban_for_longer_than_anybody_waits_is_not_waited_for(
    bot: WarmstartClient, loopback: LoopbackDiscord, seconds: str, attempts: int
) -> None:
    loopback.fail_next("POST", SEND, status=429, headers={"Retry-After": seconds})
    await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    await loopback.until(lambda: loopback.count("POST", SEND) == attempts, "the attempts")
    await settled(bot)
    assert loopback.count("POST", SEND) == attempts


async def settled(bot: WarmstartClient) -> None:
    """Wait until the bot has nothing to do."""
    assert await bot.desk.work.finish(within=3) == 0


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_click_is_counted_once_and_shown(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path, fault: dict[str, Any]
) -> None:
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    inflict(loopback, "POST", CALLBACK, fault)
    await loopback.click(card, helpful(card)[0]["custom_id"], loopback.bob)
    await settled(bot)
    assert [helpful for _, _, helpful in votes(database)] == [1]
    assert helpful(card)[0]["label"].endswith("1")
    assert len(cards(loopback)) == 1


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_command_is_answered_once(
    bot: WarmstartClient, loopback: LoopbackDiscord, fault: dict[str, Any]
) -> None:
    inflict(loopback, "POST", CALLBACK, fault)
    done = await loopback.slash(loopback.alice, "ask", {"question": QUESTION})
    await settled(bot)
    assert done.message is not None
    assert helpful(done.message)
    assert len(cards(loopback)) == 1
    assert done.followups == []


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_deferred_answer_arrives(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    monkeypatch: pytest.MonkeyPatch,
    fault: dict[str, Any],
) -> None:
    monkeypatch.setattr(limits, "DEFER_AFTER_SECONDS", 0.0)
    inflict(loopback, "PATCH", EDIT, fault)
    done = await loopback.slash(loopback.alice, "ask", {"question": QUESTION})
    await settled(bot)
    assert done.message is not None
    assert helpful(done.message)
    assert len(cards(loopback)) == 1


async def test_a_refused_interaction_gets_an_apology(
    bot: WarmstartClient, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """When an answer cannot be given at all, the person gets one private sentence."""
    loopback.fail_next("POST", CALLBACK, status=400, body={"code": 50035, "message": "no"})
    done = await loopback.slash(loopback.alice, "ask", {"question": QUESTION})
    assert len(done.private) == 1
    assert "went wrong" in texts(done.private[0])[0].lower()
    caplog.clear()


# Refusals for good: code, status, what it means


REFUSED = {
    "missing permissions": (403, 50013),
    "missing access": (403, 50001),
    "blocked direct messages": (403, 50007),
    "unknown channel": (404, 10003),
    "unknown message to reply to": (400, 50035),
    "archived thread": (400, 50083),
    "timed out": (403, 50013),
}


@pytest.mark.parametrize(("status", "code"), REFUSED.values(), ids=REFUSED)
async def test_a_refusal_for_good_is_one_line_and_no_second_try(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    caplog: pytest.LogCaptureFixture,
    status: int,
    code: int,
) -> None:
    caplog.set_level(logging.INFO)
    loopback.fail_next("POST", SEND, status=status, body={"code": code, "message": "refused"})
    dm = code == 50007
    channel = loopback.dm(loopback.alice) if dm else loopback.general
    assert not dm or channel.type == DM
    await loopback.say(channel, loopback.alice, QUESTION, mention_bot=not dm)
    await loopback.until(lambda: loopback.count("POST", SEND), "an attempt")
    await loopback.ask(loopback.general, loopback.bob, QUESTION, mention_bot=True)
    assert loopback.count("POST", SEND) == 2
    lines = [r for r in caplog.records if r.name.startswith("bot.")]
    assert [r.levelno for r in lines] == [logging.WARNING]
    assert "Traceback" not in caplog.text


async def test_a_card_deleted_meanwhile_is_quiet(
    bot: WarmstartClient, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """A moderator deletes the card; then its question is edited, and deleted too."""
    question = await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    loopback.delete(await loopback.answer_to(question))
    loopback.reword(question, f"{loopback.bot.mention} how much maths do I need?")
    await loopback.until(lambda: loopback.count("PATCH", EDIT), "an edit")
    loopback.delete(question)
    await loopback.until(lambda: loopback.count("DELETE", EDIT), "a deletion")
    await settled(bot)
    assert (loopback.count("PATCH", EDIT), loopback.count("DELETE", EDIT)) == (1, 1)
    assert caplog.text.count("Discord did not take an answer") == 2


async def test_a_long_outage_of_sending_ends_in_one_line(
    bot: WarmstartClient, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """Trying again is bounded: six tries in about a minute, then one line."""
    loopback.fail_next("POST", SEND, status=503, times=100)
    await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    await loopback.until(lambda: loopback.count("POST", SEND) == 6, "six tries")
    await settled(bot)
    assert loopback.count("POST", SEND) == 6
    assert caplog.text.count("Discord did not take an answer") == 1
