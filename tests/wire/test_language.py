"""The frame in each reader's language, over the loopback Discord: SimCord's locale is fixed."""

from __future__ import annotations

import pytest

from bot.discord_app.client import COMMANDS_VALUE, WarmstartClient
from bot.discord_app.desk import Desk
from bot.frame import frame
from bot.runtime import Runtime
from bot.wording import heading
from tests.wire.conftest import running
from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import Json, buttons, texts
from tests.wire.world import EPHEMERAL, User

QUESTION = "how do I start with deep learning?"


@pytest.fixture
def greta(loopback: LoopbackDiscord) -> User:
    return loopback.add_user("Greta", locale="de")


def labels(card: Json) -> list[str]:
    return [button["label"] for button in buttons(card)]


def custom_id(card: Json, label: str) -> str:
    return str(next(b["custom_id"] for b in buttons(card) if b["label"].startswith(label)))


def shown(message: Json | None) -> Json:
    assert message is not None
    return message


async def test_a_german_reads_german_buttons_around_an_english_answer(
    bot: WarmstartClient, loopback: LoopbackDiscord, greta: User
) -> None:
    card = shown((await loopback.slash(greta, "ask", {"question": QUESTION})).message)
    topic = bot.desk.advisor.knowledge.topics["getting-started"]
    assert heading(topic) in texts(card)[0]
    assert {"Hilfreich", "Nichts davon hilft", "Anders gemeint?"} <= set(labels(card))
    assert "Fakten geprüft" in texts(card)[-1]
    helped = shown((await loopback.slash(greta, "help")).message)
    assert "Was ich kann" in texts(helped)[0]


async def test_an_unknown_locale_reads_english(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    chloe = loopback.add_user("Chloé", locale="fr")
    card = shown((await loopback.slash(chloe, "ask", {"question": QUESTION})).message)
    assert "Helpful" in labels(card)
    assert "Facts checked" in texts(card)[-1]


async def test_a_user_install_speaks_the_language_of_who_installed_it(
    bot: WarmstartClient, loopback: LoopbackDiscord, greta: User
) -> None:
    away = loopback.add_channel(loopback.add_guild("Elsewhere", has_bot=False), "chat")
    message = await loopback.say(away, loopback.bob, QUESTION)
    card = shown((await loopback.context_menu(greta, "Suggest resources", message)).message)
    assert "Hilfreich" in labels(card)
    assert "Zu [dieser Nachricht]" in "\n".join(texts(card))


async def test_where_the_bot_hears_no_replies_a_form_asks_on(
    bot: WarmstartClient, loopback: LoopbackDiscord, greta: User
) -> None:
    """A user install in a server without the bot: even the public card has the form."""
    away = loopback.add_channel(loopback.add_guild("Elsewhere", has_bot=False), "chat")
    asked = {"question": "tell me about fast.ai"}
    card = shown((await loopback.slash(greta, "ask", asked, channel=away)).message)
    assert not card["flags"] & EPHEMERAL
    form = await loopback.click(card, custom_id(card, "Weiterfragen"), greta)
    assert form.modal["title"] == "Weiterfragen"
    done = await loopback.submit_modal(form, {"text": "is it free?"})
    assert "free" in "\n".join(texts(done.private[0])).lower()
    assert "Hilfreich" in labels(done.private[0])


async def test_an_error_is_told_in_the_language_of_who_clicked(
    bot: WarmstartClient, loopback: LoopbackDiscord, greta: User
) -> None:
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    done = await loopback.click(card, "ws:v:gone:gone", greta, forged=True)
    assert texts(done.private[0]) == [frame("de")("gone")]


async def test_replies_to_messages_speak_the_servers_language(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    english = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    assert "Helpful" in labels(english)
    loopback.home.locale = "de"
    loopback.gateway.dispatch("GUILD_UPDATE", loopback.home.payload(loopback.bot), loopback.home)
    german = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    assert "Hilfreich" in labels(german)
    asked = await loopback.say(loopback.general, loopback.bob, QUESTION)
    done = await loopback.context_menu(loopback.alice, "Suggest resources", asked)
    assert "Hilfreich" in labels(await loopback.answer_to(asked))
    assert texts(done.private[0]) == [frame()("answered")]  # the helper reads English


async def test_a_click_leaves_a_cards_language_as_it_is(
    bot: WarmstartClient, loopback: LoopbackDiscord, greta: User
) -> None:
    """Counts, runner-ups and pages: whoever clicks, the public card goes on in its language."""
    german = shown((await loopback.slash(greta, "ask", {"question": QUESTION})).message)
    await loopback.click(german, custom_id(german, "Hilfreich"), loopback.bob)
    assert labels(german)[0] == "Hilfreich · 1"
    english = await loopback.ask(loopback.general, greta, QUESTION, mention_bot=True)
    await loopback.click(english, custom_id(english, "Helpful"), greta)
    assert labels(english)[0] == "Helpful · 2"
    await loopback.click(english, custom_id(english, "Not what you asked?"), greta)
    assert texts(english)[0] == f"### {frame()('others_heading')}"
    private = await loopback.click(german, custom_id(german, "Anders gemeint?"), loopback.bob)
    assert texts(private.private[0])[0] == f"### {frame()('others_heading')}"
    pages = shown((await loopback.slash(greta, "resources", {"what": "free"})).message)
    await loopback.click(pages, custom_id(pages, "Weiter"), loopback.bob)
    assert "Seite 2 von" in "\n".join(texts(pages))


async def test_commands_are_described_in_every_shipped_language(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    commands = {command["name"]: command for command in loopback.commands}
    german = frame("de")
    ask = commands["ask"]
    assert ask["description"] == frame()("cmd_ask")
    assert ask["description_localizations"] == {"de": german("cmd_ask")}
    assert ask["options"][1]["description_localizations"] == {"de": german("cmd_ask_private")}
    assert not ask.get("name_localizations")
    menu = commands["Suggest resources"]
    assert menu["name_localizations"] == {"de": german("menu_suggest")}


async def test_a_changed_translation_sends_the_commands_again(
    loopback: LoopbackDiscord, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def start() -> str | None:
        async with running(WarmstartClient(Desk.of(runtime)), loopback):
            return await runtime.store.value(COMMANDS_VALUE)

    first = await start()
    assert await start() == first
    assert loopback.count("PUT", "/commands$") == 1
    monkeypatch.setitem(frame("de").sentences, "cmd_help", "Was ich alles kann")  # type: ignore[arg-type]
    assert await start() != first
    assert loopback.count("PUT", "/commands$") == 2
    help = next(command for command in loopback.commands if command["name"] == "help")
    assert help["description_localizations"]["de"] == "Was ich alles kann"


async def test_private_cards_stay_in_the_persons_language(
    bot: WarmstartClient, loopback: LoopbackDiscord, greta: User
) -> None:
    """A private card that changes in place was drawn for that person, and goes on so."""
    asked = {"question": QUESTION, "private": True}
    card = shown((await loopback.slash(greta, "ask", asked)).message)
    assert card["flags"] & EPHEMERAL
    await loopback.click(card, custom_id(card, "Anders gemeint?"), greta)
    assert texts(card)[0] == f"### {frame('de')('others_heading')}"
