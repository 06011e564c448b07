"""`init`: a folder for an operator, with knowledge, settings and a compose file."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import click

from bot.cli.common import examples
from bot.errors import UsageError
from bot.settings import shipped

ONLY_OWNER = 0o600  # the token comes here
LAID_OUT = {  # name there → what is copied
    "knowledge": "knowledge",
    ".env": ".env.example",
    "compose.yaml": "compose.yaml",
}
NEXT = """\
{folder} is laid out:
  knowledge/    what the bot says: yours to edit
  .env          settings; the token goes here
  compose.yaml  to run it in containers
Next:
  cd {quoted}
  warmstart check knowledge    is the knowledge valid?
  warmstart run --on room      try it in your browser, without Discord
  Then paste your bot's token into .env, and: warmstart run"""


@click.command(epilog=examples("warmstart init warmstart", "warmstart init ."))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
def init(folder: Path) -> None:
    """Lay out a folder to run the bot from.

    DIR gets the knowledge, an .env for settings and a compose file. What is there already is
    never overwritten.
    """
    for name in LAID_OUT:
        if (folder / name).exists():
            raise UsageError(
                f"{folder / name} is there already and nothing was written; give another folder, "
                "or move it away."
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, source in LAID_OUT.items():
            _copy(shipped(source), folder / name)
        _point_at_knowledge(folder / ".env")
    except OSError as error:
        raise UsageError(
            f"{error.filename or folder} cannot be written ({error.strerror}); give a folder "
            "that this user may write to."
        ) from error
    click.echo(NEXT.format(folder=folder, quoted=shlex.quote(str(folder))))


def _point_at_knowledge(env: Path) -> None:
    """Set the folder's own knowledge; keep what is written there from others."""
    text = env.read_text("utf-8").replace("# WARMSTART_KNOWLEDGE=", "WARMSTART_KNOWLEDGE=")
    env.chmod(ONLY_OWNER)
    env.write_text(text, "utf-8")


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)
