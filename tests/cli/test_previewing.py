"""`preview` on real git repositories: moves, cards, findings, and what bad input gets."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from tests.bakery import change, write_bakery
from tests.cli.on_terminal import drawn

FLOUR, OVEN, LOAF = "topics/flour.yaml", "topics/oven.yaml", "topics/first-loaf.yaml"
QUESTIONS = """\
in_scope:
  - {text: which flour is best, topics: [flour]}
  - {text: my sourdough starter smells of acetone, topics: [first-loaf]}
  - text: how hot must the oven be
    topics: [oven]
off_topic:
  - text: how do I fix my bicycle
"""

Run = Callable[..., tuple[int, str, str]]


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git checkout with a base and a question set, all committed."""
    root = tmp_path / "checkout"
    write_bakery(root / "knowledge")
    (root / "tests").mkdir()
    (root / "tests/questions.yaml").write_text(QUESTIONS)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=First")
    monkeypatch.chdir(root)
    monkeypatch.setenv("WARMSTART_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("bot.cli.previewing.today", lambda: date(2026, 11, 23))
    return root


@pytest.fixture
def preview(checkout: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str, folder: str = "knowledge") -> tuple[int, str, str]:
        code = main(["preview", folder, *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def test_nothing_changed(preview: Run) -> None:
    code, out, _ = preview()
    assert code == 0
    assert "Compared with HEAD: nothing changed." in out
    assert "decided otherwise" not in out
    assert out.endswith("No errors, no warnings: you may merge.\n")


def test_a_reworded_card_is_a_diff_and_moves_nothing(checkout: Path, preview: Run) -> None:
    change(checkout / "knowledge", FLOUR, "forgives the most", "forgives nearly all")
    code, out, _ = preview()
    assert code == 0
    assert "Compared with HEAD: 1 topic reworded (flour)." in out
    assert "None of 4 questions is decided otherwise." in out
    assert "1 card changed:" in out
    assert "--- topic flour, before\n+++ topic flour, after\n" in out
    assert "-Strong white flour forgives the most.\n+Strong white flour forgives nearly all." in out


def test_a_phrasing_moves_a_question_and_says_whether_for_the_better(
    checkout: Path, preview: Run
) -> None:
    added = "  - my sourdough starter smells of acetone\n  - starter smells odd\n"
    change(checkout / "knowledge", LOAF, "", added)
    code, out, _ = preview()
    assert code == 0
    assert "1 of 4 questions decided otherwise: 1 for the better." in out
    moved = r"better  my sourdough starter smells of acetone\n +\w+.* → answer: first-loaf"
    assert re.search(moved, out)
    assert "card changed" not in out
    change(checkout / "knowledge", LOAF, added, "")
    change(checkout / "knowledge", OVEN, "", added)
    code, out, _ = preview()
    assert code == 0
    assert re.search(r"decided otherwise: .*1 for the worse", out)
    assert re.search(r"worse   my sourdough starter smells of acetone\n .* → \w+: oven", out)


def test_an_edit_is_compared_with_the_revision_that_is_named(checkout: Path, preview: Run) -> None:
    change(checkout / "knowledge", FLOUR, "forgives the most", "forgives nearly all")
    git(checkout, "commit", "--quiet", "--all", "--message=Second")
    assert "nothing changed" in preview()[1]
    assert (
        "1 topic reworded (flour)" in preview("--against", git(checkout, "rev-parse", "HEAD^"))[1]
    )
    git(checkout, "branch", "knowledge-of-old", "HEAD^")
    assert "1 topic reworded" in preview("--against", "knowledge-of-old")[1]
    assert git(checkout, "status", "--porcelain") == "", "the checkout is left as it was"


def test_an_edit_is_compared_with_another_folder(
    checkout: Path, preview: Run, tmp_path: Path
) -> None:
    other = write_bakery(tmp_path / "other")
    change(checkout / "knowledge", FLOUR, "forgives the most", "forgives nearly all")
    assert f"Compared with {other}: 1 topic reworded" in preview("--against", str(other))[1]


def test_a_base_at_the_top_of_its_repository_works(
    checkout: Path, preview: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(checkout / "knowledge", "init", "--quiet")
    git(checkout / "knowledge", "add", ".")
    git(checkout / "knowledge", "commit", "--quiet", "--message=First")
    change(checkout / "knowledge", FLOUR, "forgives the most", "forgives nearly all")
    assert "1 topic reworded" in preview()[1]
    monkeypatch.chdir(checkout / "knowledge")
    assert "1 topic reworded" in preview(folder=".")[1]


def test_a_renamed_topic_is_the_same_topic(checkout: Path, preview: Run) -> None:
    base = checkout / "knowledge"
    change(base, OVEN, "id: oven", "id: heat\nwas: [oven]")
    (base / OVEN).rename(base / "topics/heat.yaml")
    _, out, _ = preview()
    assert "1 topic renamed (oven → heat)" in out
    assert "None of 4 questions" in out
    assert "changed:" not in out


def test_added_and_removed_cards_are_shown_whole(checkout: Path, preview: Run) -> None:
    base = checkout / "knowledge"
    (base / OVEN).rename(base / "topics/salt.yaml")
    change(base, "topics/salt.yaml", "id: oven\ntitle: The oven", "id: salt\ntitle: Salt")
    _, out, _ = preview()
    assert "--- topic oven, before\n+++ /dev/null" in out
    assert "--- /dev/null\n+++ topic salt, after" in out


def test_a_changed_resource_shows_on_every_card_that_has_it(checkout: Path, preview: Run) -> None:
    change(checkout / "knowledge", "resources/all.yaml", "title: Oven Talk", "title: Oven Talks")
    _, out, _ = preview()
    changed = re.findall(r"^\+\+\+ (.+), after$", out, re.MULTILINE)
    assert changed == ["topic flour", "topic oven", "resource oven-talk"]


def test_new_warnings_are_told_from_old_ones_even_when_lines_move(
    checkout: Path, preview: Run
) -> None:
    base = checkout / "knowledge"
    change(base, FLOUR, "  - how to store flour\n", "")
    git(checkout, "commit", "--quiet", "--all", "--message=One warning")
    change(base, FLOUR, "id: flour", "# a comment\n\nid: flour")
    code, out, _ = preview()
    assert code == 0
    assert out.endswith("1 warning, you may merge. New: none.\n")
    change(base, OVEN, "suggestions: [oven-talk]\n", "")
    code, out, _ = preview()
    assert code == 0
    assert "New findings:\nknowledge/topics/oven.yaml:1:5: warning: " in out
    assert out.endswith("2 warnings, you may merge. New: 1.\n")


def test_an_invalid_edit_exits_with_1_and_says_where(checkout: Path, preview: Run) -> None:
    change(checkout / "knowledge", FLOUR, "title: Which flour", "titel: Which flour")
    for options in ([], ["--markdown"]):
        code, out, err = preview(*options)
        assert code == 1
        assert "knowledge/topics/flour.yaml:2:1" in out
        assert "The edited base is not valid yet." in out
        assert "mend it first." in out
        assert err == ""


def test_mending_a_broken_base_is_no_error(checkout: Path, preview: Run) -> None:
    change(checkout / "knowledge", FLOUR, "title: Which flour", "titel: Which flour")
    git(checkout, "commit", "--quiet", "--all", "--message=Broken")
    change(checkout / "knowledge", FLOUR, "titel: Which flour", "title: Which flour")
    code, out, _ = preview()
    assert code == 0
    assert "The base at HEAD is not valid, so there is nothing to compare with." in out


def test_markdown_fits_a_pull_request(checkout: Path, preview: Run) -> None:
    base = checkout / "knowledge"
    change(base, FLOUR, "forgives the most.", "forgives. ```Ask @everyone``` <b>")
    change(base, FLOUR, "  - how to store flour\n", "  - rye | taste `x` @here\n")
    (checkout / "asked.txt").write_text("rye | taste `x` @here\nhow hot must the oven be\n")
    code, out, _ = preview("--markdown", "--questions", "asked.txt")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "### No errors, no warnings: you may merge."
    rows = [line for line in lines if line.startswith("| ")]
    assert rows[:2] == ["| | question | before | after |", "| --- | --- | --- | --- |"]
    assert "`rye \\| taste ʼxʼ @here`" in rows[2], "code: nobody is pinged, no cell breaks"
    assert out.count("````") == 2, "a fence longer than any in the text"
    assert re.search(r"<details><summary>topic flour</summary>\n\n````diff\n", out)


def test_markdown_of_a_huge_edit_stays_below_what_a_comment_holds(
    checkout: Path, preview: Run
) -> None:
    base = checkout / "knowledge"
    for number in range(40):
        text = (base / OVEN).read_text().replace("id: oven", f"id: oven-{number}")
        text = text.replace("As hot as it goes", f"As hot as {number} " + "dough " * 150)
        text = re.sub(r"  - .*", lambda m, n=number: f"{m.group()} {n}", text)
        (base / f"topics/oven-{number}.yaml").write_text(text)
    _, out, _ = preview("--markdown")
    assert 20_000 < len(out) < 65_536
    assert "Too long to show here: `topic oven-" in out


WRONG = [
    (["--against", "nonsense"], "git knows no revision `nonsense` here"),
    (["--against", "--all"], "git knows no revision `--all` here"),
    (["--against", "main:knowledge"], "git knows no revision `main:knowledge` here"),
    (["--against", "empty"], "the revision `empty` has no folder knowledge"),
    (["--questions", "none.txt"], "none.txt: cannot be read"),
    (["--questions", "none.yaml"], "none.yaml"),
    (["--questions", "blank.txt"], "blank.txt: holds no question"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG)
def test_wrong_use_is_one_sentence_and_exits_with_2(
    checkout: Path, preview: Run, arguments: list[str], told: str
) -> None:
    tree = git(checkout, "mktree")
    git(checkout, "branch", "empty", git(checkout, "commit-tree", tree, "-m", "Empty"))
    (checkout / "blank.txt").write_text("\n \n")
    code, out, err = preview(*arguments)
    assert code == 2
    assert told in err
    assert out == ""
    assert len(err.splitlines()) == 1


def test_outside_a_checkout_is_one_sentence(
    checkout: Path, preview: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    alone = write_bakery(tmp_path / "alone")
    code, _, err = preview(folder=str(alone))
    assert code == 2
    assert err == (
        f"warmstart: {alone} is not in a git checkout; "
        "compare with another folder: --against DIR.\n"
    )


def test_without_a_commit_is_one_sentence(checkout: Path, preview: Run, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    write_bakery(fresh / "knowledge")
    git(fresh, "init", "--quiet")
    code, _, err = preview(folder=str(fresh / "knowledge"))
    assert code == 2
    assert "git knows no revision `HEAD` here" in err


def test_without_git_is_one_sentence_and_folders_still_work(
    checkout: Path, preview: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write_bakery(tmp_path / "other")
    monkeypatch.setenv("PATH", str(tmp_path))
    code, _, err = preview()
    assert code == 2
    assert "git was not found; install it, or compare with another folder" in err
    assert preview("--against", str(other))[0] == 0


def test_without_a_question_set_every_phrasing_is_asked(checkout: Path, preview: Run) -> None:
    shutil.rmtree(checkout / "tests")
    change(checkout / "knowledge", FLOUR, "", "  - a bag of flour, which size\n")
    _, out, _ = preview()
    assert "of 26 questions" in out


def test_progress_shows_on_a_terminal_and_never_in_the_output(checkout: Path) -> None:
    change(checkout / "knowledge", FLOUR, "", "  - a bag of flour, which size\n")
    code, seen, piped = drawn(
        "preview", "knowledge", on="stderr", cwd=checkout, env={"WARMSTART_CACHE": ""}
    )
    assert code == 0
    assert "Reading the base before the edit" in seen
    assert "Asking 4 questions, after the edit" in seen
    assert "\x1b" not in piped
    assert "the edit" not in piped
