"""Runs Warmstart's command line against a loopback Discord, for tests with a second process.

LOOPBACK_REST=… LOOPBACK_GATEWAY=… python run_bot.py run --on discord
"""

from __future__ import annotations

import os
import sys

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.cli import main

if __name__ == "__main__":
    Route.BASE = os.environ["LOOPBACK_REST"]
    DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["LOOPBACK_GATEWAY"])
    sys.exit(main(sys.argv[1:]))
