"""`database`: looking after the file with the votes, and the key beside it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress

from bot.cli.common import database_option, examples, existing_file, settings, without_password
from bot.errors import UsageError
from bot.settings import DISCORD_DATABASE

if TYPE_CHECKING:
    from bot.store.backup import Examined

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


@database.command(epilog=examples("warmstart database check"))
@database_option
def check(**options: Any) -> None:
    """Go through the whole database: is it undamaged, and is the key beside it the right one?

    Exits with 1 when it is not.
    """
    from bot.store.backup import examine

    chosen = existing_file(settings(**options), NOT_A_FILE)
    click.echo(f"{chosen} is fine: {_told(examine(chosen))}")


@database.command(epilog=examples("warmstart database backup /backups/warmstart-monday.db"))
@click.argument("target", type=click.Path(path_type=Path), metavar="TARGET")
@database_option
def backup(target: Path, **options: Any) -> None:
    """Copy the database and its key to TARGET and TARGET.key, while the bot may run.

    The copy is checked. Nothing is overwritten.
    """
    chosen = existing_file(settings(**options), NOT_A_FILE)
    found = _copied(chosen, target)
    click.echo(f"Wrote {target} and {target}.key: {_told(found)}")


@database.command(epilog=examples("warmstart database restore /backups/warmstart-monday.db"))
@click.argument("source", type=click.Path(path_type=Path), metavar="BACKUP")
@database_option
def restore(source: Path, **options: Any) -> None:
    """Put a backup and its key where the bot looks for its database.

    Stop the bot and move a former database away first, with its .key: nothing is overwritten.
    """
    chosen = settings(**options).database_or(DISCORD_DATABASE)
    if isinstance(chosen, str):
        raise UsageError(NOT_A_FILE)
    for leftover in (
        chosen.with_name(f"{chosen.name}-wal"),
        chosen.with_name(f"{chosen.name}-shm"),
    ):
        if leftover.exists():
            raise UsageError(
                f"{leftover} is there: stop the bot and move it away with its database."
            )
    found = _copied(source, chosen)
    click.echo(f"Restored {chosen}: {_told(found)}")


@database.command(
    "copy",
    epilog=examples("warmstart database copy warmstart.db postgresql://user@host/warmstart"),
)
@click.argument("source", type=click.Path(path_type=Path), metavar="SOURCE")
@click.argument("target", metavar="TARGET", callback=without_password)
def copy_(source: Path, target: str) -> None:
    """Move a stopped bot's SQLite file to PostgreSQL.

    SOURCE is the file, TARGET the address of an empty database; its password comes from
    PGPASSWORD or ~/.pgpass. Everything is compared by counts and checksums before it takes
    effect; doing it again changes nothing.
    """
    from bot.store.postgres.moving import move

    if not source.is_file():
        raise UsageError(f"{source}: no such file; give the path of the bot's database.")
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Copying", total=None)

        def done(rows: int, total: int) -> None:
            bar.update(task, completed=rows, total=total)

        moved = asyncio.run(move(source, target, done))
    for table, (rows, digest) in moved.items():
        click.echo(f"{table:12}{rows:9}  {digest}")
    click.echo(
        f"All of it is there. Give the bot that database and this key:\n"
        f"  WARMSTART_VOTER_KEY_FILE={source.absolute()}.key"
    )


def _copied(source: Path, target: Path) -> Examined:
    """Copy a database, with a bar where somebody watches."""
    from bot.store.backup import copy

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Copying", total=None)

        def done(left: int, total: int) -> None:
            bar.update(task, total=total, completed=total - left)

        return copy(source, target, done)


def _told(found: Examined) -> str:
    return (
        f"schema {found.schema}, {found.votes} votes of {found.voters} people, {found.gaps} kept "
        f"questions, {found.size / 1e6:.1f} MB."
    )


async def _replace(path: Path) -> int:
    from bot.store import check_unused, open_sqlite, replace_key

    check_unused(path)
    async with open_sqlite(path) as store:
        return await replace_key(store, path)
