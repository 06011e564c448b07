"""The loopback Discord itself, tried with a small bot on the unmodified discord.py."""

from __future__ import annotations

import asyncio
import io
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from discord import app_commands, ui

from tests.wire import limits
from tests.wire.conftest import running
from tests.wire.loopback import LoopbackDiscord
from tests.wire.people import NoAnswer
from tests.wire.shown import Json, buttons, texts
from tests.wire.world import EPHEMERAL

CHART = b"\x89PNG not really"


class Count(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"count:(?P<n>\d+)\Z"):
    """A button that carries its count."""

    def __init__(self, n: int) -> None:
        super().__init__(ui.Button(label=f"Helpful {n}", custom_id=f"count:{n}"))
        self.n = n

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.View], match: re.Match[str]
    ) -> Count:
        return cls(int(match["n"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=card(self.n + 1))


def card(n: int) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    section: ui.Section[ui.LayoutView] = ui.Section("A resource", accessory=Count(n))
    view.add_item(ui.Container(ui.TextDisplay("# A heading"), section))
    return view


class Form(ui.Modal, title="Tell us"):
    told: ui.Label[ui.Modal] = ui.Label(text="What?", component=ui.TextInput(custom_id="told"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.told.component, ui.TextInput)
        await interaction.response.send_message(self.told.component.value, ephemeral=True)


class SmallBot(discord.Client):
    """Does one thing of each kind."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        quiet = discord.AllowedMentions(replied_user=True, everyone=False, roles=False, users=False)
        super().__init__(intents=intents, allowed_mentions=quiet)
        self.heard: list[str] = []
        self.tree = app_commands.CommandTree(self)
        echo = self.tree.command(name="echo", description="Says it again")(self.echo)
        echo.autocomplete("what")(self.offer)
        self.tree.command(name="slow", description="Defers")(self.slow)
        self.tree.command(name="form", description="Opens a form")(self.form)
        self.tree.context_menu(name="Repeat")(repeat)
        self.add_dynamic_items(Count)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.append(message.content)
            if self.user in message.mentions or message.guild is None:
                await message.reply(view=card(0))

    async def echo(self, interaction: discord.Interaction, what: str) -> None:
        await interaction.response.send_message(f"{interaction.locale}: {what}")

    async def offer(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current}{n}", value=str(n)) for n in range(20)]

    async def slow(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(view=card(7))
        chart = discord.File(io.BytesIO(CHART), "chart.png", description="A chart")
        await interaction.followup.send("and more", file=chart, ephemeral=True)

    async def form(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())


async def repeat(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(message.content, ephemeral=True)


@pytest.fixture
async def bot(loopback: LoopbackDiscord) -> AsyncIterator[SmallBot]:
    client = SmallBot()
    async with running(client, loopback):
        yield client


async def test_connects_and_syncs_commands(bot: SmallBot, loopback: LoopbackDiscord) -> None:
    """One PUT registers the commands; the session is compressed and the guild is known."""
    assert {c["name"] for c in loopback.commands} == {"echo", "slow", "form", "Repeat"}
    assert loopback.count("PUT", r"/commands$") == 1
    await loopback.ask(loopback.general, loopback.alice, mention_bot=True)
    assert [guild.name for guild in bot.guilds] == ["Deep learners"]
    assert bot.guilds[0].self_role is not None


async def test_mention_is_answered_with_a_card(bot: SmallBot, loopback: LoopbackDiscord) -> None:
    """A mention carries its content; the reply is a V2 card that pings the asker only."""
    reply = await loopback.ask(
        loopback.general, loopback.alice, "free? @everyone", mention_bot=True
    )
    assert bot.heard == [f"{loopback.bot.mention} free? @everyone"]
    assert texts(reply) == ["# A heading", "A resource"]
    assert [user["username"] for user in reply["mentions"]] == ["alice"]


async def test_content_needs_intent_or_mention(bot: SmallBot, loopback: LoopbackDiscord) -> None:
    """Without the privileged intent only mentions, reply pings and DMs carry their content."""
    secret = await loopback.say(loopback.general, loopback.bob, "secret")
    reply = await loopback.ask(loopback.general, loopback.alice, "1", mention_bot=True)
    await loopback.say(loopback.general, loopback.bob, "unheard", reply_to=reply, ping=False)
    await loopback.ask(loopback.general, loopback.bob, "2", reply_to=reply)
    await loopback.ask(loopback.dm(loopback.bob), loopback.bob, "3")
    mention = loopback.bot.mention
    assert bot.heard == ["", f"{mention} 1", "", "2", "3"]
    await loopback.ask(loopback.general, loopback.alice, "4", mention_bot=True, reply_to=secret)
    assert loopback.gateway.live[0].log[-2]["d"]["referenced_message"]["content"] == ""


async def test_slash_command_in_the_users_language(
    bot: SmallBot, loopback: LoopbackDiscord
) -> None:
    """A slash command is answered within the interaction, and knows its user's locale."""
    chloe = loopback.add_user("Chloé", locale="fr")
    answer = await loopback.slash(chloe, "echo", {"what": "oui"})
    assert answer.message is not None
    assert texts(answer.message) == ["fr: oui"]


async def test_deferral_then_card_then_followup(bot: SmallBot, loopback: LoopbackDiscord) -> None:
    """A deferred answer keeps its privacy, takes a card, and may be followed up."""
    answer = await loopback.slash(loopback.bob, "slow")
    await loopback.until(lambda: answer.followups, "the followup")
    assert answer.kind == 5
    assert [texts(m) for m in answer.private] == [["# A heading", "A resource"], ["and more"]]
    [chart] = answer.followups[0]["attachments"]
    assert (chart["filename"], chart["description"]) == ("chart.png", "A chart")
    assert loopback.files[chart["id"]] == CHART


async def test_user_install_in_a_guild_without_the_bot(
    bot: SmallBot, loopback: LoopbackDiscord
) -> None:
    """Interactions come from guilds that the bot never joined; channels there are closed."""
    away = loopback.add_channel(loopback.add_guild("Elsewhere", has_bot=False), "chat")
    answer = await loopback.slash(loopback.bob, "echo", {"what": "hi"}, channel=away)
    assert answer.message is not None
    assert texts(answer.message) == ["en-US: hi"]
    with pytest.raises(discord.Forbidden):
        await bot.fetch_channel(away.id)


async def test_autocomplete(bot: SmallBot, loopback: LoopbackDiscord) -> None:
    """Choices come back as the bot offers them."""
    choices = await loopback.autocomplete(loopback.bob, "echo", {"what": "x"}, focused="what")
    assert choices[0] == {"name": "x0", "value": "0"}
    assert len(choices) == 20


async def test_context_menu_sees_the_message(bot: SmallBot, loopback: LoopbackDiscord) -> None:
    """The target of a context menu carries its content without any intent."""
    message = await loopback.say(loopback.general, loopback.alice, "where do I start")
    answer = await loopback.context_menu(loopback.bob, "Repeat", message)
    assert [texts(private) for private in answer.private] == [["where do I start"]]


async def test_modal_round_trip(bot: SmallBot, loopback: LoopbackDiscord) -> None:
    """A modal opens, and what is typed comes back."""
    opened = await loopback.slash(loopback.bob, "form")
    assert opened.modal["title"] == "Tell us"
    answer = await loopback.submit_modal(opened, {"told": "everything"})
    assert [texts(private) for private in answer.private] == [["everything"]]


async def test_button_edits_its_own_card(bot: SmallBot, loopback: LoopbackDiscord) -> None:
    """A dynamic item in a section answers the click by changing the card, also for others."""
    reply = await loopback.ask(loopback.general, loopback.alice, mention_bot=True)
    click = await loopback.click(reply, "count:0", loopback.bob)
    assert click.kind == 7
    assert [button["label"] for button in buttons(reply)] == ["Helpful 1"]
    await loopback.click(reply, "count:1", loopback.alice)
    forged = await loopback.click(reply, "count:40", loopback.alice, forged=True)
    assert forged.kind == 7
    assert [button["custom_id"] for button in buttons(reply)] == ["count:41"]


async def test_private_messages_are_hidden_from_rest(
    bot: SmallBot, loopback: LoopbackDiscord
) -> None:
    """An ephemeral answer cannot be fetched, and is not announced on the gateway."""
    answer = await loopback.slash(loopback.bob, "slow")
    assert answer.message is not None
    assert answer.message["flags"] & EPHEMERAL
    channel = bot.get_partial_messageable(loopback.general.id)
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(int(answer.message["id"]))


async def test_resume_delivers_a_missed_message_once(
    bot: SmallBot, loopback: LoopbackDiscord
) -> None:
    """After a TCP abort the client resumes, and gets what it missed, once."""
    loopback.gateway.abort()
    await loopback.until(lambda: not loopback.gateway.live, "the cut")
    await loopback.ask(loopback.general, loopback.alice, "missed", mention_bot=True)
    await loopback.ask(loopback.general, loopback.alice, "later", mention_bot=True)
    mention = loopback.bot.mention
    assert bot.heard == [f"{mention} missed", f"{mention} later"]
    assert (len(loopback.gateway.resumes), len(loopback.gateway.identifies)) == (1, 1)


@pytest.mark.parametrize("fault", ["op 7", "close 4000"])
async def test_reconnect_resumes(bot: SmallBot, loopback: LoopbackDiscord, fault: str) -> None:
    """Being asked to reconnect, or closed with 4000, ends in a RESUME."""
    if fault == "op 7":
        loopback.gateway.reconnect()
    else:
        await loopback.gateway.close(4000)
    await loopback.until(lambda: loopback.gateway.resumes, "a RESUME")
    await loopback.ask(loopback.general, loopback.alice, mention_bot=True)
    assert len(loopback.gateway.identifies) == 1


async def test_invalid_session_identifies_again(bot: SmallBot, loopback: LoopbackDiscord) -> None:
    """Op 9 makes the client start a new session."""
    loopback.gateway.invalidate()
    await loopback.until(lambda: len(loopback.gateway.identifies) == 2, "a second IDENTIFY")
    await loopback.ask(loopback.general, loopback.alice, mention_bot=True)
    assert loopback.gateway.resumes == []


async def test_gateway_down_for_a_while(
    bot: SmallBot, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """While the gateway is down the client knocks again and again, and then resumes."""
    loopback.gateway.down = True
    await loopback.until(lambda: loopback.gateway.refused >= 2, "a second knock")
    missed = await loopback.say(loopback.general, loopback.alice, mention_bot=True)
    loopback.gateway.down = False
    await loopback.answer_to(missed)
    assert len(loopback.gateway.identifies) == 1
    assert "Attempting a reconnect" in caplog.text
    caplog.clear()


async def test_malformed_dispatch_ends_a_plain_client(loopback: LoopbackDiscord) -> None:
    """discord.py itself does not survive an event that it cannot parse."""
    async with SmallBot() as client:
        running = asyncio.create_task(client.start(loopback.token))
        await loopback.connected()
        loopback.gateway.raw(op=0, t="MESSAGE_CREATE", s=99, d={})
        with pytest.raises(KeyError):
            await asyncio.wait_for(running, 3)


async def test_unacknowledged_heartbeats_are_sent_and_counted(
    loopback: LoopbackDiscord,
) -> None:
    """A silent gateway is left after the client's own timeout, and joined again."""
    loopback.gateway.heartbeat_interval = 0.05
    loopback.gateway.acknowledges = False
    client = SmallBot()
    client._connection.heartbeat_timeout = 0.2
    async with running(client, loopback):
        await loopback.until(lambda: loopback.gateway.resumes, "a RESUME")
    assert loopback.gateway.heartbeats >= 3


async def test_rate_limits(
    bot: SmallBot, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """429 with `Via` is waited out; without, it is an error at once."""
    loopback.limit_next("POST", r"/messages$", times=2)
    await loopback.ask(loopback.general, loopback.alice, mention_bot=True)
    assert loopback.count("POST", r"/messages$") == 3
    loopback.limit_next("POST", r"/messages$", via=False)
    with pytest.raises(NoAnswer):
        await loopback.ask(loopback.general, loopback.alice, mention_bot=True, within=0.2)
    assert loopback.count("POST", r"/messages$") == 4
    assert "429" in caplog.text
    caplog.clear()


async def test_server_errors_and_cut_connections(
    bot: SmallBot, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """A 500 is retried, a cut connection is not; a cut after the effect loses only the answer."""
    loopback.fail_next("POST", r"/messages$", status=500)
    await loopback.ask(loopback.general, loopback.alice, mention_bot=True)
    loopback.fail_next("POST", r"/messages$", cut=True)
    with pytest.raises(NoAnswer):
        await loopback.ask(loopback.general, loopback.alice, mention_bot=True, within=0.2)
    loopback.fail_next("POST", r"/messages$", cut=True, after=True)
    await loopback.ask(loopback.general, loopback.alice, mention_bot=True)
    caplog.clear()


async def test_late_and_double_answers_are_refused(
    bot: SmallBot, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """The first response must come in time, and there is only one."""
    loopback.interactions.deadline = -1.0
    with pytest.raises(NoAnswer):
        await loopback.slash(loopback.bob, "echo", {"what": "x"}, within=0.2)
    assert "10062" in caplog.text
    caplog.clear()


async def test_wrong_token_and_privileged_intents(loopback: LoopbackDiscord) -> None:
    """A wrong token is refused by REST; an intent that was not granted, by the gateway."""
    async with SmallBot() as client:
        with pytest.raises(discord.LoginFailure):
            await client.start("wrong.token.entirely")
    async with discord.Client(intents=discord.Intents(message_content=True)) as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(loopback.token)


TEXT = {"type": 10, "content": "hello"}
QUIET: Json = {"allowed_mentions": {"parse": []}}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"content": "x" * 2001} | QUIET, "2000"),
        ({"content": "hello"}, "allowed_mentions"),
        ({} | QUIET, "empty"),
        ({"components": [TEXT]} | QUIET, "32768"),
        ({"components": [TEXT], "content": "x", "flags": 32768} | QUIET, "beside"),
        ({"components": [TEXT] * 41, "flags": 32768} | QUIET, "40"),
        ({"components": [TEXT | {"content": "x" * 4001}], "flags": 32768} | QUIET, "4000"),
        ({"components": [TEXT | {"content": "ж" * 1500}], "flags": 32768} | QUIET, "9000"),
        ({"components": [{"type": 9, "components": [TEXT]}], "flags": 32768} | QUIET, "section"),
    ],
)
async def test_limits_are_held(loopback: LoopbackDiscord, body: Json, said: str) -> None:
    """What Discord would not take is refused, and listed as a violation."""
    await refused(loopback, body)
    assert any(said in violation for violation in loopback.violations)
    loopback.violations.clear()


described = pytest.mark.skipif(
    "WARMSTART_OPENAPI" not in os.environ,
    reason="WARMSTART_OPENAPI does not name Discord's OpenAPI file",
)


@described
async def test_messages_look_like_discords(bot: SmallBot, loopback: LoopbackDiscord) -> None:
    """What the loopback says a message is, Discord's own description says too."""
    description = limits.described(Path(os.environ["WARMSTART_OPENAPI"]))
    reply = await loopback.ask(loopback.general, loopback.alice, mention_bot=True)
    private = (await loopback.slash(loopback.bob, "slow")).message
    assert private is not None
    for message in (reply, private):
        shown = loopback.as_seen(message, content_intent=False)
        assert description.response_problems("MessageResponse", shown) == []


@described
async def test_discords_description_is_held(loopback: LoopbackDiscord) -> None:
    """With the OpenAPI file at hand, what only that knows is refused too."""
    await refused(loopback, {"embeds": [{"title": "x" * 300}]} | QUIET)
    assert "$.embeds[0].title" in loopback.violations[0]
    loopback.violations.clear()


async def refused(loopback: LoopbackDiscord, body: Json) -> None:
    """Send a message's body as a bot, and see it refused."""
    client = discord.Client(intents=discord.Intents.none())
    async with client:
        await client.login(loopback.token)
        route = discord.http.Route("POST", f"/channels/{loopback.general.id}/messages")
        with pytest.raises(discord.HTTPException):
            await client.http.request(route, json=body)
