"""`database`: looking after the file with the votes, and the key beside it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from bot.cli.common import database_option, examples, existing_file, settings
from bot.errors import UsageError

NOT_A_FILE = (
    "Only a SQLite file can be looked after like this: for PostgreSQL use its own tools, such as"
    " pg_dump and pg_restore, or give a file with --database."
)
BEFORE = """\
{database} gets a new voter key.
- The votes in it become anonymous and final: they go on counting, and nobody can change or
  delete theirs any more. Everybody may vote anew.
- Plans, opt-outs and cooldowns are forgotten: people who wanted no answers get them again.
- The former key is deleted. This cannot be undone; a backup is the database and its key together.
"""


@click.group()
def database() -> None:
    """Look after the database and the key of its voters."""


@database.command(name="new-key", epilog=examples("warmstart database new-key --yes"))
@click.option("--yes", is_flag=True, help="Do it without asking.")
@database_option
def new_key(*, yes: bool, **options: Any) -> None:
    """Replace the voter key: when it was seen by others, or is lost.

    It says what that means and asks before it does it. Stop the bot first.
    """
    chosen = existing_file(settings(**options), NOT_A_FILE)
    click.echo(BEFORE.format(database=chosen))
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("Nothing is done yet: add --yes to do it without being asked.")
        click.confirm("Do it?", abort=True)
    votes = asyncio.run(_replace(chosen))
    click.echo(f"Done. Votes that are anonymous now: {votes}.")


async def _replace(path: Path) -> int:
    from bot.store import check_unused, open_sqlite, replace_key

    check_unused(path)
    async with open_sqlite(path) as store:
        return await replace_key(store, path)
