"""The whole path of a message, question → card, and what must hold for every card."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import discord
from discord import ui

from bot import limits
from bot.discord_app.cards import BUDGETS, render
from bot.discord_app.cards.pieces import cut
from bot.discord_app.client import WarmstartClient
from bot.discord_app.commands.knowledge import GAPS, gaps_text
from bot.discord_app.desk import Desk
from bot.discord_app.messages.asked import Asked, question
from bot.frame import frame
from bot.gaps import OpenGap
from bot.matching import Context, Decision
from bot.runtime import Runtime
from tests.fuzz.texts import message
from tests.wire.limits import described, message_problems
from tests.wire.shown import walk
from tests.wire.world import COMPONENTS_V2

ME = cast("discord.ClientUser", SimpleNamespace(id=42, name="Warmstart", display_name="Warmstart"))
PINGS = re.compile(r"<(?:@[!&]?|#|a?:\w+:|/[^<>]*:|t:|id:)\w|@(?:everyone|here)\b")
ECHOED = re.compile(r"(?<!\\)(?:\*|_|~~|\|\||`|\]\()zqx|(?i:\w://zqx)|^(?:#|>|-|-#) zqx", re.M)


class Broken(AssertionError):
    """A card that must not be."""


@dataclass
class Walk:
    """Takes messages down the path; remembers the shapes of cards and the longest time."""

    runtime: Runtime
    longest: float = 0.0  # seconds of processor time for one message
    slowest: int = 0  # its number
    shapes: set[Any] = field(default_factory=set)
    cards: int = 0
    gaps: list[OpenGap] = field(default_factory=list)

    def __post_init__(self) -> None:
        desk = Desk.of(self.runtime)
        self.desk, self.messages = desk, WarmstartClient(desk).messages

    async def take(self, number: int) -> None:
        """Put a message to the bot, one in four in every way; raise what goes wrong."""
        text, random = message(number), Random(~number)
        begun = time.process_time()
        await self._ask(text, random)
        if number % 4 == 0 or text.startswith("/"):
            await self._find(text)
            self._list(text)
        took = time.process_time() - begun
        if took > self.longest:
            self.longest, self.slowest = took, number

    async def _ask(self, text: str, random: Random) -> None:
        written: Any = SimpleNamespace(content=f"<@42> {text}", guild=None, channel=None)
        context = self._context(random)
        asked = Asked(question(written, ME), written, context=context, follow_up=bool(context))
        card = await self.messages._card(asked)
        if card is not None:
            pen = self.desk.pen("01234567", frame=frame(random.choice(("en", "de"))))
            self.check(render(card, pen))

    async def _find(self, text: str) -> None:
        wanted = text[: limits.CHOICE_NAME]
        self.check(render(await self.desk.advisor.find(wanted), self.desk.pen()))
        for choice in self.desk.advisor.choices(wanted, limits.AUTOCOMPLETE_CHOICES):
            name = cut(choice.label, limits.CHOICE_NAME)
            if not 1 <= len(name) <= 100 or not 1 <= len(choice.key) <= 100:
                raise Broken(f"choice {choice}")

    def _list(self, text: str) -> None:
        """Show the question to maintainers, as a gap, after some others."""
        gap = OpenGap(text, (text,), 1, 0, {}, {}, {}, Decision.NONE, None)
        self.gaps = [*self.gaps, gap][-GAPS:]
        shown = gaps_text(self.gaps, self.desk.advisor.knowledge, self.desk.frame)
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay(cut(shown, BUDGETS[0].body)))
        view.stop()
        self.check(view)

    def _context(self, random: Random) -> Context | None:
        if random.random() < 0.7:
            return None
        knowledge = self.desk.advisor.knowledge
        topic = random.choice([*knowledge.topics, "gone", None])
        resources = random.sample([*knowledge.resources, "gone"], random.randint(0, 3))
        return Context(topic, tuple(resources))

    def check(self, view: ui.LayoutView) -> None:
        """Raise Broken when Discord would refuse a card, or when it says what it must not."""
        body = {
            "components": view.to_components(),
            "flags": COMPONENTS_V2,
            "allowed_mentions": {"parse": []},
        }
        found = list(message_problems(body, new=True))
        for part in walk(body["components"]):
            said = part.get("content", "")
            if match := PINGS.search(said) or ECHOED.search(said):
                found.append(f"says {said[max(match.start() - 30, 0) : match.end() + 30]!r}")
        shape = _shape(body["components"])
        if shape not in self.shapes:
            self.shapes.add(shape)
            if file := os.environ.get("WARMSTART_OPENAPI"):
                found += described(Path(file)).problems("POST", "/channels/1/messages", body)
        if found:
            raise Broken("; ".join(found))
        self.cards += 1


def _shape(components: list[dict[str, Any]]) -> Any:
    """Return what tells kinds of cards apart: their parts, and what each part has."""
    return tuple(
        (
            part["type"],
            tuple(sorted(key for key, value in part.items() if value not in (None, "", [], False))),
            _shape(
                [*part.get("components", ()), *([part["accessory"]] if "accessory" in part else [])]
            ),
        )
        for part in components
    )
