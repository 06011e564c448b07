"""/stats over real sockets: the card with its picture, as Discord takes it."""

from __future__ import annotations

from bot.discord_app.client import WarmstartClient
from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import buttons, texts, walk

QUESTION = "how do I start with deep learning?"


async def test_the_picture_arrives_with_its_text(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """What was voted is drawn, attached once, shown in the card, and said in words."""
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    first = next(one["custom_id"] for one in buttons(card) if one["custom_id"].startswith("ws:v:"))
    await loopback.click(card, first, loopback.alice)
    await loopback.click(card, first, loopback.bob)
    shown = await loopback.slash(loopback.bob, "stats", within=20)
    assert shown.message is not None
    assert "2 of 2 helpful" in "\n".join(texts(shown.message))
    (file,) = shown.message["attachments"]
    assert loopback.files[file["id"]].startswith(b"\x89PNG\r\n\x1a\n")
    (gallery,) = [part for part in walk(shown.message["components"]) if part["type"] == 12]
    (item,) = gallery["items"]
    assert item["media"]["url"].endswith(file["filename"])
    assert item["description"].startswith("Bar chart")
    assert not shown.private


async def test_without_votes_there_is_no_picture(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """A sentence says how to vote."""
    shown = await loopback.slash(loopback.alice, "stats")
    assert shown.message is not None
    assert shown.message["attachments"] == []
    assert "Press **Helpful**" in "\n".join(texts(shown.message))


async def test_a_user_install_shows_all_servers(
    bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    """Where the bot is no member there is no "here", and nobody is told to have failed to vote."""
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    first = next(one["custom_id"] for one in buttons(card) if one["custom_id"].startswith("ws:v:"))
    await loopback.click(card, first, loopback.alice)
    away = loopback.add_channel(loopback.add_guild("Elsewhere", has_bot=False), "chat")
    shown = await loopback.slash(loopback.alice, "stats", channel=away, within=20)
    assert shown.message is not None
    said = "\n".join(texts(shown.message))
    assert "over all servers" in said
    assert "Nobody here" not in said
