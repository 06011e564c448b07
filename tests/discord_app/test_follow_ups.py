"""Replies to a card on Discord: the resource meant, the fact, the short line, and silence."""

from __future__ import annotations

import pytest

from tests.discord_app.acting import Stage, buttons, text

QUESTION = "how do I start with deep learning?"
UNCLEAR = "I didn't get that. Try “is it free?” or “how long?”, or ask me a whole question."


async def replied(stage: Stage, *said: str) -> str:
    """Let Alice reply to the card on a question, and to each card that follows."""
    card = await stage.asked(QUESTION)
    for one in said:
        await stage.alice.send(stage.channel, one, reply_to=card)
        card = stage.channel.last_message
    assert card.author == stage.client.user
    return text(card)


async def test_what_about_the_second_one_shows_it_in_full(stage: Stage) -> None:
    shown = await replied(stage, "what about the second one?")
    assert "Deep Learning Specialization" in shown
    assert "**By:** Andrew Ng" in shown
    assert [label for label in buttons(stage.channel.last_message) if "Helpful" in label]


async def test_a_fact_is_the_first_thing_that_its_card_says(stage: Stage) -> None:
    shown = await replied(stage, "what about the second one?", "who made it?")
    assert shown.startswith("**Deep Learning Specialization:** Andrew Ng\n")
    assert "**Cost:**" not in shown


@pytest.mark.parametrize("said", ["what about the fourth one?", "which pizza do you like?"])
async def test_a_question_that_is_not_understood_gets_one_line(stage: Stage, said: str) -> None:
    assert await replied(stage, said) == UNCLEAR


async def test_in_a_direct_message_a_list_stays_in_view(stage: Stage) -> None:
    """Whether somebody just goes on, or replies to the card of the one shown in full."""
    carol = stage.env.create_user("carol")
    await carol.send_dm(QUESTION)
    await carol.send_dm("number two")
    second = carol.dm_channel.last_message
    assert "Deep Learning Specialization" in text(second)
    await carol.send_dm("and the third?")
    third = carol.dm_channel.last_message
    assert "Neural Networks and Deep Learning" in text(third)
    card = {"channel_id": str(third.channel.id), "message_id": str(third.id)}
    await carol.send_dm("how about the first one?", reference=card)
    assert "fast.ai" in text(carol.dm_channel.last_message)


@pytest.mark.parametrize("said", ["thanks!", "lol", "the first one is great", "how are you?"])
async def test_what_asks_nothing_is_left_alone(stage: Stage, said: str) -> None:
    card = await stage.asked(QUESTION)
    sent = await stage.alice.send(stage.channel, said, reply_to=card)
    assert stage.channel.last_message.id == sent.id
