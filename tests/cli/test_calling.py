"""How every command is called: its help, its settings, and the sentence for what does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import cli, main
from bot.cli.common import READ_BY_SETTINGS

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


def called(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(list(arguments))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def listed() -> set[str]:
    page = (ROOT / "docs/running.md").read_text("utf-8")
    return set(re.findall(rf"^\| `({VARIABLE})` \|", page, re.MULTILINE))


def test_the_page_for_operators_lists_every_setting_and_no_other() -> None:
    read = set(re.findall(rf'"({VARIABLE})"', (ROOT / "bot/settings.py").read_text("utf-8")))
    read |= {f"{name}_FILE" for name in read if name.endswith("KEY")}
    of_run = {str(one.envvar) for one in options(("run",)) if one.envvar}
    assert listed() == read | of_run


def test_the_example_of_an_env_file_holds_settings_only() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    assert set(re.findall(rf"^(?:# )?({VARIABLE})=", example, re.MULTILINE)) <= listed()


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_option_has_its_variable_and_its_help_names_it(path: tuple[str, ...]) -> None:
    for option in options(path):
        variable = f"WARMSTART_{option.opts[0].removeprefix('--').replace('-', '_').upper()}"
        assert (option.help or "").count(f"  [variable: {variable}]") == 1, option.opts
        assert option.envvar == (None if option.name in READ_BY_SETTINGS else variable)


def test_an_option_is_set_by_its_variable(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The option on the command line wins."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WARMSTART_FORMAT", "json")
    assert called("check", capsys=capsys)[1].startswith(("[", "{"))
    assert not called("check", "--format", "text", capsys=capsys)[1].startswith(("[", "{"))


@pytest.mark.parametrize("path", [(), ("database",), *commands()], ids=" ".join)
def test_every_help_has_examples_of_its_own(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = called(*path, "--help", capsys=capsys)
    examples = out.partition("Examples:\n")[2].split("\n")
    assert code == 0
    assert [line for line in examples if " ".join(("warmstart", *path)) in line]
    assert "INTEGER" not in out, "a number is called what it is: PORT, N, ID"


@pytest.mark.parametrize("path", [(), ("database",)])
def test_a_list_of_commands_is_never_cut(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = called(*path, "--help", capsys=capsys)
    assert "..." not in out.partition("Commands:")[2]


WRONG = [
    (["chekc"], 2, "'chekc'. Did you mean 'check'? See warmstart --help."),
    (["check", "--formt", "json"], 2, "Did you mean '--format'? See warmstart check --help."),
    (["gaps", "--limit", "0"], 2, "'--limit': 0 is not a whole number from 1 on. See warmstart"),
    (["gaps", "--limit", "-5"], 2, "-5 is not a whole number from 1 on."),
    (["stats", "--guild", "here"], 2, "'--guild': here is not a whole number from 1 to"),
    (["links", "--per-host", "99"], 2, "99 is not a whole number from 1 to 16."),
    (["run", "--port", "-1"], 2, "-1 is not a whole number from 0 to 65535."),
    (["run", "--on", "moon"], 2, "'moon' is not one of 'auto', 'discord', 'room'."),
    (["export", "all", "--csv"], 2, "CSV is one table"),
    (["gaps", "--database", "folder"], 1, "folder is a folder; name a file in it"),
    (["database", "backup", "no/where.db"], 2, "no: no such folder; make it"),
    (["database", "copy", "plain.txt", "other.db"], 2, "other.db: no address; give one such as"),
    (["eval", "nowhere.yaml"], 2, "nowhere.yaml:1:1: the file is missing"),
    (["eval", "folder"], 2, "folder:1:1: is a folder"),
    (["eval", "broken.yaml"], 2, "broken.yaml:1:4: this bracket is not closed"),
    (["eval", "odd.yaml"], 2, "odd.yaml: needs `in_scope`, a list of entries with `text`"),
    (["init", "plain.txt"], 2, "'plain.txt' is a file. See warmstart init --help."),
    (["schema", "--write", "plain.txt"], 2, "plain.txt: cannot be written"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with files that fit nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain.txt").write_text("plain")
    (tmp_path / "broken.yaml").write_text("a: [b")
    (tmp_path / "odd.yaml").write_text("in_scope: 3")
    return tmp_path


@pytest.mark.parametrize(("arguments", "wanted", "told"), WRONG, ids=lambda one: str(one)[:40])
@pytest.mark.usefixtures("folder")
def test_what_does_not_fit_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], wanted: int, told: str
) -> None:
    code, out, err = called(*arguments, capsys=capsys)
    assert (code, out, len(err.splitlines())) == (wanted, "", 1)
    assert err.startswith("warmstart: ")
    assert told in err


@pytest.mark.usefixtures("folder")
def test_a_variable_that_does_not_fit_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMSTART_LOG", "xml")
    code, _, err = called("run", "--on", "room", capsys=capsys)
    assert code == 2
    assert "'xml' is not one of 'text', 'json'. WARMSTART_LOG says so." in err
