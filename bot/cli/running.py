"""`run`: the bot on Discord, or in a local room."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Any

import click

from bot.cli.common import Number, database_option, examples, knowledge_option, settings
from bot.logs import JSON, TEXT, start_logging
from bot.settings import ROOM_PORT


@click.command(epilog=examples("warmstart run", "warmstart run --on room --port 9000"))
@click.option(
    "--on",
    type=click.Choice(["auto", "discord", "room"]),
    default="auto",
    show_default=True,
    help="Where: auto is Discord when a token is set, else the local room.",
)
@click.option(
    "--log",
    type=click.Choice([TEXT, JSON]),
    default=TEXT,
    show_default=True,
    help="How to log, on standard error: for people, or a JSON object a line.",
)
@click.option(
    "--port",
    type=Number(0, 65535),
    metavar="PORT",
    help=f"Port of the local room; 0 takes any free one.  [default: {ROOM_PORT}]",
)
@click.option(
    "--health-port",
    type=Number(0, 65535),
    metavar="PORT",
    help="Serve /healthz and /metrics on this port of 127.0.0.1; 0 takes any free one.  "
    "[default: off]",
)
@click.option(
    "--message-content",
    "--watch",
    is_flag=True,
    help="Ask Discord for what people write in channels, so that admins can have channels watched "
    "with /settings. Switch on Message Content Intent in Discord's developer portal first. "
    "The room always reads.  [default: off]",
)
@click.option(
    "--shards",
    metavar="FIRST-LAST/COUNT|auto",
    help="Which shards this process takes, such as 0-3/16 (several processes share a PostgreSQL), "
    "or auto: as many as Discord recommends, all in this process. Needed from 2,500 servers on; "
    "below, one connection is enough.",
)
@knowledge_option
@database_option
def run(on: str, log: str, **options: Any) -> None:
    """Run the bot: on Discord, or in a local room in your browser.

    The token comes from DISCORD_TOKEN or the file named by DISCORD_TOKEN_FILE, in the
    environment or in .env; never from an option. The room keeps its votes apart, in
    warmstart-room.db.
    """
    chosen = settings(**options, with_token=on != "room")
    discord = on == "discord" or (on == "auto" and chosen.token is not None)
    level = logging.INFO if discord else logging.WARNING  # in the room, people read the terminal
    start_logging(level, log, (*chosen.secrets, os.environ.get("PGPASSWORD", "")))
    logging.getLogger("bot.runtime").setLevel(logging.INFO)  # what became of an edit
    if discord:
        from bot.discord_app.run import serve

        asyncio.run(serve(chosen))
    else:
        from bot.room import serve as serve_room

        asyncio.run(serve_room(chosen))
