"""Charts as PNG, drawn by matplotlib in a process of its own: it is large, and may not slow or
fatten the bot. Needs the extra `plots`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections import OrderedDict
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

SECONDS = 20.0  # for one picture; it takes about one, on a slow machine a few
ROOT = Path(__file__).parents[2]  # where the package lies: a checkout, or site-packages
PASSED_ON = (  # to the drawing process: where the system and fonts are, and nothing that is secret
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "SYSTEMROOT", "USERPROFILE",
    "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR",
)  # fmt: skip
KEPT = 16  # pictures kept in memory, of about 30 kB each

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bar:
    """A share, 0 to 1, with the interval in which it lies; `note` stands at its end."""

    name: str
    share: float
    low: float
    high: float
    note: str


@dataclass(frozen=True)
class Chart:
    """Bars below each other; `scale` says what they show."""

    bars: tuple[Bar, ...]
    scale: str


class Studio:
    """Draws charts, one at a time, and keeps the last ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Chart, bytes] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def draw(self, chart: Chart) -> bytes | None:
        """Return a chart as PNG, 696 pixels wide; None, with a line in the log, when it cannot
        be drawn.
        """
        async with self._one_at_a_time:
            if chart not in self._kept:
                try:
                    self._kept[chart] = await _drawn(chart)
                except (OSError, TimeoutError, RuntimeError) as error:
                    log.warning("A chart could not be drawn: %s", error)
                    return None
            self._kept.move_to_end(chart)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[chart]


async def _drawn(chart: Chart) -> bytes:
    """Return the PNG. Raises RuntimeError with what the drawing process said, or TimeoutError."""
    if find_spec("matplotlib") is None:
        raise RuntimeError("pictures need matplotlib: pip install 'warmstart[plots]'")
    pipe = asyncio.subprocess.PIPE
    drawing = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "bot.charts.draw"),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env=_environment(),
    )
    try:
        async with asyncio.timeout(SECONDS):
            png, said = await drawing.communicate(json.dumps(asdict(chart)).encode())
    except BaseException:
        with suppress(ProcessLookupError):
            drawing.kill()
        await drawing.wait()
        raise
    if drawing.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines()
        raise RuntimeError(lines[-1] if lines else f"exit code {drawing.returncode}")
    return png


def _environment() -> dict[str, str]:
    """Return what the drawing process may know.

    It looks for modules where this process does, but for the folder that this one was started
    in: that holds an operator's files, and a checkout only when it is where the package lies.
    """
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    started_in = {"", os.getcwd()} - {str(ROOT)}  # noqa: PTH109  as it stands in sys.path
    return kept | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p not in started_in)}
