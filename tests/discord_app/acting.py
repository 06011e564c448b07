"""What people do and see in the simulated Discord."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import simcord

from bot.discord_app.client import WarmstartClient
from bot.discord_app.desk import Desk
from bot.runtime import Runtime


@dataclass
class Stage:
    """A server with the bot, a channel, and two people."""

    env: simcord.Env
    guild: Any
    channel: Any
    alice: Any
    bob: Any
    runtime: Runtime

    @property
    def client(self) -> Any:
        return self.env.bot

    @property
    def mention(self) -> str:
        return f"<@{self.client.user.id}>"

    async def asked(self, question: str) -> Any:
        """Let Alice mention the bot with a question, and return the card."""
        await self.alice.send(self.channel, f"{self.mention} {question}")
        return self.channel.last_message

    async def restart(self) -> None:
        """Start the bot anew on the same database, as after a deployment."""
        await self.env.restart_bot(client_of(self.runtime))


def client_of(
    runtime: Runtime, maintainers: frozenset[int] = frozenset(), **options: Any
) -> WarmstartClient:
    return WarmstartClient(Desk.of(runtime, maintainers), **options)


def walk(components: Any) -> list[dict[str, Any]]:
    """Return all components of a message, nested ones too, as plain data."""
    found = []
    for component in components:
        data = component if isinstance(component, dict) else component.to_dict()
        found += _walk(data)
    return found


def _walk(data: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [*data.get("components", ()), *([data["accessory"]] if "accessory" in data else [])]
    return [data, *(part for one in inner for part in _walk(one))]


def text(message: Any) -> str:
    """Return all that a card says."""
    return "\n".join(c["content"] for c in walk(message.components) if "content" in c)


def buttons(message: Any) -> dict[str, str]:
    """Return custom ids by label; Helpful toggles under "Helpful 1", "Helpful 2", …"""
    found: dict[str, str] = {}
    toggles = 0
    for component in walk(message.components):
        if component["type"] == 2:
            label = component["label"]
            if re.match("Helpful", label):
                toggles += 1
                label = f"Helpful {toggles}"
            found[label] = component["custom_id"]
    return found


def toggle_labels(message: Any) -> list[str]:
    """Return what the Helpful toggles say, in order."""
    labels = [c["label"] for c in walk(message.components) if c["type"] == 2]
    return [label for label in labels if label.startswith("Helpful")]


async def post_in_forum(stage: Stage, who: Any, forum: Any, title: str, body: str) -> Any:
    """Let somebody open a post in a forum, as Discord does: the thread, then its first message."""
    backend = stage.env.backend
    starter = backend.prepare_message(forum.id, who.id, body)
    thread = backend.create_thread(forum.id, title, who.id, message_id=starter.id, broadcast=False)
    starter.channel_id = thread.id
    backend.commit_message(starter, broadcast=False)
    backend.announce_thread_create(thread)
    backend.announce_message_create(starter)
    await stage.env.settle()
    return forum.threads[-1]
