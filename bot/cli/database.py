"""`database`: looking after the file with the votes, and the key beside it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress

from bot.cli.common import (
    database_option,
    examples,
    existing_database,
    existing_file,
    settings,
    without_password,
)
from bot.errors import UsageError
from bot.settings import DISCORD_DATABASE, SCHEMES

if TYPE_CHECKING:
    from bot.store import Place, VoterKey
    from bot.store.backup import Examined

NOT_A_FILE = (
    "Only a SQLite file can be looked after like this: for PostgreSQL use its own tools, such as"
    " pg_dump and pg_restore, or give a file with --database."
)
BEFORE = """\
{database} gets {key}.
- The votes in it become anonymous and final: they go on counting, and nobody can change or
  delete theirs any more. Everybody may vote anew.
- Plans, opt-outs and cooldowns are forgotten: people who wanted no answers get them again.
- {former} This cannot be undone; a backup is the database and its key together.
"""
NO_KEY = (
    "A database on a server takes the key that you give: make one (openssl rand -hex 32 >"
    " new.key), and let WARMSTART_VOTER_KEY_FILE name it. All processes of the bot need it then."
)


@click.group(
    epilog=examples(
        "warmstart database check", "warmstart database backup /backups/warmstart-monday.db"
    )
)
def database() -> None:
    """Look after the database and the key of its voters."""


@database.command(name="new-key", epilog=examples("warmstart database new-key --yes"))
@click.option("--yes", is_flag=True, help="Do it without asking.")
@database_option
def new_key(*, yes: bool, **options: Any) -> None:
    """Replace the voter key: when it was seen by others, or is lost.

    With WARMSTART_VOTER_KEY or WARMSTART_VOTER_KEY_FILE, and always for PostgreSQL, the new key
    is the one given there; else it is made, and lies beside the file. It says what that means
    and asks before it does it. Stop the bot first: on PostgreSQL, all its processes.
    """
    from bot.store import key_for

    given = settings(**options)
    chosen = existing_database(given)
    key = None if given.voter_key is None else key_for(chosen, given.voter_key)
    if key is None and isinstance(chosen, str):
        raise UsageError(NO_KEY)
    click.echo(_before(chosen, key))
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("Nothing is done yet: add --yes to do it without being asked.")
        click.confirm("Do it?", abort=True)
    votes = asyncio.run(_replace(chosen, key))
    click.echo(f"Done. Votes that are anonymous now: {votes}.")


@database.command(
    short_help="Check that it is undamaged and its key the right one.",
    epilog=examples("warmstart database check"),
)
@database_option
def check(**options: Any) -> None:
    """Go through the whole database: is it undamaged, and is the key beside it the right one?

    Exits with 1 when it is not.
    """
    from bot.store.backup import examine

    given = settings(**options)
    chosen = existing_file(given, NOT_A_FILE)
    click.echo(f"{chosen} is fine: {_told(examine(chosen, given.voter_key))}")


@database.command(
    short_help="Copy the database and its key, while the bot may run.",
    epilog=examples("warmstart database backup /backups/warmstart-monday.db"),
)
@click.argument("target", type=click.Path(path_type=Path), metavar="TARGET")
@database_option
def backup(target: Path, **options: Any) -> None:
    """Copy the database and its key to TARGET and TARGET.key, while the bot may run.

    The copy is checked. Nothing is overwritten. A key that WARMSTART_VOTER_KEY or
    WARMSTART_VOTER_KEY_FILE gives stays where it is: keep a copy of it with the backup.
    """
    given = settings(**options)
    if not target.absolute().parent.is_dir():
        raise UsageError(f"{target.parent}: no such folder; make it, or give another target.")
    found = _copied(existing_file(given, NOT_A_FILE), target, given.voter_key)
    files = f"{target} and {target}.key" if given.voter_key is None else f"{target}"
    click.echo(f"Wrote {files}: {_told(found)}")
    if given.voter_key is not None:
        click.echo("Its key is the one given by WARMSTART_VOTER_KEY: keep that with it.")


@database.command(epilog=examples("warmstart database restore /backups/warmstart-monday.db"))
@click.argument("source", type=click.Path(path_type=Path), metavar="BACKUP")
@database_option
def restore(source: Path, **options: Any) -> None:
    """Put a backup and its key where the bot looks for its database.

    Stop the bot and move a former database away first, with its .key: nothing is overwritten.
    """
    given = settings(**options)
    chosen = given.database_or(DISCORD_DATABASE)
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
    found = _copied(source, chosen, given.voter_key)
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

    given = settings().voter_key
    if not source.is_file():
        raise UsageError(f"{source}: no such file; give the path of the bot's database.")
    if not target.startswith(SCHEMES):
        raise UsageError(f"{target}: no address; give one such as postgresql://user@host/database.")
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Copying", total=None)

        def done(rows: int, total: int) -> None:
            bar.update(task, completed=rows, total=total)

        moved = asyncio.run(move(source, target, done))
    for table, (rows, digest) in moved.items():
        click.echo(f"{table:12}{rows:9}  {digest}")
    click.echo("All of it is there. Give the bot that database and this key:")
    key = f"_FILE={source.absolute()}.key" if given is None else " as it is now"
    click.echo(f"  WARMSTART_VOTER_KEY{key}")


def _copied(source: Path, target: Path, key: str | None) -> Examined:
    """Copy a database, with a bar where somebody watches."""
    from bot.store.backup import copy

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Copying", total=None)

        def done(left: int, total: int) -> None:
            bar.update(task, total=total, completed=total - left)

        return copy(source, target, done, key)


def _told(found: Examined) -> str:
    return (
        f"schema {found.schema}, {found.votes} votes of {found.voters} people, {found.gaps} kept "
        f"questions, {found.size / 1e6:.1f} MB."
    )


def _before(place: Place, key: VoterKey | None) -> str:
    """Return what a new key means."""
    if key is None:
        return BEFORE.format(
            database=place, key="a new voter key", former="The former key is deleted."
        )
    return BEFORE.format(
        database=place if isinstance(place, Path) else "The database in PostgreSQL",
        key="the voter key that the environment gives",
        former="The former key is of no use any more.",
    )


async def _replace(place: Place, key: VoterKey | None) -> int:
    from bot.store import adopt_key, check_unused, open_store, replace_key

    if isinstance(place, Path):
        check_unused(place)
    async with open_store(place) as store:
        if key is not None:
            return await adopt_key(store, key)
        return await replace_key(store, Path(place))
