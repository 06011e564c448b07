"""A real room in a process of its own, and a real browser to visit it with."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.run_room import REFUSED

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",  # containers seldom allow Chromium's own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 60.0
STOP_SECONDS = 5.0
STEP_MILLISECONDS = 8000.0


@dataclass
class Room:
    """`warmstart run --on room` in a process of its own."""

    process: subprocess.Popen[bytes]
    output: Path
    database: Path

    @property
    def said(self) -> str:
        return self.output.read_text("utf-8")

    @property
    def address(self) -> str:
        """The address it printed; waits until it has."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            found = re.search(r"http://127\.0\.0\.1:\d+/", self.said)
            if found:
                return found[0]
            assert self.process.poll() is None, f"the room ended early:\n{self.said}"
            time.sleep(0.05)
        raise AssertionError(f"no address after {START_SECONDS} s:\n{self.said}")

    @property
    def port(self) -> int:
        return int(self.address.rstrip("/").rpartition(":")[2])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Interrupt it and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


OpenRoom = Callable[..., Room]
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def open_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRoom]:
    """Start rooms; each database in a folder of its own unless one is given."""
    rooms: list[Room] = []

    def start(database: Path | None = None, port: int = 0) -> Room:
        folder = tmp_path_factory.mktemp("room")
        room = _start(database or folder / "room.db", port, folder)
        rooms.append(room)
        return room

    yield start
    for room in rooms:
        room.stop(signal.SIGKILL)
    assert [line for room in rooms for line in room.said.splitlines() if REFUSED in line] == []


def _start(database: Path, port: int, folder: Path) -> Room:
    arguments = ["run", "--on", "room", "--port", str(port), "--database", str(database)]
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DISCORD_", "WARMSTART_"))
    }
    described = {n: v for n, v in os.environ.items() if n == "WARMSTART_OPENAPI"}
    output = folder / "output.txt"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.run_room", *arguments],
            cwd=folder,  # no .env of the checkout
            env=kept | described | {"PYTHONPATH": str(ROOT)},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    return Room(process, output, database)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """An installed Chromium; without one the tests are skipped, but never in CI."""
    named = os.environ.get("WARMSTART_CHROMIUM")
    path = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser: install one of {', '.join(BROWSERS)} or set WARMSTART_CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=STEP_MILLISECONDS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A window whose pages share the cache: the page's fonts are 30 MB."""
    context = browser.new_context()
    context.set_default_timeout(STEP_MILLISECONDS)
    yield context
    context.close()


@pytest.fixture
def visit(window: BrowserContext) -> Iterator[Visit]:
    """Open the room's page; it is closed after the test, and must have run without an error."""
    pages: list[Page] = []
    errors: list[str] = []

    def open_page(room: Room, width: int = 1000, height: int = 900) -> Page:
        page = window.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.set_viewport_size({"width": width, "height": height})
        page.goto(room.address)
        expect(page.locator("#preview-app")).to_have_attribute("aria-busy", "false")
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not errors
