"""What the commands share: options, settings, and how examples look in a help text."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import click

from bot.errors import StoreError, UsageError
from bot.limits import LARGEST_ID
from bot.settings import (
    DISCORD_DATABASE,
    ROOM_DATABASE,
    Settings,
    environment,
    load_settings,
    names_secret,
)

# `load_settings` reads the variables of these: it tells all problems at once, and takes from the
# environment what a command line must not hold.
READ_BY_SETTINGS = {"knowledge", "database", "port", "health_port", "shards"}


class Number(click.IntRange):
    """A whole number of a range; what does not fit is told in words that need no programming."""

    def _describe_range(self) -> str:
        return ""  # click would end a help with 0<=x<=65535; the message below says it in words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number that a text is. Raises click's BadParameter when it is none."""
        try:
            number: int = super().convert(value, param, ctx)
        except click.BadParameter:
            upper = "on" if self.max is None else f"to {self.max}"
            self.fail(f"{value} is not a whole number from {self.min} {upper}.", param, ctx)
        return number


knowledge_option = click.option(
    "--knowledge",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The knowledge folder.  [default: the one that Warmstart brings]",
)


def without_password(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Return a database's place; UsageError when it is an address with a password in it."""
    if value and names_secret(value):
        raise UsageError(
            "A password on the command line can be read by others on this machine, and stays in"
            " the shell's history: leave it out of the address (postgresql://user@host/database),"
            " and give it in PGPASSWORD or ~/.pgpass."
        )
    return value


chosen_database_option = click.option(
    "--database",
    metavar="PATH|URL",
    callback=without_password,
    help="The database: a file, or postgresql://…  [default: none]",
)
database_option = click.option(
    "--database",
    metavar="PATH|URL",
    callback=without_password,
    help=f"The bot's database: a file, or postgresql://…  [default: {DISCORD_DATABASE}]",
)

# What a command prints, and how much of it; each says in `help` what the option does there.
json_option = partial(click.option, "--json", "as_json", is_flag=True)
csv_option = partial(click.option, "--csv", "as_csv", is_flag=True)
limit_option = partial(click.option, "--limit", type=Number(min=1), metavar="N", show_default=True)
guild_option = partial(click.option, "--guild", type=Number(1, LARGEST_ID), metavar="ID")


def with_variables(command: click.Command) -> click.Command:
    """Let every option of a command be set by WARMSTART_<OPTION> too, and its help say so."""
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        with_variables(inner)
    for option in command.params:
        if isinstance(option, click.Option):
            long = next(name for name in option.opts if name.startswith("--"))
            variable = f"WARMSTART_{long[2:].replace('-', '_').upper()}"
            does, bracket, default = (option.help or "").partition("  [default: ")
            option.help = f"{does}  [variable: {variable}]{bracket}{default}"
            option.envvar = None if option.name in READ_BY_SETTINGS else variable
    return command


def examples(*lines: str) -> str:
    """Return the examples that end a command's help, kept as they are."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def existing_database(chosen: Settings) -> Path | str:
    """Return the database of the bot; StoreError, with the room's name, when there is none."""
    database = chosen.database_or(DISCORD_DATABASE)
    if isinstance(database, str) or database.is_file():
        return database
    if database.is_dir():
        raise StoreError(f"{database} is a folder; name a file in it with --database PATH.")
    cure = "name the bot's with --database PATH"
    if chosen.database is None and ROOM_DATABASE.is_file():
        cure = f"the local room's is there: --database {ROOM_DATABASE}"
    raise StoreError(f"{database}: no such file; {cure}.")


def existing_file(chosen: Settings, why: str) -> Path:
    """Return the bot's database as a file; UsageError that says `why` for one on a server."""
    database = existing_database(chosen)
    if isinstance(database, str):
        raise UsageError(why)
    return database


def settings(**options: Any) -> Settings:
    """Return the settings of this process, its working directory's `.env` included."""
    return load_settings(environment(os.environ, Path.cwd()), **options)
