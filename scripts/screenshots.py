"""Draw the README's pictures from the local room: a question, its card and a vote.

Needs Chromium (WARMSTART_CHROMIUM names one) and writes docs/images/*.png.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, expect, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
WIDTHS = {"room.png": 1000, "phone.png": 400}
QUESTION = "how do I start with deep learning?"
HEIGHT = 1400  # the question and the whole card, without scrolling
MARGIN = 12
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Draw every picture; return the exit code."""
    named = os.environ.get("WARMSTART_CHROMIUM")
    browser = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.stderr.write(f"No browser: install one of {', '.join(BROWSERS)}.\n")
        return 2
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for name, width in WIDTHS.items():
            with room() as address:
                draw(chromium, address, width, IMAGES / name)
            print(IMAGES / name)
        chromium.close()
    return 0


@contextmanager
def room() -> Iterator[str]:
    """Yield the address of a room with an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--on", "room", "--port", "0"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            yield next(
                found[0] for line in process.stdout if (found := re.search(r"http\S+", line))
            )
        finally:
            process.terminate()
            process.wait(10)


def draw(chromium: Browser, address: str, width: int, path: Path) -> None:
    """Ask, vote, and draw what a person then sees."""
    page = chromium.new_page(viewport={"width": width, "height": HEIGHT}, device_scale_factor=2)
    page.goto(address)
    expect(page.locator("#preview-app")).to_have_attribute("aria-busy", "false")
    messages = page.locator("article.channel-message")
    composer = page.locator("#channel-composer-input")
    composer.fill(QUESTION)
    composer.press("Enter")
    expect(messages).to_have_count(3)
    button = messages.last.get_by_role("button", name="Helpful").first
    button.click()
    expect(button).to_have_text("Helpful · 1")
    page.mouse.move(0, 0)
    expect(page.locator("#preview-app")).to_have_attribute("aria-busy", "false")
    question, card = messages.nth(1).bounding_box(), messages.last.bounding_box()
    assert question is not None
    assert card is not None
    top = question["y"] - MARGIN
    height = card["y"] + card["height"] + MARGIN - top
    clip: FloatRect = {"x": 0, "y": top, "width": min(width, 760), "height": height}
    page.screenshot(path=path, clip=clip)
    page.close()


if __name__ == "__main__":
    sys.exit(main())
