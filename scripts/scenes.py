"""What the pictures show: a scene for each kind of card, acted as people would on Discord."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import simcord

from bot.discord_app.client import WarmstartClient

SELECT = 3  # the type of a string select, as Discord numbers components
QUESTION = "how do I start with deep learning?"
TWO_PARTS = "how do I start with deep learning, and what does it cost?"


@dataclass
class Stage:
    """A channel of its own for one scene, and two people in it."""

    env: simcord.Env
    client: WarmstartClient
    channel: Any
    robin: Any
    sam: Any

    @property
    def last(self) -> Any:
        """The newest message of the channel."""
        return self.channel.last_message

    async def ask(self, question: str) -> Any:
        """Let Robin mention the bot, and return the card."""
        assert self.client.user is not None
        await self.robin.send(self.channel, f"{self.client.user.mention} {question}".rstrip())
        return self.last

    async def press(self, label: str, message: Any = None, who: Any = None) -> Any:
        """Press the first button with a label, as Robin on the newest message by default."""
        message = message or self.last
        found = next(c for c in walk(message.components) if c.get("label") == label)
        return await (who or self.robin).click(message, custom_id=found["custom_id"])


def walk(components: Any) -> list[dict[str, Any]]:
    """Return all components of a message as plain data, nested ones too."""
    found: list[dict[str, Any]] = []
    for component in components:
        data = component if isinstance(component, dict) else component.to_dict()
        inner = [*data.get("components", ()), *filter(None, [data.get("accessory")])]
        found += [data, *walk(inner)]
    return found


Act = Callable[[Stage], Awaitable[object]]


def asking(question: str) -> Act:
    """Return a scene in which Robin mentions the bot."""
    return lambda stage: stage.ask(question)


def running(name: str, **options: Any) -> Act:
    """Return a scene in which Robin runs a command."""
    return lambda stage: stage.robin.slash(stage.channel, name, **options)


async def voted(stage: Stage) -> None:
    card = await stage.ask(QUESTION)
    await stage.press("Helpful", card)


async def more(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.press("More")


async def others(stage: Stage) -> None:
    await stage.ask("is fast.ai free?")
    await stage.press("Not what you asked?")


async def none_helped(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.press("None of these helped")


async def stats(stage: Stage) -> None:
    """Votes of forty people, so that bars differ; then the picture."""
    desk = stage.client.desk
    topic = desk.advisor.topic("getting-started")
    assert topic is not None
    for place, one in enumerate(topic.suggestions):
        for person in range(40 - 12 * place):
            voter, helpful = desk.voter(person), person % (4 - min(place, 2)) != 0
            await desk.store.record_vote(
                topic.id, [one.resource], voter, stage.robin.guild.id, helpful=helpful
            )
    await stage.robin.slash(stage.channel, "stats")


async def told(stage: Stage) -> None:
    await stage.ask("which laptop should I buy for video editing?")
    await stage.press("Tell the maintainers")


async def follow_up(stage: Stage) -> None:
    card = await stage.ask("tell me about fast.ai")
    await stage.robin.send(stage.channel, "is it free?", reply_to=card)


async def helper(stage: Stage) -> None:
    message = await stage.sam.send(stage.channel, "how much maths do I need for deep learning?")
    await stage.robin.context_menu(stage.channel, "Suggest resources", message)


async def resource_notes(stage: Stage) -> None:
    result = await stage.robin.slash(stage.channel, "resources", what="fast.ai")
    await stage.press("More", result.response)


async def said(stage: Stage, *labels: str) -> Any:
    """Begin `/start` and choose options by their labels; return the card as it then is."""
    card = (await stage.robin.slash(stage.channel, "start")).response
    for label in labels:
        selects = [c for c in walk(card.components) if c["type"] == SELECT]
        found = [(s, o) for s in selects for o in s["options"] if o["label"] == label]
        (select, option) = found[0]
        acted = await stage.robin.select(card, [option["value"]], custom_id=select["custom_id"])
        card = acted.response
    return card


def planning(*labels: str) -> Act:
    """Return a scene in which Robin makes a plan."""

    async def act(stage: Stage) -> None:
        await stage.press("Make my plan", await said(stage, *labels))

    return act


async def plan_kept(stage: Stage) -> None:
    await planning("Book", "2 hours", "I have never coded")(stage)
    await stage.robin.slash(stage.channel, "start")


async def start_more(stage: Stage) -> None:
    card = await said(stage, "Build first (top-down)")
    await stage.press("Budget and field", card)


SCENES: dict[str, Act] = {
    "answer": voted,
    "answer-cost": asking("what does it cost?"),
    "answer-fact": asking("is fast.ai free?"),
    "answer-choice": asking("fast.ai or deeplearning.ai?"),
    "answer-styles": asking("top-down or bottom-up?"),
    "answer-maths": asking("how much maths do I need?"),
    "answer-books": asking("which book should I read?"),
    "answer-weather": asking("I want to use deep learning for weather data"),
    "answer-two-parts": asking(TWO_PARTS),
    "more": more,
    "others": others,
    "none-helped": none_helped,
    "suggest": asking("learning resources?"),
    "none": asking("who won the football match?"),
    "none-told": told,
    "language": asking("Wie fange ich mit Deep Learning an?"),
    "greeting": asking(""),
    "thanks": asking("thanks!"),
    "follow-up": follow_up,
    "helper": helper,
    "private": running("ask", question=QUESTION, private=True),
    "resources": running("resources", what="bottom-up"),
    "resources-free": running("resources", what="free books"),
    "resource": running("resources", what="fast.ai"),
    "resource-notes": resource_notes,
    "resource-unknown": running("resources", what="deep dish pizza"),
    "compare": running("compare", first="fast.ai", second="Deep Learning Specialization"),
    "start": running("start"),
    "start-more": start_more,
    "plan": planning("Not sure yet", "2 hours", "I code a little, my maths is rusty"),
    "plan-book": planning("Book", "4 hours", "I have never coded"),
    "plan-kept": plan_kept,
    "stats": stats,
    "stats-empty": running("stats"),
    "privacy": running("privacy"),
    "settings": running("settings"),
    "help": running("help"),
    "knowledge-status": running("knowledge status"),
    "knowledge-gaps": running("knowledge gaps"),
}
