"""An admin's way through `/settings` in a real browser, down to the database file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.test_room import ask, become, messages, pick, say, send_command

Visit = Callable[..., Page]
QUESTION = "how do I start with deep learning?"


def duties(database: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [duty for (duty,) in connection.execute("SELECT duty FROM channels")]


def choose(page: Page, select: Locator, option: str) -> None:
    """Open a select, press an option, and send the choice."""
    select.click()
    page.get_by_role("option", name=option).click()
    page.get_by_role("button", name="Apply").click()


def test_an_admin_has_the_channel_watched_and_sees_it_so(open_room: Any, visit: Visit) -> None:
    room = open_room()
    page = visit(room, width=400, height=1500)
    panel = pick(page, "settings")
    send_command(page, panel)
    expect(panel).to_contain_text("I answer everywhere but in silent channels")
    assert duties(room.database) == ["question"]
    watched = panel.get_by_role("combobox").nth(1)
    choose(page, watched, "beginners")
    question = panel.get_by_role("combobox").first
    expect(question.locator(".select-value")).to_have_text("No channel")  # it moved
    assert duties(room.database) == ["watch"]

    before = messages(page).count()
    say(page, "who feeds my cat next week?")
    expect(messages(page)).to_have_count(before + 1)
    card = ask(page, QUESTION)
    expect(card.get_by_role("button", name="Not for me")).to_be_visible()
    card.get_by_role("button", name="Dismiss").click()
    expect(messages(page)).to_have_count(before + 2)


def test_a_guest_may_not_use_it(open_room: Any, visit: Visit) -> None:
    page = visit(open_room())
    become(page, "Sam")
    page.locator("#channel-composer-input").press_sequentially("/settings")
    expect(page.locator(".command-entry", has_text="/settings")).to_have_count(0)
