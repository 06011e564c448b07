"""The local room end to end: a real process, a real browser, a real database file."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from bot.knowledge.load import load
from bot.settings import shipped_knowledge
from bot.wording import heading

HOW_TO_START = "how do I start with deep learning?"
PHONE_WIDTH = 400
PRIVATE = "Only you can see this"
CARD_HEIGHT = 800  # px of a common answer on a phone
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def room(open_room: Callable[..., Any]) -> Any:
    """A room that several tests visit."""
    return open_room()


def composer(page: Page) -> Locator:
    return page.locator("#channel-composer-input")


def messages(page: Page) -> Locator:
    return page.locator("article.channel-message")


def say(page: Page, text: str) -> None:
    """Type a text and send it, as a person does."""
    composer(page).press_sequentially(text)
    composer(page).press("Enter")
    expect(composer(page)).to_have_value("")


def ask(page: Page, text: str) -> Locator:
    """Send a message and return the bot's answer to it."""
    before = messages(page).count()
    say(page, text)
    expect(messages(page)).to_have_count(before + 2)
    return messages(page).last


def pick(page: Page, command: str, *options: str) -> Locator:
    """Run a command through the picker: its name, then the text of each option in turn."""
    before = messages(page).count()
    composer(page).press_sequentially(f"/{command}")
    expect(page.locator(".command-entry").first).to_contain_text(f"/{command}")
    composer(page).press("Enter")
    for option in options:
        page.keyboard.type(option)
    return messages(page).nth(before)


def send_command(page: Page, card: Locator) -> None:
    """Press Enter until the command has gone, as a person would.

    SimCord's page drops a key that comes while it draws; see bot/room/page/room.js.
    """
    for _ in range(3):
        page.keyboard.press("Enter")
        try:
            card.wait_for(timeout=3000)
        except TimeoutError:
            continue
        return


def become(page: Page, name: str) -> None:
    """Choose who sits at this page, and wait for what that person sees."""
    with page.expect_response(lambda got: '"kind":"viewer"' in (got.request.post_data or "")):
        page.get_by_label("You are").select_option(label=name)
    expect(messages(page).first).to_be_visible()


def helpful(card: Locator) -> Locator:
    return card.get_by_role("button", name="Helpful").first


def votes(database: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT topic, resource, helpful FROM votes").fetchall()


def test_a_vote_outlives_a_restart_and_messages_do_not(open_room: Any, visit: Visit) -> None:
    first = open_room()
    page = visit(first)
    card = ask(page, HOW_TO_START)
    topic = load(shipped_knowledge()).topics["getting-started"]
    expect(card).to_contain_text(heading(topic))
    helpful(card).click()
    expect(helpful(card)).to_have_text("Helpful · 1")
    assert [(topic, helpful) for topic, _, helpful in votes(first.database)] == [
        ("getting-started", 1)
    ]

    address, port = first.address, first.port
    assert first.stop() == 0  # within seconds
    assert not first.database.with_name("room.db-wal").exists()  # closed, not abandoned
    expect(page.locator("#room-trouble")).to_contain_text("Start it again")

    second = open_room(first.database, port)
    assert second.address == address
    expect(messages(page)).to_have_count(1, timeout=30_000)  # the page comes back by itself
    expect(messages(page).first).to_contain_text("Hello")
    again = ask(page, HOW_TO_START)
    expect(helpful(again)).to_have_text("Helpful · 1")
    helpful(again).click()  # the same person: the mark is taken back
    expect(helpful(again)).to_have_text("Helpful")
    assert second.stop(signal.SIGINT) == 0
    for trouble in ("Traceback", "ERROR", "Unclosed", "never awaited"):
        assert trouble not in first.said + second.said


def test_it_reads_as_a_room_of_warmstart(room: Any, visit: Visit) -> None:
    page = visit(room)
    expect(page).to_have_title(re.compile("Warmstart"))
    expect(page.locator("#channel-name")).to_have_text("beginners")
    expect(messages(page).first).to_contain_text("Ask me how to start with deep learning")
    expect(messages(page).first.locator(".message-author")).to_have_text("Warmstart")
    for word in ("SimCord", "Refresh preview", "Inspector", "Capture"):
        expect(page.get_by_text(word, exact=True).locator("visible=true")).to_have_count(0)
    sent = page.locator("time.message-time").first.get_attribute("datetime")
    assert sent is not None
    assert datetime.now(UTC) - datetime.fromisoformat(sent) < timedelta(minutes=5)


@pytest.mark.parametrize("path", ["room", "room#of-a-former-start"])
def test_an_old_bookmark_leads_to_the_room(room: Any, visit: Visit, path: str) -> None:
    page = visit(room)
    page.goto("about:blank")
    page.goto(room.address + path)
    expect(messages(page).first).to_contain_text("Hello")


def test_a_typed_command_is_answered_as_the_command_would_be(room: Any, visit: Visit) -> None:
    page = visit(room)
    card = ask(page, "/resources bottom-up")
    expect(card).to_contain_text("bottom-up")
    assert card.get_by_role("button", name="Helpful").count() >= 2
    expect(ask(page, "/knowledge gaps now")).to_contain_text("Type / and pick")
    expect(ask(page, "/nonsense now")).to_contain_text("I have no command")


def test_a_command_is_picked_and_completed(room: Any, visit: Visit) -> None:
    page = visit(room)
    card = pick(page, "resources", "bottomup")
    suggestion = page.locator(".command-suggestion").first
    expect(suggestion).to_contain_text("bottom-up")
    page.keyboard.press("Enter")
    expect(suggestion).to_have_count(0)
    send_command(page, card)
    expect(card).to_contain_text("bottom-up")
    assert card.get_by_role("button", name="Helpful").count() >= 2


def test_an_option_typed_in_full_is_sent_too(room: Any, visit: Visit) -> None:
    """SimCord's picker alone would open its list again at every Enter."""
    page = visit(room)
    card = pick(page, "resources", "bottomup")
    label = page.locator(".command-suggestion-label").first.inner_text()
    page.locator(".command-option-input").fill(label)
    expect(page.locator(".command-popup-heading")).to_contain_text(label.upper())
    expect(page.locator(".command-suggestion-label").first).to_have_text(label)
    page.keyboard.press("Enter")
    send_command(page, card)
    expect(card).to_contain_text("bottom-up")


@pytest.mark.parametrize(("typed", "shown"), [("bottom-up", "bottom-up"), ("kaggle", "Kaggle")])
def test_a_value_typed_as_it_is_is_sent_too(
    room: Any, visit: Visit, typed: str, shown: str
) -> None:
    """What is typed is then the option's value, not its label."""
    page = visit(room)
    card = pick(page, "resources", typed)
    expect(page.locator(".command-suggestion").first).to_contain_text(shown)
    send_command(page, card)
    expect(card).to_contain_text(shown)


def test_a_private_answer_is_seen_by_one_person_only(room: Any, visit: Visit) -> None:
    page = visit(room)
    public = messages(page).count()
    card = pick(page, "ask", HOW_TO_START)
    page.get_by_role("button", name="+1 more").click()
    expect(page.locator(".command-suggestion").first).to_contain_text("private")
    page.keyboard.press("Enter")
    expect(page.locator(".command-suggestion").first).to_have_text("True")
    page.keyboard.press("Enter")  # chooses
    send_command(page, card)
    expect(card).to_contain_text(PRIVATE)
    expect(helpful(card)).to_be_visible()
    become(page, "Sam")
    expect(messages(page)).to_have_count(public)
    expect(page.get_by_text(PRIVATE)).to_have_count(0)
    become(page, "Robin")
    expect(card).to_contain_text(PRIVATE)


def test_a_reply_to_a_card_is_a_follow_up(room: Any, visit: Visit) -> None:
    page = visit(room)
    card = ask(page, HOW_TO_START)
    card.hover()
    card.get_by_role("button", name="Reply").click()
    answer = ask(page, "is it free?")
    expect(answer.locator(".message-reply")).to_contain_text("is it free?")
    expect(answer).to_contain_text(re.compile("free", re.IGNORECASE))


def test_what_others_do_shows_without_a_refresh(room: Any, visit: Visit) -> None:
    mine, theirs = visit(room), visit(room)
    become(theirs, "Sam")
    seen = messages(theirs).count()
    card = ask(mine, HOW_TO_START)
    expect(messages(theirs)).to_have_count(seen + 2)
    before = helpful(card).inner_text()
    helpful(messages(theirs).last).click()
    expect(helpful(card)).not_to_have_text(before)


def test_what_was_missing_is_asked_and_kept(open_room: Any, visit: Visit) -> None:
    """The votes count when the form is closed; what is written in it is kept for maintainers."""
    room = open_room()
    page = visit(room, width=PHONE_WIDTH)
    card = ask(page, HOW_TO_START)
    helpful(card).click()
    expect(helpful(card)).to_have_text("Helpful · 1")
    card.get_by_role("button", name="None of these helped").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="Cancel").click()
    expect(helpful(card)).to_have_text("Helpful")
    assert {helpful for _, _, helpful in votes(room.database)} == {0}
    card.get_by_role("button", name="None of these helped").click()
    form.get_by_role("textbox").fill("a course in Spanish")
    form.get_by_role("button", name="Submit").click()
    expect(messages(page).last).to_contain_text("Thank you. It is kept for the maintainers")
    with closing(sqlite3.connect(room.database)) as file:
        kept = file.execute("SELECT question, decision FROM gaps").fetchall()
    assert kept == [("a course in Spanish", "answer")]


def test_a_deleted_question_takes_its_answer_along(room: Any, visit: Visit) -> None:
    page = visit(room)
    page.on("dialog", lambda dialog: dialog.accept())
    before = messages(page).count()
    ask(page, HOW_TO_START)
    question = messages(page).nth(before)
    question.hover()
    question.get_by_role("button", name=re.compile("Delete")).click()
    expect(messages(page)).to_have_count(before)


COMMON = [
    HOW_TO_START,
    "is fast.ai free?",
    "what does it cost?",
    "how much maths do I need?",
    "top-down or bottom-up?",
    "fast.ai or deeplearning.ai?",
    "which book should I read?",
    "how long does it take?",
    "PyTorch or TensorFlow?",
    "I want to use deep learning for weather data",
    "how do I start with deep learning, and what does it cost?",
]


def test_a_common_answer_fits_a_phone(open_room: Any, visit: Visit) -> None:
    page = visit(open_room(), width=PHONE_WIDTH)
    heights = {}
    for number, question in enumerate(COMMON):
        if number == 6:
            become(page, "Sam")  # one person who asks so much is slowed
        card = ask(page, question)
        assert helpful(card).is_visible(), question  # an answer, no excuse
        box = card.locator(".component-container").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE_WIDTH, question
        heights[question] = box["height"]
    assert {q: height for q, height in heights.items() if height > CARD_HEIGHT} == {}


@pytest.mark.parametrize("width", [PHONE_WIDTH, 1000])
def test_an_answer_is_seen_from_its_top(room: Any, visit: Visit, width: int) -> None:
    """On opening the room, after a question, after "More": nobody has to scroll to it."""
    page = visit(room, width=width, height=760)
    pane = page.locator(".channel-timeline").bounding_box()
    assert pane is not None

    def seen(message: Locator) -> bool:
        box = message.bounding_box()
        return box is not None and pane["y"] - 1 <= box["y"] < pane["y"] + pane["height"]

    def comes_into_sight(message: Locator) -> bool:
        deadline = time.monotonic() + 5
        while not seen(message) and time.monotonic() < deadline:
            page.wait_for_timeout(50)
        return seen(message)

    assert comes_into_sight(messages(page).last)
    card = ask(page, HOW_TO_START)
    assert comes_into_sight(card)
    before = messages(page).count()
    card.get_by_role("button", name="More").click()
    expect(messages(page)).to_have_count(before + 1)
    assert comes_into_sight(messages(page).last)


def test_only_this_machine_and_this_page_get_in(room: Any) -> None:
    """Other sites cannot act in the room, nor names that merely resolve to this machine."""
    for header in (f"Host: warmstart.example:{room.port}", "Origin: http://warmstart.example"):
        with socket.create_connection(("127.0.0.1", room.port), timeout=5) as connection:
            host = "" if header.startswith("Host") else f"Host: 127.0.0.1:{room.port}\r\n"
            request = f"GET / HTTP/1.1\r\n{host}{header}\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            assert connection.recv(64).split()[1] == b"403"


def test_a_port_in_use_is_one_sentence(room: Any, open_room: Any) -> None:
    other = open_room(port=room.port)
    assert other.process.wait(30) == 2
    assert other.said.count("\n") == 1
    assert f"Port {room.port}" in other.said
    assert "--port" in other.said
    assert not other.database.exists()


def test_without_simcord_it_is_one_sentence() -> None:
    code = (
        "import sys; sys.modules['simcord'] = None; from bot.cli import main; "
        "sys.exit(main(['run', '--on', 'room', '--port', '0']))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "pip install 'warmstart[local]'" in result.stderr
