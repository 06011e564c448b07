"""What people do on the loopback Discord, and waiting for what the bot answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tests.wire.gateway import Gateway
from tests.wire.interactions import Interaction, Interactions
from tests.wire.rest import Rest
from tests.wire.shown import Json, walk
from tests.wire.world import USUAL, Channel, User, World

PATIENCE = 3.0  # seconds that an action waits for the bot
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5  # interaction types
CHAT_INPUT, ON_MESSAGE = 1, 3  # command types

T = TypeVar("T")


class NoAnswer(AssertionError):
    """The bot did not do in time what a test waited for."""


class People(World):
    """The world with people in it: each action waits, for a bounded time, for the bot."""

    def __init__(self, *, privileged: int = 0, max_messages: int = 20_000) -> None:
        super().__init__(privileged=privileged, max_messages=max_messages)
        self.alice, self.bob = self.add_user("Alice"), self.add_user("Bob")
        self.home = self.add_guild("Deep learners")
        self.general = self.add_channel(self.home, "general")
        self._changed = asyncio.Event()
        self.gateway = Gateway(self, self.notify)
        self.rest = Rest(self, self.gateway)
        self.interactions = Interactions(self.rest)

    # Waiting

    def notify(self) -> None:
        """Let everybody who waits look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], T], what: str, *, within: float = PATIENCE) -> T:
        """Wait until the condition holds, looking again after every request; return its value."""
        try:
            async with asyncio.timeout(within):
                while not (value := condition()):
                    await self._changed.wait()
        except TimeoutError:
            raise NoAnswer(f"{what}: not within {within} s") from None
        return value

    async def connected(self, *, within: float = 10.0) -> None:
        """Wait until the bot has a live gateway session."""
        await self.until(lambda: self.gateway.live, "a gateway session", within=within)

    # Messages

    async def say(
        self,
        channel: Channel,
        author: User,
        content: str = "",
        *,
        mention_bot: bool = False,
        mention_role: bool = False,
        reply_to: Json | None = None,
        ping: bool = True,
    ) -> Json:
        """Post a message and return it; a reply pings whom it replies to unless told not to."""
        if mention_bot:
            content = f"{self.bot.mention} {content}".rstrip()
        if mention_role:
            assert channel.guild is not None
            content = f"<@&{channel.guild.bot_role}> {content}".rstrip()
        body: Json = {"content": content}
        if reply_to is not None:
            parse = ["users", "roles", "everyone"]
            body["message_reference"] = {"message_id": reply_to["id"]}
            body["allowed_mentions"] = {"parse": parse, "replied_user": ping}
        message = self.post(channel, author, body)
        self.rest.announce("MESSAGE_CREATE", message)
        return message

    def open_post(self, forum: Channel, author: User, title: str) -> Channel:
        """Open a forum's post as Discord tells it: first the thread, its first message later."""
        post = self.add_post(forum, author, title)
        payload = post.payload() | {"newly_created": True}
        self.gateway.dispatch("THREAD_CREATE", payload, forum.guild)
        return post

    def begin_post(self, post: Channel, content: str) -> Json:
        """Send the first message of a post."""
        assert post.owner is not None
        message = self.post(post, post.owner, {"content": content}, id=str(post.id))
        self.rest.announce("MESSAGE_CREATE", message)
        return message

    async def ask(
        self,
        channel: Channel,
        author: User,
        content: str = "",
        *,
        within: float = PATIENCE,
        **how: Any,
    ) -> Json:
        """Post a message like `say` and return the bot's answer to it."""
        question = await self.say(channel, author, content, **how)
        return await self.answer_to(question, within=within)

    async def answer_to(self, question: Json, *, within: float = PATIENCE) -> Json:
        """Return the bot's first answer to a message."""
        what = f"an answer to {question['content']!r}"
        return (await self.until(lambda: self.answers_to(question), what, within=within))[0]

    def answers_to(self, question: Json) -> list[Json]:
        """Return the bot's messages that reply to a message, or follow it without replying."""
        found = []
        for id, message in reversed(self.messages.items()):
            if id <= int(question["id"]):
                break
            replied = message.get("message_reference", {"message_id": question["id"]})
            if (
                message["author"]["id"] == str(self.bot.id)
                and message["channel_id"] == question["channel_id"]
                and replied["message_id"] == question["id"]
                and "interaction_metadata" not in message
            ):
                found.append(message)
        return found[::-1]

    def reword(self, message: Json, content: str) -> None:
        """Edit somebody's message."""
        self.edit(message, {"content": content})
        self.rest.announce("MESSAGE_UPDATE", message)

    def delete(self, message: Json) -> None:
        """Delete somebody's message."""
        self.rest.remove(message)

    # Interactions: each waits until the bot has settled it

    async def slash(
        self,
        user: User,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        channel: Channel | None = None,
        within: float = PATIENCE,
    ) -> Interaction:
        """Run a slash command; a subcommand is named with a space: "knowledge status"."""
        data = self._invocation(name, options or {})
        return await self._settled(COMMAND, user, channel, data, f"/{name}", within)

    async def autocomplete(
        self,
        user: User,
        name: str,
        options: Mapping[str, Any],
        *,
        focused: str,
        channel: Channel | None = None,
        within: float = PATIENCE,
    ) -> list[Json]:
        """Return what the bot offers while somebody types in the focused option."""
        data = self._invocation(name, options, focused=focused)
        what = f"choices for /{name} {options}"
        done = await self._settled(AUTOCOMPLETE, user, channel, data, what, within)
        return done.choices

    async def context_menu(
        self, user: User, name: str, message: Json, *, within: float = PATIENCE
    ) -> Interaction:
        """Choose an app command in a message's menu; the message arrives with its content."""
        data = {"id": self._command(name, ON_MESSAGE)["id"], "name": name, "type": ON_MESSAGE}
        shown = self.as_seen(message, content_intent=True)
        data |= {"target_id": message["id"], "resolved": {"messages": {message["id"]: shown}}}
        return await self._settled(COMMAND, user, self.channel_of(message), data, name, within)

    async def click(
        self, message: Json, custom_id: str, user: User, *, forged: bool = False, **how: Any
    ) -> Interaction:
        """Press a button; `forged` presses one that the bot never put on the message."""
        if forged:
            button = {"type": 2, "id": 99, "style": 2, "label": "?", "custom_id": custom_id}
            message = with_row(message, button)
        return await self.choose(message, custom_id, user, None, **how)

    async def choose(
        self,
        message: Json,
        custom_id: str,
        user: User,
        values: list[str] | None,
        *,
        within: float = PATIENCE,
    ) -> Interaction:
        """Choose values in a select, or press a button when `values` is None."""
        shown = {part.get("custom_id"): part for part in walk(message["components"])}
        assert custom_id in shown, f"no component {custom_id!r} among {list(shown)}"
        part = shown[custom_id]
        assert not part.get("disabled"), f"{custom_id!r} is disabled"
        data = {"custom_id": custom_id, "component_type": part["type"], "id": part["id"]}
        if values is not None:
            data |= {"values": values, "resolved": {}}
        channel = self.channel_of(message)
        what = f"an answer to the click on {custom_id!r}"
        return await self._settled(COMPONENT, user, channel, data, what, within, message=message)

    async def submit_modal(
        self,
        opened: Interaction,
        values: Mapping[str, str | list[str]],
        *,
        within: float = PATIENCE,
    ) -> Interaction:
        """Fill in the modal that an interaction opened: text by custom_id, a list for selects."""
        modal = opened.modal
        fields = {p["custom_id"]: p for p in walk(modal["components"]) if "custom_id" in p}
        assert set(values) <= set(fields), f"no such fields: {set(values) - set(fields)}"
        data = {
            "custom_id": modal["custom_id"],
            "components": [_filled(part, values) for part in modal["components"]],
            "resolved": {},
        }
        message = opened.message if opened.payload["type"] == COMPONENT else None
        what = f"an answer to the modal {modal['title']!r}"
        return await self._settled(
            MODAL_SUBMIT, opened.user, opened.channel, data, what, within, message=message
        )

    async def _settled(
        self,
        type: int,
        user: User,
        channel: Channel | None,
        data: Json,
        what: str,
        within: float,
        message: Json | None = None,
    ) -> Interaction:
        interaction = self.interact(type, user, channel or self.general, data, message)
        await self.until(lambda: interaction.settled, what, within=within)
        return interaction

    def interact(
        self,
        type: int,
        user: User,
        channel: Channel,
        data: Json,
        message: Json | None = None,
    ) -> Interaction:
        """Send an interaction to the bot without waiting for anything."""
        id, guild = self.new_id(), channel.guild
        installed = {"0": str(guild.id if guild else 0)} if guild is None or guild.has_bot else {}
        payload: Json = {
            "id": str(id),
            "application_id": str(self.bot.id),
            "type": type,
            "token": f"interaction-{id}",
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.payload(),
            "locale": user.locale,
            "entitlements": [],
            "attachment_size_limit": 10 * 1024 * 1024,
            "authorizing_integration_owners": installed or {"1": str(user.id)},
            "app_permissions": str(USUAL),
            "context": 1 if guild is None else 0,
        }
        if guild is None:
            payload["user"] = user.payload()
        else:
            member = guild.member(user) | {"user": user.payload()}
            payload["member"] = member | {"permissions": str(guild.permissions(user))}
            payload |= {"guild_id": str(guild.id), "guild_locale": guild.locale}
            payload["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
        if message is not None:
            payload["message"] = self.as_seen(message, content_intent=True)
        now = asyncio.get_running_loop().time()
        original = message and self.messages.get(int(message["id"]), message)
        interaction = Interaction(payload, user, channel, now, message=original)
        self.interactions.add(interaction)
        self.gateway.dispatch("INTERACTION_CREATE", payload, guild)
        return interaction

    def _command(self, name: str, kind: int) -> Json:
        for command in self.commands:
            if (command["name"], command["type"]) == (name, kind):
                return command
        known = [command["name"] for command in self.commands]
        raise NoAnswer(f"no command {name!r} is registered, only {known}")

    def _invocation(
        self, name: str, values: Mapping[str, Any], *, focused: str | None = None
    ) -> Json:
        """Return a slash command's data with the option types that the bot registered."""
        first, *path = name.split()
        command = level = self._command(first, CHAT_INPUT)
        groups = []
        for part in path:
            level = next(option for option in level["options"] if option["name"] == part)
            groups.append({"name": part, "type": level["type"]})
        known = {option["name"]: option for option in level.get("options") or []}
        assert set(values) <= set(known), f"/{name} has only the options {list(known)}"
        missing = {n for n, option in known.items() if option.get("required")} - set(values)
        assert focused or not missing, f"/{name} needs {missing}"
        options: list[Json] = [
            {"name": n, "type": known[n]["type"], "value": value}
            | ({"focused": True} if n == focused else {})
            for n, value in values.items()
        ]
        for group in reversed(groups):
            options = [group | {"options": options}]
        data = {"id": command["id"], "name": first, "type": CHAT_INPUT}
        return data | {"options": options, "resolved": {}}


def with_row(message: Json, part: Json) -> Json:
    """Return a message as a forger shows it: with a component that the bot never put there."""
    row = {"type": 1, "id": 98, "components": [part]}
    return message | {"components": [*message["components"], row]}


def _filled(part: Json, values: Mapping[str, str | list[str]]) -> Json:
    """Return a modal's component as Discord sends it back."""
    base = {"type": part["type"], "id": part.get("id", 1)}
    if "component" in part:
        return base | {"component": _filled(part["component"], values)}
    if "components" in part:
        return base | {"components": [_filled(child, values) for child in part["components"]]}
    if "custom_id" not in part:
        return base
    value = values.get(part["custom_id"], "" if part["type"] == 4 else [])
    assert not part.get("required", True) or value, f"{part['custom_id']!r} is required"
    return base | {
        "custom_id": part["custom_id"],
        "values" if isinstance(value, list) else "value": value,
    }
