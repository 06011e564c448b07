"""Draws one chart: JSON on standard input becomes a PNG on standard output.

Runs as a process: `python -m bot.charts.draw`.
"""

from __future__ import annotations

import json
import sys
from io import BytesIO
from typing import Any

from matplotlib.figure import Figure

# On a phone Discord shows a picture in a card about 275 points wide; 8.5 pt are 11 of them high.
WIDTH, DPI = 2.9, 240  # inches, pixels an inch
ROW, EDGES = 0.44, 0.62  # inches for a bar with its name, and for the scale with its margins
LEFT, RIGHT = 0.045, 0.955  # of the width
# A panel of its own, so that it reads the same on Discord's light and dark. Contrasts: text and
# intervals on the panel 14:1, scale 8:1, bar 4:1, interval on the bar 4:1 (WCAG 2.2 asks 4.5:1
# for text, 3:1 for graphics).
PANEL, TEXT, SOFT, BAR, GRID = "#1f2329", "#f2f4f7", "#b4bcc8", "#2b86b3", "#343b45"
BAR_HEIGHT = 0.30
PLAIN: dict[str, Any] = {"parse_math": False}  # a $ in a title is a $


def png(chart: dict[str, Any]) -> bytes:
    """Return a chart, as `bot.charts.Chart` in plain data, as PNG."""
    bars = chart["bars"]
    height = EDGES + ROW * len(bars)
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=PANEL)
    axes = figure.add_axes((LEFT, 0.42 / height, RIGHT - LEFT, ROW * len(bars) / height))
    axes.set_facecolor(PANEL)
    for place, bar in enumerate(bars):
        _row(axes, len(bars) - place - 1, bar)
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.45, len(bars) - 0.45)
    axes.set_yticks([])
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100%"])
    axes.tick_params(axis="x", colors=SOFT, labelsize=8, length=0, pad=3)
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    axes.get_xticklabels()[-1].set_horizontalalignment("right")
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_frame_on(False)
    figure.text(LEFT, 0.09 / height, chart["scale"], color=SOFT, fontsize=7.5, **PLAIN)
    written = BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _row(axes: Any, at: int, bar: dict[str, Any]) -> None:
    """Draw a name with its note, and below it the bar with its interval."""
    over_grid = {"facecolor": PANEL, "edgecolor": "none", "pad": 0.5}
    style = {"va": "bottom", "fontsize": 8.5, "color": TEXT, "bbox": over_grid, **PLAIN}
    axes.text(0, at + 0.17, bar["name"], ha="left", weight="bold", **style)
    axes.text(1, at + 0.17, bar["note"], ha="right", **style)
    axes.barh(at - 0.05, bar["share"], BAR_HEIGHT, color=BAR)
    away = [[bar["share"] - bar["low"]], [bar["high"] - bar["share"]]]
    axes.errorbar(
        bar["share"], at - 0.05, xerr=away, ecolor=TEXT, elinewidth=1.4, capsize=3.5, capthick=1.4
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(png(json.load(sys.stdin)))
