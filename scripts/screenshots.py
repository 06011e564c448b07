"""Draw every kind of card as the local room shows it, on a phone (400 px) and wide (1,000 px).

    python scripts/screenshots.py [--to FOLDER] [SCENE ...]

Without scenes it draws all of them, and the documentation's pictures too. Needs Chromium
(WARMSTART_CHROMIUM names one).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import simcord
from playwright.async_api import BrowserContext, FloatRect, Page, async_playwright, expect
from scenes import SCENES, Act, Stage

from bot.discord_app.client import WarmstartClient
from bot.discord_app.desk import Desk
from bot.room import door
from bot.room.host import furnish, listen
from bot.runtime import Runtime, open_runtime
from bot.settings import Settings, cache_folder, shipped_knowledge

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "pictures"
SHOWN = {  # in the documentation → scene and width
    "resources.png": ("resources", 1000),
    "phone.png": ("answer", 400),
    "stats.png": ("stats", 400),
}
WIDTHS = (400, 1000)
WIDEST = 760  # px that a card takes of a wide page
HEIGHT = 2600  # a question and the longest card, without scrolling
MARGIN = 12
PATIENCE = 60_000.0  # ms for a page: its fonts are large
TOPIC = "Ask in your own words."
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the pictures; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("scenes", nargs="*", choices=[[], *SCENES], metavar="SCENE")
    parser.add_argument("--to", type=Path, default=FOLDER, metavar="FOLDER")
    options = parser.parse_args(arguments)
    named = os.environ.get("WARMSTART_CHROMIUM")
    browser = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.stderr.write(f"No browser: install one of {', '.join(BROWSERS)}.\n")
        return 2
    options.to.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw_all(options.scenes or list(SCENES), options.to, browser))
    if not options.scenes:
        for name, (scene, width) in SHOWN.items():
            shutil.copy(options.to / f"{scene}-{width}.png", ROOT / "docs" / "images" / name)
    return 0


async def draw_all(names: Sequence[str], folder: Path, browser: str) -> None:
    """Act each scene in a channel of its own, and draw it at every width."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        window = await chromium.new_context(device_scale_factor=2)
        for number, name in enumerate(names, 1):
            async with opened() as runtime, acted(runtime, SCENES[name]) as address:
                await draw(window, address, name, folder)
            sys.stdout.write(f"[{number}/{len(names)}] {name}\n")
        await chromium.close()


@asynccontextmanager
async def opened() -> AsyncIterator[Runtime]:
    """Yield a runtime on the shipped knowledge and an empty database."""
    settings = Settings(shipped_knowledge(), cache=cache_folder(os.environ))
    with tempfile.TemporaryDirectory() as data:
        async with open_runtime(settings, Path(data) / "room.db", watch=False) as runtime:
            yield runtime


@asynccontextmanager
async def acted(runtime: Runtime, act: Act) -> AsyncIterator[str]:
    """Act a scene in a new room, and yield the address of its page."""
    desk = Desk.of(runtime)
    client = WarmstartClient(desk, message_content=True)
    async with simcord.run(client) as env:
        room = await furnish(env, client, TOPIC)
        desk.maintainers = frozenset({room.people[0].id})
        async with room.preview() as preview:
            stage = door.Stage(env, preview)
            await stage.catch_up()
            await act(Stage(env, client, room.channel, *room.people))
            await preview.refresh()
            listening = listen(0)
            async with door.open_door(listening, stage):
                yield "http://{}:{}/".format(*listening.getsockname())


async def draw(window: BrowserContext, address: str, name: str, folder: Path) -> None:
    """Draw what a scene's page shows, from its first message to its last."""
    page = await window.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(address)
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        ready = expect(page.locator("#preview-app"))
        await ready.to_have_attribute("aria-busy", "false", timeout=PATIENCE)
        clip = await conversation(page, width)
        await page.screenshot(path=folder / f"{name}-{width}.png", clip=clip)
    await page.close()


async def conversation(page: Page, width: int) -> FloatRect:
    """Return where the messages stand."""
    messages = page.locator("article.channel-message")
    first, last = await box(messages.first), await box(messages.last)
    top = first["y"] - MARGIN
    height = last["y"] + last["height"] + MARGIN - top
    return {"x": 0, "y": top, "width": min(width, WIDEST), "height": height}


async def box(element: Any) -> FloatRect:
    """Return where an element stands, once it stands there."""
    found: FloatRect | None = await element.bounding_box()
    assert found is not None, "the element is shown"
    return found


if __name__ == "__main__":
    sys.exit(main())
