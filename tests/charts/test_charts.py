"""Charts: a real matplotlib in a process of its own, looked at pixel by pixel."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageColor

from bot import charts
from bot.charts import Bar, Chart, Studio

SCALE = "Chance to help, with its likely range (90%)"
PANEL, TEXT, BAR = map(ImageColor.getrgb, ("#1f2329", "#f2f4f7", "#2b86b3"))


def chart(*shares: float, name: str = "fast.ai course, part 1") -> Chart:
    bars = (Bar(name, s, max(s - 0.1, 0), min(s + 0.1, 1), "32 of 43") for s in shares)
    return Chart(tuple(bars), SCALE)


async def drawn(one: Chart) -> Image.Image:
    png = await Studio().draw(one)
    assert png is not None
    return Image.open(BytesIO(png)).convert("RGB")


def bar_lengths(picture: Image.Image) -> list[int]:
    """Return the length of each bar in pixels, from top to bottom."""
    rows = [
        sum(picture.getpixel((x, y)) == BAR for x in range(picture.width))
        for y in range(picture.height)
    ]
    edges = [y for y in range(1, len(rows)) if rows[y] and not rows[y - 1]]
    return [rows[y + 3] for y in edges]


async def test_bars_are_as_long_as_their_shares() -> None:
    picture = await drawn(chart(1.0, 0.5, 0.25))
    assert picture.width == 696
    whole, half, quarter = bar_lengths(picture)
    assert half == pytest.approx(whole / 2, abs=6)
    assert quarter == pytest.approx(whole / 4, abs=6)
    assert picture.getpixel((3, 3)) == PANEL
    assert picture.height < picture.width


async def test_nothing_is_cut_off_at_the_edges() -> None:
    """The longest name beside the longest note, and the scale, end before the border."""
    picture = await drawn(chart(0.5, 0.9, name="W" * 15))
    border = [(x, y) for x in (0, 695) for y in range(picture.height)]
    assert {picture.getpixel(at) for at in border} == {PANEL}


async def test_a_title_is_taken_literally() -> None:
    plain = await drawn(chart(0.5, name="cheap $x^2$ {book} & more"))
    assert bar_lengths(plain)


async def test_the_same_chart_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    times = 0

    async def fake(_: Chart) -> bytes:
        nonlocal times
        times += 1
        return b"png"

    monkeypatch.setattr(charts, "_drawn", fake)
    studio = Studio()
    assert await asyncio.gather(*(studio.draw(chart(0.5)) for _ in range(5))) == [b"png"] * 5
    assert times == 1
    for share in range(20):
        await studio.draw(chart(share / 20))
    assert len(studio._kept) == charts.KEPT


async def test_trouble_is_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Chart((Bar("x", float("nan"), 0, 1, ""),), SCALE)
    monkeypatch.setattr(charts, "asdict", lambda _: {"bars": "none"})
    assert await Studio().draw(broken) is None
    assert "could not be drawn" in caplog.text


async def test_the_drawing_process_knows_no_secret_and_nothing_of_the_folder_it_starts_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a module that lies there, nor a package of Warmstart's own name, is run."""
    planted = "import os; open('seen', 'w').write(os.environ.get('DISCORD_TOKEN', 'none'))"
    (tmp_path / "matplotlib.py").write_text(planted)
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text(planted)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))  # as `python -m bot` has it
    monkeypatch.setenv("DISCORD_TOKEN", "planted")
    assert bar_lengths(await drawn(chart(0.5)))
    assert not (tmp_path / "seen").exists()
    assert "planted" not in charts._environment().values()


async def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    start = asyncio.create_subprocess_exec

    async def hanging(*_: str, **pipes: Any) -> asyncio.subprocess.Process:
        started.append(await start(sys.executable, "-c", "import time; time.sleep(60)", **pipes))
        return started[0]

    monkeypatch.setattr(charts, "SECONDS", 0.2)
    monkeypatch.setattr(charts.asyncio, "create_subprocess_exec", hanging)
    assert await Studio().draw(chart(0.5)) is None
    assert started[0].returncode == -9


def test_the_bots_process_never_loads_matplotlib() -> None:
    code = "import bot.discord_app.client, sys; print('matplotlib' in sys.modules)"
    root = Path(__file__).parent.parent.parent
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
