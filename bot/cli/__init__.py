"""The command line: parse, call, print. A module for each family of commands."""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

import click
from click.core import ParameterSource

from bot.cli.common import examples, with_variables
from bot.errors import WarmstartError
from bot.settings import environment

# Command → module and name there: only what is called is imported, so that `ask` starts fast.
COMMANDS = {
    "run": "running.run",
    "ask": "answering.ask",
    "chat": "answering.chat",
    "check": "checking.check",
    "preview": "previewing.preview",
    "eval": "measuring.evaluate_",
    "links": "links.links",
    "gaps": "gaps.gaps",
    "stats": "stats.stats",
    "export": "exporting.export",
    "health": "health.health",
    "database": "database.database",
    "schema": "knowledge.schema",
    "sources": "knowledge.sources_",
    "init": "init.init",
}


class Commands(click.Group):
    """The commands in the order in which people meet them, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the words call; click's NoSuchCommand, with the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx) from error

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command by its name; None when there is none."""
        return _imported(cmd_name) if cmd_name in COMMANDS else None


@cache
def _imported(name: str) -> click.Command:
    module, function = COMMANDS[name].split(".")
    return with_variables(getattr(import_module(f"bot.cli.{module}"), function))


@click.group(
    cls=Commands,
    epilog=examples('warmstart ask "how do I start with deep learning?"', "warmstart run"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="warmstart")
def cli() -> None:
    """Answers one question well: how do I start with deep learning?"""


def main(argv: list[str] | None = None) -> int:
    """Run a command; return the exit code: 0 fine, 1 not fine, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old terminal shows € as ?
    # numpy's products here are small: more threads only take turns, at twice the processor time
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        for name, value in environment(os.environ, Path.cwd()).items():
            if name.startswith("WARMSTART_"):
                os.environ.setdefault(name, value)  # options read their variables there
        colour = False if os.environ.get("NO_COLOR") else None  # https://no-color.org
        code = cli.main(args=argv, prog_name="warmstart", standalone_mode=False, color=colour)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        click.echo(f"warmstart: {_sentence(error)}", err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except WarmstartError as error:
        click.echo(f"warmstart: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has gone, as in `warmstart ask … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.filename is None:
            raise
        cure = "name another, or let this user reach it."
        click.echo(f"warmstart: {error.filename}: {error.strerror}; {cure}", err=True)
        return 2
    return code if isinstance(code, int) else 0


def _sentence(error: click.ClickException) -> str:
    """Return what is wrong with a call, where it comes from, and where help is."""
    told = error.format_message()
    context, option = getattr(error, "ctx", None), getattr(error, "param", None)
    if context is None:
        return told
    if option and context.get_parameter_source(option.name) is ParameterSource.ENVIRONMENT:
        told = f"{told} {option.envvar} says so."
    return f"{told} See {context.command_path} --help."
