"""What cards are made of: texts, rows and buttons, each kept inside Discord's limits."""

from __future__ import annotations

import re
from typing import TypeAlias

import discord
from discord import ui

from bot import limits
from bot.frame import Frame
from bot.knowledge.model import Resource

ADDRESS = re.compile(r"(?<!\w)\w++://\S+")  # a card of ours carries no link of somebody else's
MARKDOWN = re.compile(r"[\\*_~|`\[\]]|^(?:[>#-]|\d+\.)")
Item: TypeAlias = "ui.Item[ui.LayoutView]"


def helpful_label(count: int, frame: Frame) -> str:
    """Return the toggle's label: the count shows once there is one."""
    return frame("helpful_count", count=count) if count else frame("helpful")


def link(resource: Resource, longest: int, *, short: bool) -> str:
    """Return the title, or its short form where there is one, as a bold link."""
    name = (resource.short if short else None) or resource.title
    title = cut(name, longest).replace("[", "(").replace("]", ")")
    return f"**[{title}]({resource.url})**"


def safe(text: str, longest: int) -> str:
    """Return a person's words harmless for a card: one line, no markdown, no mentions, cut."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    plain = ADDRESS.sub("[link]", line).replace("<", "‹").replace(">", "›")
    return discord.utils.escape_mentions(MARKDOWN.sub(_escaped, cut(plain, longest)))


def _escaped(found: re.Match[str]) -> str:
    """Return a sign of markdown as it is written to be read; "1." begins a list."""
    return rf"{found[0][:-1]}\{found[0][-1]}"


def cut(text: str, longest: int) -> str:
    """Return text of at most `longest` characters, cut at a word and marked where it was cut."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    head, space, _ = kept.rpartition(" ")
    return (head if space and len(head) > longest // 2 else kept).rstrip() + "…"


def heading_text(text: str, longest: int) -> Item:
    """Return a card's first line."""
    return ui.TextDisplay(f"### {cut(text, longest)}")


def text(text: str, longest: int) -> ui.TextDisplay[ui.LayoutView]:
    """Return text of at most `longest` characters."""
    return ui.TextDisplay(cut(text, longest))


def small(text: str, longest: int | None = None) -> Item:
    """Return a line in small print; with a link in it, it must not be cut."""
    return ui.TextDisplay(f"-# {cut(text, longest) if longest else text}")


def row(*buttons: Item) -> Item:
    """Return a row of buttons."""
    return ui.ActionRow(*buttons)


def button(label: str, custom_id: str) -> ui.Button[ui.LayoutView]:
    """Return a grey button; the label is cut to what Discord takes."""
    return ui.Button(label=cut(label, limits.BUTTON_LABEL), custom_id=custom_id)
