"""The local room: the same bot in a browser page, without token, account or network.

SimCord simulates Discord in this process and draws the page. `host` opens the bot on it and
furnishes the room; `door` puts the page at a stable address, in Warmstart's dress.
"""

from __future__ import annotations

import logging

from bot.errors import UsageError

logging.disable(logging.WARNING)  # SimCord tries discord.py out as it is imported, and that warns
try:
    from bot.room.host import serve
except ImportError as error:
    if (error.name or "").partition(".")[0] == "bot":
        raise
    raise UsageError(
        f"The local room needs SimCord, which cannot be used here ({error}): "
        "install it with pip install 'warmstart[local]', or set DISCORD_TOKEN to run on Discord."
    ) from error
finally:
    logging.disable(logging.NOTSET)

__all__ = ["serve"]
