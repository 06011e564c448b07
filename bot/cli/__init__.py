"""The command line: parse, call, print. A module for each family of commands."""

from __future__ import annotations

import os
import sys

import click

from bot.cli import answering, checking, gaps, knowledge, links, previewing, running
from bot.cli.common import examples
from bot.errors import WarmstartError

COMMANDS: tuple[click.Command, ...] = (
    running.run,
    answering.ask,
    answering.chat,
    checking.check,
    previewing.preview,
    knowledge.schema,
    knowledge.sources_,
    links.links,
    gaps.gaps,
)


@click.group(
    commands=COMMANDS,
    epilog=examples('warmstart ask "how do I start with deep learning?"', "warmstart run"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="warmstart")
def cli() -> None:
    """Answers one question well: how do I start with deep learning?"""


def main(argv: list[str] | None = None) -> int:
    """Run a command; return the exit code: 0 fine, 1 not fine, 2 wrong usage."""
    try:
        code = cli.main(args=argv, prog_name="warmstart", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except WarmstartError as error:
        click.echo(f"warmstart: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has gone, as in `warmstart ask … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code if isinstance(code, int) else 0
