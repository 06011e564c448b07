"""Asking on from a card that takes no replies, and back from the runner-ups."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.advice import Advisor, Base
from bot.advice.reply import Reading
from bot.discord_app import ids
from bot.discord_app.reading import INITIALS, read, written
from bot.matching import Aspect
from tests.discord_app.acting import Stage, buttons, text

QUESTION = "how do I start with deep learning?"
ASK_ON = "Ask a follow-up"


async def pressed(stage: Stage, card: Any, label: str) -> Any:
    return await stage.alice.click(card, custom_id=buttons(card)[label])


async def asked_privately(stage: Stage, question: str) -> Any:
    result = await stage.alice.slash(stage.channel, "ask", question=question, private=True)
    return result.response


async def test_a_private_card_is_asked_on_in_its_own_context(stage: Stage) -> None:
    card = await asked_privately(stage, "tell me about fast.ai")
    form = await pressed(stage, card, ASK_ON)
    answer = await stage.alice.submit_modal(form, {"text": "is it free?"})
    assert answer.ephemeral
    assert "fast.ai" in text(answer.response)
    assert "free" in text(answer.response).lower()
    assert ASK_ON in buttons(answer.response)


async def test_the_form_is_answered_after_a_restart(stage: Stage) -> None:
    card = await asked_privately(stage, "tell me about fast.ai")
    form = await pressed(stage, card, ASK_ON)
    await stage.restart()
    answer = await stage.alice.submit_modal(form, {"text": "how long does it take?"})
    assert "fast.ai" in text(answer.response)


async def test_more_and_notes_are_asked_on_about_what_they_tell(stage: Stage) -> None:
    card = await stage.asked("how much maths do I need?")
    more = (await pressed(stage, card, "More")).response
    form = await pressed(stage, more, ASK_ON)
    assert (await stage.alice.submit_modal(form, {"text": "thanks"})).ephemeral
    detail = (await stage.alice.slash(stage.channel, "resources", what="fast.ai")).response
    notes = (await pressed(stage, detail, "More")).response
    form = await pressed(stage, notes, ASK_ON)
    answer = await stage.alice.submit_modal(form, {"text": "is it free?"})
    assert "fast.ai" in text(answer.response)


async def test_a_public_card_is_replied_to_and_needs_no_form(stage: Stage) -> None:
    assert ASK_ON not in buttons(await stage.asked(QUESTION))
    public = await stage.alice.slash(stage.channel, "ask", question=QUESTION)
    assert ASK_ON not in buttons(public.response)


@pytest.mark.parametrize("question", ["is fast.ai free?", "how long does it take, what to read?"])
async def test_back_shows_the_former_card_as_it_was(stage: Stage, question: str) -> None:
    card = await stage.asked(question)
    before, ways = text(card), buttons(card)
    await pressed(stage, card, "Not what you asked?")
    assert text(stage.channel.last_message) != before
    await stage.restart()
    await pressed(stage, stage.channel.last_message, "Back to the answer")
    assert text(stage.channel.last_message) == before
    assert buttons(stage.channel.last_message) == ways


async def test_the_way_back_is_the_askers_and_private_for_others(stage: Stage) -> None:
    card = await stage.asked(QUESTION)
    await pressed(stage, card, "Not what you asked?")
    others = stage.channel.last_message
    result = await stage.bob.click(others, custom_id=buttons(others)["Back to the answer"])
    assert result.ephemeral
    assert text(stage.channel.last_message) == text(others)


def test_buttons_of_before_there_was_a_way_back_still_work(base: Base) -> None:
    old = re.match(ids.OTHERS, "ws:o:0123abcd:00112233.44556677")
    assert old
    assert old["others"] == "00112233.44556677"
    assert read(old.groupdict(), Advisor(base)) is None


@pytest.mark.parametrize("implied", [False, True])
def test_a_reading_comes_back_from_an_id_as_it_was(base: Base, implied: bool) -> None:
    aspects = (Aspect.COST, Aspect.TIME)
    reading = Reading(
        "cost", ("fast-ai", "reading"), "getting-started", ("fastbook",), aspects, implied
    )
    found = re.match(ids.BACK, ids.back("0123abcd", written(reading)))
    assert found
    assert read(found.groupdict(), Advisor(base)) == reading
    assert set(INITIALS.values()) == set(Aspect)
