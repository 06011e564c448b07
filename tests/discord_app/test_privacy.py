"""/privacy: people see what is kept of them, take it along, delete it, and stop answers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.discord_app.client import WarmstartClient
from bot.errors import StoreError
from bot.store import OptOut
from tests.discord_app.acting import Stage, buttons, text, toggle_labels

QUESTION = "how do I start with deep learning?"


async def privacy(stage: Stage, who: Any) -> Any:
    return (await who.slash(stage.channel, "privacy")).response


async def press(who: Any, card: Any, label: str) -> Any:
    return await who.click(card, custom_id=buttons(card)[label])


async def fill(stage: Stage) -> None:
    """Let Bob leave a trace of every kind."""
    card = await stage.asked(QUESTION)
    await press(stage.bob, card, "Helpful 1")
    store, bob = stage.runtime.store, stage.runtime.voter(stage.bob.id)
    await store.save_plan(bob, '{"weeks": 4}')
    await store.claim_unasked(stage.guild.id, bob, 600)
    await store.set_opt_out(bob, OptOut.UNASKED, out=True)


async def test_the_card_is_private_and_says_how_long(stage: Stage) -> None:
    result = await stage.bob.slash(stage.channel, "privacy")
    assert result.ephemeral
    assert "90 days" in text(result.response)
    assert list(buttons(result.response)) == ["Show my data", "Delete my data", "Stop answering me"]


async def test_show_my_data_is_a_private_file_with_everything(stage: Stage) -> None:
    await fill(stage)
    result = await press(stage.bob, await privacy(stage, stage.bob), "Show my data")
    assert result.ephemeral
    (file,) = result.response.attachments
    data = json.loads(await file.read())
    assert data["votes"][0] | {"at": ""} == {
        "topic": "getting-started",
        "resource": "fast-ai-part-1",
        "vote": "helpful",
        "server": str(stage.guild.id),
        "at": "",
    }
    assert data["plan"] == {"weeks": 4}
    assert data["opted_out_of"] == ["unasked"]
    assert list(data["answered_unasked"]) == [str(stage.guild.id)]
    assert str(stage.bob.id) not in json.dumps(data)


async def test_delete_asks_first_and_then_deletes_everything(stage: Stage) -> None:
    await fill(stage)
    before = await stage.runtime.store.personal_data(stage.runtime.voter(stage.bob.id))
    card = await privacy(stage, stage.bob)
    asked = (await press(stage.bob, card, "Delete my data")).response
    assert "1 vote," in text(asked)
    kept = (await press(stage.bob, asked, "No, keep it")).response
    assert "What I keep" in text(kept)
    assert await stage.runtime.store.personal_data(stage.runtime.voter(stage.bob.id)) == before
    asked = (await press(stage.bob, kept, "Delete my data")).response
    done = (await press(stage.bob, asked, "Yes, delete it for good")).response
    assert "Nothing is stored about you" in text(done)
    after = await stage.runtime.store.personal_data(stage.runtime.voter(stage.bob.id))
    assert after == type(after)()


async def test_counts_follow_a_deletion_and_others_keep_theirs(stage: Stage) -> None:
    card = await stage.asked(QUESTION)
    await press(stage.bob, card, "Helpful 1")
    await press(stage.alice, card, "Helpful 1")
    asked = (await press(stage.bob, await privacy(stage, stage.bob), "Delete my data")).response
    await press(stage.bob, asked, "Yes, delete it for good")
    assert toggle_labels(await stage.asked(QUESTION))[0] == "Helpful · 1"


async def test_stop_answering_me_holds_for_messages_not_for_commands(stage: Stage) -> None:
    card = await privacy(stage, stage.alice)
    stopped = (await press(stage.alice, card, "Stop answering me")).response
    assert "I don't answer your messages" in text(stopped)
    ignored = await stage.asked(QUESTION)
    assert ignored.author.id == stage.alice.id
    result = await stage.alice.slash(stage.channel, "ask", question=QUESTION)
    assert "lesson" in text(result.response)
    await stage.restart()
    assert (await stage.asked(QUESTION)).author.id == stage.alice.id
    await stage.bob.send(stage.channel, f"{stage.mention} {QUESTION}")
    assert "lesson" in text(stage.channel.last_message)
    card = await privacy(stage, stage.alice)
    await press(stage.alice, card, "Answer me again")
    assert "lesson" in text(await stage.asked(QUESTION))


async def test_nobody_else_can_have_a_silent_persons_message_answered(stage: Stage) -> None:
    await press(stage.alice, await privacy(stage, stage.alice), "Stop answering me")
    await stage.alice.send(stage.channel, QUESTION)
    question = stage.channel.last_message
    result = await stage.bob.context_menu(stage.channel, "Suggest resources", question)
    assert result.ephemeral
    assert "lesson" in text(result.response)
    assert stage.channel.last_message.id == question.id
    await stage.bob.send(stage.channel, stage.mention, reply_to=question)
    assert stage.channel.last_message.author.id == stage.bob.id


async def test_a_deletion_forgets_the_opt_out_and_says_so_before(stage: Stage) -> None:
    await press(stage.alice, await privacy(stage, stage.alice), "Stop answering me")
    card = await privacy(stage, stage.alice)
    asked = (await press(stage.alice, card, "Delete my data")).response
    assert "answer you again" in text(asked)
    await press(stage.alice, asked, "Yes, delete it for good")
    assert "lesson" in text(await stage.asked(QUESTION))


async def test_a_store_in_trouble_silences_nobody(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> set[OptOut]:
        raise StoreError("the disk is gone; put it back")

    monkeypatch.setattr(stage.runtime.store, "opted_out", broken)
    assert "lesson" in text(await stage.asked(QUESTION))


async def test_opt_outs_are_read_once_a_minute(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = 0
    read = stage.runtime.store.opted_out

    async def counted(person: Any) -> Any:
        nonlocal reads
        reads += 1
        return await read(person)

    monkeypatch.setattr(stage.runtime.store, "opted_out", counted)
    client: WarmstartClient = stage.client
    now = 0.0
    monkeypatch.setattr(client.desk.opt_outs, "_clock", lambda: now)
    for _ in range(3):
        await stage.asked(QUESTION)
    assert reads == 1
    now = 61.0
    await stage.asked(QUESTION)
    assert reads == 2


async def test_who_opts_out_while_it_is_read_has_opted_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before is old by then, and must not hold for a minute."""
    opt_outs, read = stage.client.desk.opt_outs, stage.runtime.store.opted_out
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(person: Any) -> Any:
        found = await read(person)
        begun.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(stage.runtime.store, "opted_out", slow)
    reading = asyncio.create_task(opt_outs.silenced(stage.bob.id))
    await begun.wait()
    await opt_outs.set(stage.bob.id, OptOut.EVERYTHING, out=True)
    go_on.set()
    await reading
    assert await opt_outs.silenced(stage.bob.id)


async def test_nobody_elses_mention_has_a_message_answered_whose_author_declined(
    stage: Stage,
) -> None:
    await stage.client.desk.opt_outs.set(stage.alice.id, OptOut.UNASKED, out=True)
    question = await stage.alice.send(stage.channel, QUESTION)
    asked = await stage.bob.send(stage.channel, stage.mention, reply_to=question)
    assert stage.channel.last_message.id == asked.id
    await stage.alice.send(stage.channel, stage.mention, reply_to=question)
    assert stage.channel.last_message.author == stage.client.user  # her own is an asking


async def test_a_question_that_is_kept_says_so_beside_the_button(stage: Stage) -> None:
    card = await stage.asked("which bread goes with soup?")
    assert "Tell the maintainers" in buttons(card)
    assert "I keep this question" in text(card)
    private = await stage.bob.slash(stage.channel, "resources", what="zzzz")
    assert "I keep this question" not in text(private.response)
