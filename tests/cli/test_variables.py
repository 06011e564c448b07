"""What can be set by the environment: what the page for operators lists, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import cli

ROOT = Path(__file__).parent.parent.parent
VARIABLE = r"(?:WARMSTART|DISCORD_TOKEN)(?:_[A-Z]+)*\b(?!_)"


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of each command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))
        else:
            yield (*path, name)


def options(path: tuple[str, ...]) -> list[click.Option]:
    found: click.Command = cli
    for name in path:
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), name) or found
    return [one for one in found.params if isinstance(one, click.Option)]


def listed() -> set[str]:
    page = (ROOT / "docs/running.md").read_text("utf-8")
    return set(re.findall(rf"^\| `({VARIABLE})` \|", page, re.MULTILINE))


def test_the_page_for_operators_lists_every_setting_and_no_other() -> None:
    read = set(re.findall(rf'"({VARIABLE})"', (ROOT / "bot/settings.py").read_text("utf-8")))
    read |= {f"{name}_FILE" for name in read if name.endswith("KEY")}
    of_options = {str(one.envvar) for path in commands() for one in options(path) if one.envvar}
    assert listed() == read | of_options


def test_the_example_of_an_env_file_holds_settings_only() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    assert set(re.findall(rf"^(?:# )?({VARIABLE})=", example, re.MULTILINE)) <= listed()


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_a_help_names_the_variable_of_each_option_that_is_a_setting(path: tuple[str, ...]) -> None:
    for option in options(path):
        name = f"WARMSTART_{(option.name or '').upper()}"
        told = f"[variable: {name}]" in (option.help or "")
        assert told == (name in listed()), option.opts
        assert option.envvar in (None, name)
