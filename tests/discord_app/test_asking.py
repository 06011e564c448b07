"""Asking on Discord: every way to put a question to the bot."""

from __future__ import annotations

import discord
import pytest

from tests.discord_app.acting import Stage, buttons, text

QUESTION = "how do I start with deep learning?"


async def test_a_mention_is_answered_with_a_card_as_a_reply(stage: Stage) -> None:
    asked = await stage.alice.send(stage.channel, f"{stage.mention} {QUESTION}")
    card = stage.channel.last_message
    assert card.author == stage.client.user
    assert card.reference.message_id == asked.id
    assert "fast.ai" in text(card)
    assert "Not what you asked?" in buttons(card)


async def test_other_messages_are_left_alone(stage: Stage) -> None:
    asked = await stage.alice.send(stage.channel, QUESTION)
    assert stage.channel.last_message.id == asked.id


async def test_a_direct_message_is_answered(stage: Stage) -> None:
    user = stage.env.create_user("carol")
    await user.send_dm(QUESTION)
    assert "fast.ai" in text(user.dm_channel.last_message)


async def test_a_name_typed_without_a_mention_is_no_word_of_the_question(stage: Stage) -> None:
    """As people type it on their own, and as the local room takes it."""
    user = stage.env.create_user("carol")
    await user.send_dm(f"@{stage.client.user.name.upper()} is fast.ai free?")
    assert "fast.ai is free" in text(user.dm_channel.last_message)


async def test_a_bare_mention_is_greeted_with_topics_to_pick(stage: Stage) -> None:
    card = await stage.asked("")
    assert "Hello" in text(card)
    assert len(buttons(card)) >= 3


async def test_slash_ask_answers_publicly_or_privately(stage: Stage) -> None:
    public = await stage.alice.slash(stage.channel, "ask", question=QUESTION)
    assert not public.ephemeral
    assert "fast.ai" in text(public.response)
    private = await stage.alice.slash(stage.channel, "ask", question=QUESTION, private=True)
    assert private.ephemeral


@pytest.mark.parametrize("what", ["bottom-up", "Bottom up", "bottomup", "theory first"])
async def test_resources_forgives_spelling(stage: Stage, what: str) -> None:
    result = await stage.alice.slash(stage.channel, "resources", what=what)
    assert "Theory first (bottom-up)" in text(result.response)


async def test_resources_shows_one_resource_in_full(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "resources", what="fast.ai")
    assert "Jeremy Howard" in text(result.response)
    more = await stage.bob.click(result.response, custom_id=buttons(result.response)["More"])
    assert more.ephemeral
    assert text(more.response).count("\n- ") >= 4


async def test_resources_offers_what_is_near_and_never_echoes_markup(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "resources", what="@everyone **qwxzj**")
    shown = text(result.response)
    assert "@everyone" not in shown
    assert "**qwxzj**" not in shown


async def test_autocomplete_offers_the_style_for_a_beginning(stage: Stage) -> None:
    choices = await stage.alice.autocomplete(stage.channel, "resources", "what", "bott")
    assert choices[0]["value"] == "bottom-up"
    empty = await stage.alice.autocomplete(stage.channel, "resources", "what", "")
    assert 5 <= len(empty) <= 25


async def test_help_is_private_and_ten_lines_long(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "help")
    assert result.ephemeral
    assert len(text(result.response).splitlines()) <= 12


async def test_the_context_menu_answers_somebody_elses_message(stage: Stage) -> None:
    asked = await stage.bob.send(stage.channel, QUESTION)
    result = await stage.alice.context_menu(stage.channel, "Suggest resources", asked)
    assert result.ephemeral
    card = stage.channel.last_message
    assert card.reference.message_id == asked.id
    assert "fast.ai" in text(card)


async def test_the_context_menu_says_privately_when_nothing_fits(stage: Stage) -> None:
    asked = await stage.bob.send(stage.channel, "who wants to play chess tonight?")
    result = await stage.alice.context_menu(stage.channel, "Suggest resources", asked)
    assert result.ephemeral
    assert stage.channel.last_message.id == asked.id


async def test_a_mention_under_somebody_elses_message_answers_that_message(stage: Stage) -> None:
    asked = await stage.bob.send(stage.channel, QUESTION)
    await stage.alice.send(stage.channel, stage.mention, reply_to=asked)
    assert stage.channel.last_message.author == stage.client.user


async def test_a_reply_to_a_card_is_a_follow_up(stage: Stage) -> None:
    card = await stage.asked("tell me about fast.ai")
    await stage.alice.send(stage.channel, "is it free?", reply_to=card)
    answer = stage.channel.last_message
    assert answer.id != card.id
    assert "free" in text(answer).lower()


async def test_thanks_under_a_card_is_left_alone(stage: Stage) -> None:
    card = await stage.asked(QUESTION)
    thanks = await stage.alice.send(stage.channel, "thanks, you are great!", reply_to=card)
    assert stage.channel.last_message.id == thanks.id


async def test_an_edited_question_replaces_its_card_once(stage: Stage) -> None:
    asked = await stage.alice.send(stage.channel, f"{stage.mention} {QUESTION}")
    card = stage.channel.last_message
    await stage.alice.edit(asked, f"{stage.mention} which books should I read?")
    assert "Nielsen" in text(stage.channel.last_message)
    assert stage.channel.last_message.id == card.id
    await stage.alice.edit(asked, f"{stage.mention} how long does it take?")
    assert "Nielsen" in text(stage.channel.last_message)


async def test_a_deleted_question_takes_its_card_along(stage: Stage) -> None:
    asked = await stage.alice.send(stage.channel, f"{stage.mention} {QUESTION}")
    await stage.alice.delete(asked)
    last = stage.channel.last_message
    assert last is None or last.author != stage.client.user


ODD = [
    "x" * 1900,
    "🙂🙂🙂",
    "كيف أبدأ تعلم التعلم العميق؟",
    "\u200b\u200b\u200b",
    "**__~~||`markdown`||~~__**",
    "@everyone @here",
    "```python\nimport torch\n```",
    "how\u0000do\u202ei start",
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
async def test_odd_messages_are_answered_without_a_ping(stage: Stage, odd: str) -> None:
    card = await stage.asked(odd)
    assert card.author == stage.client.user
    assert "@everyone" not in text(card)
    assert not card.mention_everyone


async def test_without_history_the_answer_is_a_plain_message(stage: Stage) -> None:
    closed = discord.PermissionOverwrite(read_message_history=False)
    hall = stage.guild.create_text_channel("hall", overwrites={stage.client.user: closed})
    await stage.alice.send(hall, f"{stage.mention} {QUESTION}")
    card = hall.last_message
    assert card.author == stage.client.user
    assert card.reference is None


async def test_commands_are_synced_once_and_not_again_after_a_restart(stage: Stage) -> None:
    def synced() -> int:
        return sum("commands" in entry.path for entry in stage.env.http_requests)

    before = synced()
    assert before >= 1
    await stage.restart()
    assert synced() == before


async def test_no_privileged_intent_is_asked_for(stage: Stage) -> None:
    intents = stage.client.intents
    assert not intents.message_content
    assert not intents.members
    assert not intents.presences


async def test_bots_are_never_answered(stage: Stage) -> None:
    other = stage.guild.add_member(stage.env.create_user("otherbot", bot=True))
    asked = await other.send(stage.channel, f"{stage.mention} {QUESTION}")
    assert stage.channel.last_message.id == asked.id


async def test_an_answer_pings_only_the_author_of_the_question(stage: Stage) -> None:
    await stage.asked(QUESTION)
    sent = next(e for e in reversed(stage.env.http_requests) if e.path.endswith("/messages"))
    assert sent.json["allowed_mentions"] == {"parse": [], "replied_user": True}
    asked = await stage.bob.send(stage.channel, QUESTION)
    await stage.alice.context_menu(stage.channel, "Suggest resources", asked)
    sent = next(e for e in reversed(stage.env.http_requests) if e.path.endswith("/messages"))
    assert sent.json["allowed_mentions"] == {"parse": []}  # unsaid means: no ping


async def test_an_edit_of_somebody_elses_message_is_not_kept(stage: Stage) -> None:
    asked = await stage.bob.send(stage.channel, QUESTION)
    await stage.alice.context_menu(stage.channel, "Suggest resources", asked)
    await stage.bob.edit(asked, "who feeds my cat next week?")
    assert await stage.runtime.store.gaps() == []


async def test_a_typed_command_of_somebody_else_is_not_kept(stage: Stage) -> None:
    asked = await stage.bob.send(stage.channel, "/ask who feeds my cat next week?")
    await stage.alice.send(stage.channel, stage.mention, reply_to=asked)
    assert stage.channel.last_message.reference.message_id == asked.id
    assert await stage.runtime.store.gaps() == []
    await stage.alice.send(stage.channel, f"{stage.mention} /ask who feeds my cat next week?")
    assert len(await stage.runtime.store.gaps()) == 1


async def test_an_edited_follow_up_stays_a_follow_up(stage: Stage) -> None:
    card = await stage.asked("tell me about fast.ai")
    asked = await stage.alice.send(stage.channel, "is it free?", reply_to=card)
    before = text(stage.channel.last_message)
    await stage.alice.edit(asked, "is it free? thanks!!")
    assert text(stage.channel.last_message) == before or "fast.ai" in text(
        stage.channel.last_message
    )


async def test_small_talk_in_a_direct_message_does_not_forget_the_card(stage: Stage) -> None:
    carol = stage.env.create_user("carol")
    await carol.send_dm("what is fast.ai?")
    await carol.send_dm("thanks!")
    await carol.send_dm("is it free?")
    assert "fast.ai course, part 1:" in text(carol.dm_channel.last_message)


async def test_a_direct_message_that_is_edited_is_what_the_next_one_is_about(stage: Stage) -> None:
    carol = stage.env.create_user("carol")
    asked = await carol.send_dm("what is pytorch?")
    await carol.edit(asked, "what is fast.ai?")
    assert "fast.ai" in text(carol.dm_channel.last_message)
    await carol.send_dm("is it free?")
    assert "fast.ai course, part 1:" in text(carol.dm_channel.last_message)


async def test_the_context_menu_is_private_where_the_helper_may_not_write(stage: Stage) -> None:
    quiet = discord.PermissionOverwrite(send_messages=False)
    hall = stage.guild.create_text_channel("hall", overwrites={stage.alice: quiet})
    asked = await stage.bob.send(hall, QUESTION)
    result = await stage.alice.context_menu(hall, "Suggest resources", asked)
    assert result.ephemeral
    assert "fast.ai" in text(result.response)
    assert hall.last_message.id == asked.id


async def test_the_context_menu_says_when_discord_did_not_take_the_answer(stage: Stage) -> None:
    asked = await stage.bob.send(stage.channel, QUESTION)
    stage.env.inject_error("POST", f"/channels/{stage.channel.id}/messages", status=403)
    result = await stage.alice.context_menu(stage.channel, "Suggest resources", asked)
    assert "didn't take" in text(result.response)


@pytest.mark.parametrize("typed", ["/shrug", "/tableflip no"])
async def test_a_slash_that_is_no_command_is_told_what_is(stage: Stage, typed: str) -> None:
    assert "I have no command" in text(await stage.asked(typed))


async def test_a_link_in_a_persons_words_is_not_passed_on(stage: Stage) -> None:
    wanted = "[free nitro](https://evil.example/x) <#123>"
    result = await stage.alice.slash(stage.channel, "resources", what=wanted)
    assert "evil.example" not in text(result.response)
    assert "<#" not in text(result.response)


async def test_hello_and_thanks_get_a_friendly_line(stage: Stage) -> None:
    assert "Hello" in text(await stage.asked("hi!"))
    assert len(buttons(stage.channel.last_message)) >= 3
    assert text(await stage.asked("thanks")) == "You're welcome. Ask on whenever you like."


async def test_without_an_answer_the_main_topics_are_a_click_away(stage: Stage) -> None:
    card = await stage.asked("who won the football match?")
    assert "no answer" in text(card)
    await stage.alice.click(card, custom_id=buttons(card)["What it costs"])
    assert "fast.ai is free" in text(stage.channel.last_message)
