"""`check`: exit codes, the three formats, colours on a terminal only, wrong folders."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.lint import Finding, Severity, summary
from bot.store import Voter, open_sqlite
from tests.bakery import change, write_bakery
from tests.cli.on_terminal import drawn

FLOUR = "topics/flour.yaml"


@pytest.fixture
def bakery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A base named `bakery` in the working directory, which is a checkout."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.cli.checking.today", lambda: date(2026, 11, 23))
    return write_bakery(tmp_path / "bakery")


def warn(bakery: Path) -> None:
    change(bakery, FLOUR, "  - how to store flour\n", "")


def fail(bakery: Path) -> None:
    change(bakery, FLOUR, "suggestions: [oven-talk]", "suggestions: [oven-tlak]")


def test_a_sound_base_exits_with_0(bakery: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "bakery"]) == 0
    assert capsys.readouterr().out == "No errors, no warnings: you may merge.\n"


def test_who_has_nothing_to_merge_into_is_told_that_it_can_be_used(
    bakery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bakery.parent / ".git").rmdir()
    assert main(["check", "bakery"]) == 0
    assert capsys.readouterr().out == "No errors, no warnings: ready to use.\n"
    warn(bakery)
    assert main(["check", "bakery", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"] == "1 warning, ready to use."


def test_warnings_exit_with_0_and_with_1_when_strict(
    bakery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warn(bakery)
    assert main(["check", "bakery"]) == 0
    line, last = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"bakery/topics/flour.yaml:6:3: warning: 7 .*; .* \[few-phrasings\]", line)
    assert last == "1 warning, you may merge."
    assert main(["check", "bakery", "--strict"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 warning: mend it first."


def test_errors_exit_with_1_and_stand_in_file_order(
    bakery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warn(bakery)
    fail(bakery)
    change(bakery, "off-topic.yaml", "phrasings", "phrasing")
    assert main(["check", "bakery"]) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    places = [tuple(line.split(":")[:2]) for line in lines]
    assert places == sorted(places)
    assert "Did you mean `oven-talk`?" in "".join(lines)
    assert "`phrasings`?" in "".join(lines)
    assert last == "2 errors and 1 warning: mend the errors first."


def test_a_new_maintainer_mends_a_topic_by_the_messages_alone(
    bakery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bakery / "topics/salt.yaml").write_text(
        "id: salt\ntitel: Salt\nanswer: Two in a hundred.\nsuggestions: [slow-doug]\n"
        "phrasings:\n  - how much salt\n  - salt or no salt\n  - too salty\n  - sea salt\n"
        "  - bread without salt\n  - when to add salt\n  - does salt kill yeast\n"
        "  - WHERE to buy good flour?\n"
    )
    assert main(["check", "bakery"]) == 1
    told = capsys.readouterr().out
    assert "salt.yaml:2:1: error: unknown key `titel`. Did you mean `title`?" in told
    change(bakery, "topics/salt.yaml", "titel", "title")
    assert main(["check", "bakery"]) == 1
    told = capsys.readouterr().out
    assert re.search(r"salt.yaml:4:15: error: .*slow-doug.*Did you mean `slow-dough`", told)
    where = re.search(r"salt.yaml:13:5: error: `WHERE .*` is also .*flour.yaml:12\)", told)
    assert where, told
    change(bakery, "topics/salt.yaml", "slow-doug", "slow-dough")
    change(bakery, "topics/salt.yaml", "WHERE to buy good flour?", "why does bread need salt")
    assert main(["check", "bakery", "--strict"]) == 0


def test_github_annotations_name_file_line_and_column(
    bakery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warn(bakery)
    change(bakery, FLOUR, "spelt or rye", '"100% where to begin with baking bread"')
    change(bakery, "topics/oven.yaml", "gas or electric oven", "100% which flour is best")
    fail(bakery)
    assert main(["check", "bakery", "--format", "github"]) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    pattern = (
        r"::(error|warning) file=bakery/\S+\.yaml,line=\d+,col=\d+,"
        r"title=warmstart check%3A [a-z-]+::[^\r\n]+"
    )
    assert all(re.fullmatch(pattern, line) for line in lines)
    assert any("100%25 which" in line for line in lines), "a bare % would start an escape"
    assert "you may merge" not in last


def test_json_is_one_object_for_tools(bakery: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warn(bakery)
    fail(bakery)
    assert main(["check", "bakery", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["errors"], report["warnings"]) == (1, 1)
    assert report["summary"] == "1 error and 1 warning: mend the error first."
    first, second = report["findings"]
    assert set(first) == {"file", "line", "column", "severity", "rule", "message"}
    assert (first["rule"], first["line"], first["severity"]) == ("valid", 4, "error")
    assert (second["rule"], second["severity"]) == ("few-phrasings", "warning")


WRONG = [
    (["check", "nowhere"], "nowhere: no such folder; name the one that holds about.yaml."),
    (["check", "bakery/about.yaml"], "about.yaml: no such folder"),
    (["check", "."], "did you mean knowledge?"),
    (["check", "bakery/topics"], "it has no about.yaml; name the one that holds it."),
    (["check", "bakery", "--format", "xml"], "xml"),
    (["check", "bakery", "extra"], "extra"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG)
def test_wrong_use_exits_with_2(
    bakery: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    (bakery.parent / "knowledge").mkdir()
    assert main(arguments) == 2
    assert told in capsys.readouterr().err


def test_the_variables_do_what_the_options_do(
    bakery: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warn(bakery)
    monkeypatch.setenv("WARMSTART_KNOWLEDGE", "bakery")
    monkeypatch.setenv("WARMSTART_STRICT", "1")
    monkeypatch.setenv("WARMSTART_FORMAT", "json")
    assert main(["check"]) == 1
    assert json.loads(capsys.readouterr().out)["warnings"] == 1


@pytest.mark.parametrize(
    ("env", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=["terminal", "NO_COLOR"]
)
def test_colours_show_on_a_terminal_only(
    bakery: Path, env: dict[str, str], *, coloured: bool
) -> None:
    warn(bakery)
    code, seen, _ = drawn("check", "bakery", on="stdout", cwd=bakery.parent, env=env)
    assert code == 0
    assert "1 warning, you may merge." in seen
    assert ("\x1b[" in seen) == coloured


def test_a_pipe_gets_no_colours(bakery: Path) -> None:
    warn(bakery)
    _, _, piped = drawn("check", "bakery", on="stderr", cwd=bakery.parent)
    assert piped.endswith("1 warning, you may merge.\n")
    assert "\x1b" not in piped


SUMMARIES = [
    ("", False, "No errors, no warnings: you may merge."),
    ("w", False, "1 warning, you may merge."),
    ("ww", False, "2 warnings, you may merge."),
    ("eee", False, "3 errors: mend them first."),
    ("ew", False, "1 error and 1 warning: mend the error first."),
    ("eeww", False, "2 errors and 2 warnings: mend the errors first."),
    ("ww", True, "2 warnings: mend them first."),
    ("ew", True, "1 error and 1 warning: mend them first."),
]


@pytest.mark.parametrize(("found", "strict", "told"), SUMMARIES)
def test_the_summary_says_whether_to_merge(found: str, told: str, *, strict: bool) -> None:
    severities = {"e": Severity.ERROR, "w": Severity.WARNING}
    findings = [Finding("a.yaml", 1, 1, severities[one], "rule", "Text") for one in found]
    assert summary(findings, strict=strict) == told


def test_ids_that_votes_refer_to_must_not_vanish(
    bakery: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    votes = tmp_path / "votes.db"

    async def vote() -> None:
        async with open_sqlite(votes) as store:
            voter = Voter(b"0" * 16)
            await store.record_vote("flower", ["oven-talk"], voter, 0, helpful=True)
            await store.record_vote("_resource", ["oven-talk"], voter, 0, helpful=True)

    asyncio.run(vote())
    assert main(["check", "bakery", "--database", str(votes)]) == 1
    out = capsys.readouterr().out
    assert "bakery:1:1: error: people voted on `flower`" in out
    assert "was: [flower]" in out
    assert "oven-talk" not in out
    change(bakery, FLOUR, "id: flour\n", "id: flour\nwas: [flower]\n")
    assert main(["check", "bakery", "--database", str(votes)]) == 0
