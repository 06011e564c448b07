"""Warmstart itself on the unmodified discord.py, against the loopback Discord."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path
from typing import Any

import pytest

from bot import limits
from bot.discord_app.client import WarmstartClient
from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import Json, buttons, texts
from tests.wire.world import EPHEMERAL

QUESTION = "how do I start with deep learning?"


def helpful(card: Json) -> list[Json]:
    """Return the Helpful toggles of a card."""
    return [button for button in buttons(card) if button["custom_id"].startswith("ws:v:")]


def votes(database: Path) -> list[tuple[Any, ...]]:
    """Read the votes as another process would: what is not on disk is not there."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT topic, resource, helpful FROM votes").fetchall()


def dump(database: Path) -> str:
    """Return everything in the database as SQL text."""
    with closing(sqlite3.connect(database)) as connection:
        return "\n".join(connection.iterdump())


async def test_mention_gets_a_card(bot: WarmstartClient, loopback: LoopbackDiscord) -> None:
    """A mention is answered by one reply: a card with suggestions, pinging only the asker."""
    question = await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    card = await loopback.answer_to(question)
    assert card["message_reference"]["message_id"] == question["id"]
    assert 2 <= len(helpful(card)) <= 3
    assert "fast.ai" in "\n".join(texts(card))
    assert [user["username"] for user in card["mentions"]] == ["alice"]
    assert loopback.answers_to(question) == [card]


async def test_the_bots_own_role_and_dms_ask_too(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """A mention of the bot's role, and a direct message, are questions like any other."""
    by_role = await loopback.ask(loopback.general, loopback.bob, QUESTION, mention_role=True)
    by_dm = await loopback.ask(loopback.dm(loopback.bob), loopback.bob, QUESTION)
    assert texts(by_role) == texts(by_dm)


async def test_others_and_bots_are_left_alone(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """Chatter, other bots, webhooks, Discord itself and the bot's own cards get no answer."""
    robot = loopback.add_user("Robot", bot=True)
    body = {"content": f"{loopback.bot.mention} {QUESTION}"}
    relayed, joined = (
        loopback.post(loopback.general, loopback.bob, body, **extra)
        for extra in ({"webhook_id": str(loopback.new_id())}, {"type": 7})
    )
    ignored = [
        await loopback.say(loopback.general, loopback.bob, QUESTION),
        await loopback.say(loopback.general, robot, QUESTION, mention_bot=True),
        relayed,
        joined,
    ]
    for message in (relayed, joined):
        loopback.rest.announce("MESSAGE_CREATE", message)
    await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    replied = [m["message_reference"]["message_id"] for m in cards(loopback)]
    assert len(replied) == 1
    assert not {message["id"] for message in ignored} & set(replied)


async def test_a_server_that_could_not_be_read_is_no_direct_message(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """What Discord tells of a new server may be left out as broken; people there talk on."""
    hall = loopback.add_channel(loopback.add_guild("Unread"), "hall")
    chatter = await loopback.say(hall, loopback.bob, "good morning")
    await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    assert loopback.answers_to(chatter) == []


async def test_slash_commands_reply(bot: WarmstartClient, loopback: LoopbackDiscord) -> None:
    """/ask answers in public or in private; /resources finds by a forgiving option."""
    public = await loopback.slash(loopback.alice, "ask", {"question": QUESTION})
    private = await loopback.slash(loopback.alice, "ask", {"question": QUESTION, "private": True})
    assert public.message is not None
    assert private.message is not None
    assert texts(public.message) == texts(private.message)
    assert (public.private, private.private) == ([], [private.message])
    choices = await loopback.autocomplete(
        loopback.alice, "resources", {"what": "bottomup"}, focused="what"
    )
    picked = await loopback.slash(loopback.alice, "resources", {"what": choices[0]["value"]})
    typed = await loopback.slash(loopback.alice, "resources", {"what": "bottom-up"})
    assert picked.message is not None
    assert typed.message is not None
    assert texts(picked.message) == texts(typed.message)


async def test_a_command_of_another_version_is_answered(
    bot: WarmstartClient, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """Discord may have a command that this version lacks: no "did not respond", one sentence."""
    bot.tree.remove_command("resources")
    answered = await loopback.slash(loopback.alice, "resources", {"what": "a book of mine"})
    assert "went wrong" in answered.private[0]["content"]
    assert "CommandNotFound" in caplog.text
    assert "a book of mine" not in caplog.text
    caplog.clear()


async def test_vote_is_on_disk_before_it_shows(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    """A click changes the card itself, is stored once for each person, and can be taken back."""
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    target = helpful(card)[0]["custom_id"]
    first = await loopback.click(card, target, loopback.alice)
    assert first.kind == 7
    assert [helpful for _, _, helpful in votes(database)] == [1]
    await loopback.click(card, target, loopback.bob)
    assert helpful(card)[0]["label"].endswith("2")
    await loopback.click(card, target, loopback.bob)
    assert helpful(card)[0]["label"].endswith("1")
    assert first.followups == []
    assert str(loopback.alice.id) not in dump(database)


async def test_none_helped_opens_a_form_and_counts_without_it(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    """The form is the first response; the votes and the card's new counts do not wait for it."""
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    await loopback.click(card, helpful(card)[0]["custom_id"], loopback.alice)
    none = next(one for one in buttons(card) if one["custom_id"].startswith("ws:n:"))
    opened = await loopback.click(card, none["custom_id"], loopback.alice)
    assert opened.modal["title"]
    await loopback.until(
        lambda: not helpful(card)[0]["label"].endswith("1"), "the card to be recounted"
    )
    assert {helpful for _, _, helpful in votes(database)} == {0}
    sent_in = await loopback.submit_modal(opened, {"text": "a course in Spanish"})
    await loopback.until(lambda: bool(sent_in.private), "thanks")
    assert "a course in Spanish" in dump(database)
    assert str(loopback.alice.id) not in dump(database)


async def test_two_hundred_people_press_the_same_button(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    """Within a second: one vote each, the right count at the end, and no edit but the clicks'."""
    people = [loopback.add_user(f"Voter {n}") for n in range(200)]
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    target = helpful(card)[0]["custom_id"]
    loopback.validate = False  # later: it takes longer than the bot
    loopback.interactions.deadline = 30.0  # a busy machine is no fault of the bot's
    clicking = [asyncio.create_task(loopback.click(card, target, p, within=60)) for p in people]
    clicks = await asyncio.gather(*clicking)
    loopback.validate_all()
    assert len(votes(database)) == len(people)
    assert all(stored == votes(database)[0] for stored in votes(database))
    assert await bot.desk.work.finish(within=10) == 0
    assert helpful(card)[0]["label"].endswith("200")
    last = await loopback.click(card, target, loopback.bob)
    assert helpful(card)[0]["label"].endswith("201")
    assert {click.kind for click in [*clicks, last]} <= {6, 7}
    assert loopback.count("PATCH", r"^/channels/.*/messages/") == 0


async def test_the_last_count_shows_though_an_older_answer_arrives_last(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """The first of two clicks is answered after the second; one more edit sets the card right."""
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    target = helpful(card)[0]["custom_id"]
    loopback.fail_next("POST", "/callback$", status=503, delay=0.3)
    first = asyncio.create_task(loopback.click(card, target, loopback.alice))
    await loopback.until(lambda: loopback.count("POST", "/callback$"), "the first answer")
    await loopback.click(card, target, loopback.bob)
    assert helpful(card)[0]["label"].endswith("2")
    await first
    assert await bot.desk.work.finish(within=10) == 0
    assert helpful(card)[0]["label"].endswith("2")


async def test_two_hundred_people_are_not_helped(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    """Each is counted and gets a form; the bot changes the card at most once a second."""
    people = [loopback.add_user(f"Voter {n}") for n in range(200)]
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    none = next(b["custom_id"] for b in buttons(card) if b["custom_id"].startswith("ws:n:"))
    loopback.validate = False  # later: it takes longer than the bot
    loopback.interactions.deadline = 30.0  # a busy machine is no fault of the bot's
    begun = asyncio.get_running_loop().time()
    clicking = [asyncio.create_task(loopback.click(card, none, p, within=60)) for p in people]
    clicks = await asyncio.gather(*clicking)
    assert {click.kind for click in clicks} == {9}
    assert await bot.desk.work.finish(within=10) == 0
    seconds = asyncio.get_running_loop().time() - begun
    loopback.validate_all()
    assert 1 <= loopback.count("PATCH", r"^/channels/.*/messages/") <= 1 + seconds
    assert len(votes(database)) == len(people) * len(helpful(card))


async def test_slow_vote_is_deferred_and_then_shown(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    database: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While another process holds the database the click is deferred; then the count shows."""
    monkeypatch.setattr(limits, "DEFER_AFTER_SECONDS", 0.05)
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        clicking = asyncio.create_task(
            loopback.click(card, helpful(card)[0]["custom_id"], loopback.bob)
        )
        await loopback.until(lambda: loopback.count("POST", "/callback$"), "the deferral")
        assert votes(database) == []
        other.execute("ROLLBACK")
        click = await clicking
    assert click.kind == 6
    assert helpful(card)[0]["label"].endswith("1")
    assert len(votes(database)) == 1


async def test_context_menu_answers_somebody_elses_message(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """The helper gets a private confirmation, the message a real reply without a ping."""
    message = await loopback.say(loopback.general, loopback.bob, QUESTION)
    done = await loopback.context_menu(loopback.alice, "Suggest resources", message)
    card = await loopback.answer_to(message)
    assert len(done.private) == 1
    assert helpful(card)
    assert card["mentions"] == []


async def test_user_install_answers_in_the_response(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """In a server without the bot the response itself is the card, linked to the message."""
    away = loopback.add_channel(loopback.add_guild("Elsewhere", has_bot=False), "chat")
    message = await loopback.say(away, loopback.bob, QUESTION)
    done = await loopback.context_menu(loopback.alice, "Suggest resources", message)
    assert done.message is not None
    assert f"/{away.id}/{message['id']}" in str(done.message["components"])


async def test_reply_to_a_card_is_a_follow_up(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """Who replies to a card is understood in its context; thanks are left alone."""
    card = await loopback.ask(
        loopback.general, loopback.alice, "what is fast.ai?", mention_bot=True
    )
    thanks = await loopback.say(loopback.general, loopback.alice, "thanks!", reply_to=card)
    follow_up = await loopback.ask(loopback.general, loopback.alice, "is it free?", reply_to=card)
    assert "free" in texts(follow_up)[0].lower()
    assert loopback.answers_to(thanks) == []


async def test_way_out_of_a_wrong_answer(bot: WarmstartClient, loopback: LoopbackDiscord) -> None:
    """ "Not what you asked?" shows the runner-ups in place for the asker, privately for others."""
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    out = next(b["custom_id"] for b in buttons(card) if b["custom_id"].startswith("ws:o:"))
    other = await loopback.click(card, out, loopback.bob)
    assert len(other.private) == 1
    own = await loopback.click(card, out, loopback.alice)
    assert own.kind == 7
    pick = next(b["custom_id"] for b in buttons(card) if b["custom_id"].startswith("ws:t:"))
    await loopback.click(card, pick, loopback.alice)
    assert helpful(card)


async def test_edited_and_deleted_questions(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """An edited question changes its card; with a deleted question the card goes too."""
    question = await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    card = await loopback.answer_to(question)
    before = texts(card)
    loopback.reword(question, f"{loopback.bot.mention} how much maths do I need?")
    await loopback.until(lambda: texts(card) != before, "another card")
    loopback.delete(question)
    await loopback.until(lambda: int(card["id"]) not in loopback.messages, "the card to go")


async def test_reconnects_with_resume(bot: WarmstartClient, loopback: LoopbackDiscord) -> None:
    """A question asked while the connection was cut is answered once, in the same session."""
    loopback.gateway.abort()
    await loopback.until(lambda: not loopback.gateway.live, "the cut")
    missed = await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    await loopback.answer_to(missed)
    await loopback.ask(loopback.general, loopback.bob, QUESTION, mention_bot=True)
    assert len(loopback.answers_to(missed)) == 1
    assert (len(loopback.gateway.resumes), len(loopback.gateway.identifies)) == (1, 1)


async def test_a_new_process_answers_a_click_on_an_old_message(
    bot_process: Callable[[], AbstractAsyncContextManager[Any]],
    loopback: LoopbackDiscord,
    database: Path,
) -> None:
    """Buttons and votes outlive the process; commands are not sent again when unchanged."""
    async with bot_process():
        card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
        target = helpful(card)[0]["custom_id"]
        await loopback.click(card, target, loopback.alice)
    async with bot_process():
        await loopback.click(card, target, loopback.bob)
    assert helpful(card)[0]["label"].endswith("2")
    assert [helpful for _, _, helpful in votes(database)] == [1, 1]
    assert loopback.count("PUT", "/commands$") == 1
    assert len(loopback.gateway.identifies) == 2


def cards(loopback: LoopbackDiscord) -> list[Json]:
    """Return the bot's public messages."""
    bot = str(loopback.bot.id)
    return [
        message
        for message in loopback.messages.values()
        if message["author"]["id"] == bot and not message["flags"] & EPHEMERAL
    ]
