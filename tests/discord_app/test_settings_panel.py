"""`/settings`, as an admin uses it: what is seen, what is stored, and who is refused."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import discord
import pytest

from bot import limits
from bot.discord_app import ids
from bot.discord_app.cards import Panel, fits, render
from bot.discord_app.cards.around import own_link
from bot.discord_app.clicks.admin import is_address
from bot.discord_app.client import WarmstartClient
from bot.frame import frame
from bot.runtime import Runtime
from bot.store import Duty, GuildSettings
from tests.discord_app.acting import Stage, buttons, client_of, text, walk

QUESTION = "how do I start with deep learning?"


@pytest.fixture
def simcord_bot(runtime: Runtime) -> WarmstartClient:
    return client_of(runtime, message_content=True)


@pytest.fixture
def admin(stage: Stage) -> Any:
    """A member with Manage Server."""
    rights = discord.Permissions(manage_guild=True)
    role = stage.guild.create_role("Admin", permissions=rights)
    return stage.guild.add_member(stage.env.create_user("admin"), roles=[role])


async def opened(stage: Stage, admin: Any) -> Any:
    result = await admin.slash(stage.channel, "settings")
    assert result.ephemeral
    return result.response


async def stored(stage: Stage) -> GuildSettings:
    return await stage.runtime.store.guild_settings(stage.guild.id)


def chosen(panel: Any, duty: Duty) -> list[str]:
    """Return the channels that a select of the panel shows as chosen."""
    return [str(one["id"]) for one in shown(panel, duty).get("default_values", ())]


def shown(panel: Any, duty: Duty) -> dict[str, Any]:
    """Return a duty's select as Discord got it."""
    return next(c for c in walk(panel.components) if c.get("custom_id") == select(panel, duty))


def select(panel: Any, duty: Duty) -> str:
    """Return the custom_id of a duty's select."""
    named = (c.get("custom_id", "") for c in walk(panel.components))
    return next(id for id in named if re.match(rf"ws:a:duty:{duty}:", id))


async def test_it_says_that_nothing_is_watched_and_shows_every_duty(
    stage: Stage, admin: Any
) -> None:
    panel = await opened(stage, admin)
    assert "Where Warmstart may speak" in text(panel)
    assert "Nothing is watched until you choose" in text(panel)
    assert "Message Content Intent" not in text(panel)
    assert {duty: chosen(panel, duty) for duty in Duty} == {duty: [] for duty in Duty}


async def test_without_the_intent_it_says_what_to_do(
    stage: Stage, admin: Any, runtime: Runtime
) -> None:
    await stage.env.restart_bot(client_of(runtime))
    panel = await opened(stage, admin)
    assert "Message Content Intent" in text(panel)
    assert "--message-content" in text(panel)


async def test_a_choice_counts_at_once_and_after_a_restart(
    stage: Stage, admin: Any, runtime: Runtime, database: Path
) -> None:
    panel = await opened(stage, admin)
    shown = await admin.select(panel, [stage.channel], custom_id=select(panel, Duty.QUESTION))
    assert chosen(shown.response or panel, Duty.QUESTION) == [str(stage.channel.id)]
    await stage.alice.send(stage.channel, QUESTION)
    assert "fast.ai" in text(stage.channel.last_message)
    with closing(sqlite3.connect(database)) as file:
        rows = file.execute("SELECT guild, channel, duty FROM channels").fetchall()
    assert rows == [(stage.guild.id, stage.channel.id, "question")]

    await stage.env.restart_bot(client_of(runtime, message_content=True))
    await stage.alice.send(stage.channel, QUESTION)
    assert stage.channel.last_message.author == stage.client.user
    await admin.select(panel, [], custom_id=select(panel, Duty.QUESTION))  # the old panel works
    assert (await stored(stage)).duties == {}
    await stage.alice.send(stage.channel, QUESTION)
    assert stage.channel.last_message.author.id == stage.alice.id


async def test_a_channel_has_one_duty(stage: Stage, admin: Any) -> None:
    hall, forum = stage.guild.create_text_channel("hall"), stage.guild.create_forum_channel("help")
    panel = await opened(stage, admin)
    await admin.select(panel, [stage.channel, hall, forum], custom_id=select(panel, Duty.WATCH))
    await admin.select(panel, [hall], custom_id=select(panel, Duty.SILENT))
    await admin.select(panel, [forum], custom_id=select(panel, Duty.SUGGEST))
    assert (await stored(stage)).duties == {
        stage.channel.id: Duty.WATCH,
        hall.id: Duty.SILENT,
        forum.id: Duty.SUGGEST,
    }
    panel = await opened(stage, admin)
    assert chosen(panel, Duty.WATCH) == [str(stage.channel.id)]
    assert chosen(panel, Duty.SILENT) == [str(hall.id)]


async def test_what_is_written_beside_a_call_can_be_silent(stage: Stage, admin: Any) -> None:
    call = stage.guild.create_voice_channel("study together")
    await stage.alice.send(call, f"{stage.client.user.mention} {QUESTION}")
    assert call.last_message.author == stage.client.user
    panel = await opened(stage, admin)
    assert discord.ChannelType.voice.value in shown(panel, Duty.SILENT)["channel_types"]
    await admin.select(panel, [call], custom_id=select(panel, Duty.SILENT))
    await stage.alice.send(call, f"{stage.client.user.mention} {QUESTION}")
    assert call.last_message.author.id == stage.alice.id


async def test_cooldown_and_pause_are_kept(stage: Stage, admin: Any) -> None:
    panel = await opened(stage, admin)
    await admin.select(panel, ["3600"], custom_id=ids.set_cooldown())
    await admin.click(panel, custom_id=ids.set_pause())
    assert await stored(stage) == GuildSettings(paused=True, cooldown=3600)
    panel = await opened(stage, admin)
    assert "Paused" in text(panel)
    await admin.click(panel, custom_id=buttons(panel)["Go on"])
    assert not (await stored(stage)).paused


async def sent(stage: Stage, admin: Any, label: str, address: str) -> Any:
    panel = await opened(stage, admin)
    form = await admin.click(panel, custom_id=ids.set_link())
    return await admin.submit_modal(form, {"label": label, "address": address})


def test_a_servers_own_link_cannot_break_out_of_its_card() -> None:
    """Whatever is stored: a database may be older than the form's checks."""
    shown = own_link("a](https://evil.example) @everyone", "https://example.org/a)b(c d")
    assert shown.endswith("](https://example.org/a%29b%28c%20d)")
    assert shown.count("](") == 1
    assert "@everyone" not in shown


async def test_the_servers_own_link_stands_on_its_cards(stage: Stage, admin: Any) -> None:
    address = "https://discord.com/channels/1/2"
    await sent(stage, admin, "#beginners", address)
    assert (await stored(stage)).link == address
    line = f"Here on this server: [#beginners]({address})"
    assert line in text(await stage.asked(QUESTION)).replace("\\", "")
    asked = await stage.alice.slash(stage.channel, "ask", question=QUESTION)
    assert line in text(asked.response).replace("\\", "")
    await stage.restart()
    assert line in text(await stage.asked(QUESTION)).replace("\\", "")
    user = stage.env.create_user("carol")
    await user.send_dm(QUESTION)
    assert "Here on this server" not in text(user.dm_channel.last_message)
    await sent(stage, admin, "", "")
    assert "Here on this server" not in text(await stage.asked(QUESTION))


async def test_a_link_that_is_none_is_refused_with_a_sentence(stage: Stage, admin: Any) -> None:
    result = await sent(stage, admin, "free nitro", "javascript:alert(1)")
    assert result.ephemeral
    assert "begins with https://" in result.response.content
    assert await stored(stage) == GuildSettings()


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("https://example.org", True),
        ("https://example.org/a?b=c#d", True),
        ("https://münchen.example/straße", True),
        ("http://example.org", False),
        ("HTTPS://example.org", False),
        ("https://", False),
        ("https://localhost", False),
        ("https://user:secret@example.org", False),
        ("https://example.org/a b", False),
        ("https://example.org/)**bold", False),
        ("https://[::1", False),
        ("javascript:alert(1)", False),
        ("https://example.org/" + "a" * 200, False),
    ],
)
def test_addresses(address: str, *, fine: bool) -> None:
    assert is_address(address) is fine


async def test_who_may_not_manage_the_server_is_refused_by_the_bot_itself(stage: Stage) -> None:
    """Discord hides the command by default, but an admin may show it to everybody."""
    command = next(c for c in await stage.client.tree.fetch_commands() if c.name == "settings")
    assert command.default_member_permissions == discord.Permissions(manage_guild=True)
    stage.guild.set_command_permissions(command, {stage.bob: True})
    result = await stage.bob.slash(stage.channel, "settings")
    assert result.ephemeral
    assert "Manage Server" in result.response.content
    assert ids.set_pause() not in str(walk(result.response.components))


async def test_who_lost_the_right_can_no_longer_use_an_open_panel(stage: Stage, admin: Any) -> None:
    panel = await opened(stage, admin)
    backend = stage.env.backend
    backend.guilds[stage.guild.id].members[admin.id].role_ids.clear()
    for act in (
        admin.click(panel, custom_id=ids.set_pause()),
        admin.select(panel, [stage.channel], custom_id=select(panel, Duty.WATCH)),
    ):
        refused = await act
        assert "Manage Server" in refused.response.content
    assert await stored(stage) == GuildSettings()


async def test_it_shows_what_the_bot_lacks_in_a_chosen_channel(stage: Stage, admin: Any) -> None:
    closed = discord.PermissionOverwrite(send_messages=False, read_message_history=False)
    me = stage.client.user
    hall = stage.guild.create_text_channel("hall", overwrites={me: closed})
    panel = await opened(stage, admin)
    await admin.select(panel, [hall, stage.channel], custom_id=select(panel, Duty.WATCH))
    panel = await opened(stage, admin)
    assert f"<#{hall.id}>: Send Messages, Read Message History" in text(panel)
    assert f"<#{stage.channel.id}>" not in text(panel)
    await admin.select(panel, [hall], custom_id=select(panel, Duty.SHADOW))  # seeing is enough
    assert "I lack rights" not in text(await opened(stage, admin))


async def test_it_shows_a_week_of_shadow(stage: Stage, admin: Any) -> None:
    store, guild = stage.runtime.store, stage.guild.id
    for topic, decision in (
        ("getting-started", "answer"),
        ("getting-started", "suggest"),
        ("cost", "answer"),
        ("", "none"),
    ):
        await store.count_shadow(guild, topic, decision)
    shown = text(await opened(stage, admin))
    topics = stage.runtime.advisor.knowledge.topics
    assert "I would have spoken 3 times, on 4 messages" in shown
    assert f"- {topics['getting-started'].title}: 2" in shown
    assert f"- {topics['cost'].title}: 1" in shown


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_fullest_panel_fits(stage: Stage, language: str) -> None:
    """Every duty with as many channels as a select takes, every right missing everywhere."""
    numbers = range(10**18, 10**18 + 25 * len(Duty))
    duties = {n: list(Duty)[n % len(Duty)] for n in numbers}
    rights = ("view_channel", "send_messages", "read_message_history")
    topics = {topic.title: 9999 for topic in stage.runtime.advisor.knowledge.topics.values()}
    server = GuildSettings(duties, True, 600, "https://example.org/" + "a" * 180, "x" * 40)
    panel = Panel(server, False, frozenset(duties), dict.fromkeys(duties, rights), topics | {"": 9})
    view = render(panel, stage.client.desk.pen(frame=frame(language)))
    assert fits(view)
    assert sum(1 for _ in view.walk_children()) <= limits.COMPONENTS
