"""Warmstart against a loopback Discord, for `benchmarks/bot.py`: as people run it, but for the
limit on how much somebody may ask.
"""

from __future__ import annotations

import os
import sys

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.cli import main
from bot.discord_app import desk
from bot.discord_app.pacing.flood import Flood

if __name__ == "__main__":
    Route.BASE = os.environ["LOOPBACK_REST"]
    DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["LOOPBACK_GATEWAY"])
    desk.Flood = Flood.unlimited  # type: ignore[assignment, misc]
    sys.exit(main(["run", "--on", "discord"]))
