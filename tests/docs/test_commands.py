"""Every command in the documentation is run, and shows what the page says; every edit applies.

A page is followed from top to bottom in a copy of the project. What its fences mean:

- ``sh``: a command a line. ``console``: commands after `$`, and what they print; `…` stands for
  any text, a line of it alone for any lines. ``console exit=1``: the command must fail so.
- ``diff PATH``: an edit; the lines with `-` and without a sign stand together in the file, once.
- ``yaml PATH``: a whole file to write.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.cli import main
from bot.knowledge.load import load

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

RUN = ("warmstart", "mv", "cp", "mkdir", "ls", "cat", "git diff", "git status")
EXEMPT = {
    r"make [a-z]+\b": "sets up an environment of its own, and then this suite or what it tests",
    r"(VENV=\S+ )?scripts/setup\b": "downloads packages; every run of `make` runs it",
    r"source \S+/activate$": "changes the shell it is typed in",
    r"warmstart run\b": "serves until it is interrupted; tests/e2e and tests/wire run it",
    r"warmstart chat\b": "waits for somebody to type; tests/cli runs it",
    r"warmstart links\b": "asks servers on the internet; tests/links runs it on the loopback",
    r"(sudo )?docker\b": "needs a container engine",
    r"(sudo )?systemctl\b": "needs a system to install a service on",
    r"git (clone|fetch|pull|push)\b": "needs a network",
    r"(python3? -m )?pip3? ": "downloads packages",
    r'echo "\$PWD/\.venv/bin" >> "\$GITHUB_PATH"$': "for GitHub's runner only",
}

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<kind>\w+)(?: (?P<info>[^\n]+))?\n(?P<body>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind, the rest of its first line, its lines, and where it stands."""

    kind: str
    info: str
    lines: tuple[str, ...]
    place: str


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text("utf-8")
    for found in FENCE.finditer(text):
        indent = len(found["indent"])
        lines = tuple(line[indent:] for line in found["body"].splitlines())
        line = text.count("\n", 0, found.start()) + 1
        yield Block(found["kind"], found["info"] or "", lines, f"{page.name}:{line}")


def exempt(command: str) -> bool:
    return any(re.match(pattern, command) for pattern in EXEMPT)


class Reader:
    """Somebody who follows a page to the letter, in a copy of the project."""

    def __init__(self, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.copy = copy
        self.capsys = capsys

    def follow(self, block: Block) -> None:
        match block.kind:
            case "sh":
                for command in self.commands(block.lines):
                    self.run(command, 0, block.place)
            case "console":
                wanted = int(block.info.removeprefix("exit=") or 0)
                for command, output in sessions(block.lines):
                    shown = self.run(command, wanted, block.place)
                    assert shows(shown, output), f"{block.place}: {command} printed\n{shown}"
            case "diff" if block.info:
                self.edit(self.copy / block.info, block)
            case "yaml" if block.info:
                path = self.copy / block.info
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("\n".join(block.lines) + "\n", "utf-8")
                if block.info.startswith(".github/"):
                    commit(self.copy)
                    for command in steps(path):
                        self.run(command, 0, block.place)

    @staticmethod
    def commands(lines: tuple[str, ...]) -> Iterator[str]:
        joined = "\n".join(lines).replace("\\\n", " ")
        return (line.strip() for line in joined.split("\n") if line.strip() and line[0] != "#")

    def run(self, command: str, wanted: int, place: str) -> str:
        if exempt(command):
            return ""
        assert command.startswith(RUN), f"{place}: `{command}` is neither run nor exempt"
        command = command.removesuffix(' >> "$GITHUB_STEP_SUMMARY"')
        if command.startswith("warmstart ") and not re.search(r"[|<>;&$]", command):
            code = main(shlex.split(command)[1:])
            shown = self.capsys.readouterr()
            assert code == wanted, f"{place}: {command}: {shown.out}{shown.err}"
            return shown.out
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.copy, capture_output=True, text=True, check=False
        )
        assert done.returncode == wanted, f"{place}: {command}: {done.stdout}{done.stderr}"
        return done.stdout

    @staticmethod
    def edit(path: Path, block: Block) -> None:
        lines = [(line[:1].strip(), line[1:]) for line in block.lines]
        before = "\n".join(text for sign, text in lines if sign != "+")
        after = "\n".join(text for sign, text in lines if sign != "-")
        text = f"\n{path.read_text('utf-8')}"
        found = text.count(f"\n{before}\n")
        assert found == 1, f"{block.place}: stands {found} times in {block.info}:\n{before}"
        path.write_text(text.replace(f"\n{before}\n", f"\n{after}\n")[1:], "utf-8")


def sessions(lines: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a console block with the lines they print."""
    command, output = "", list[str]()
    for line in lines:
        if line.startswith("$ "):
            if command:
                yield command, output
            command, output = line[2:], []
        else:
            output.append(line)
    yield command, output


def shows(text: str, wanted: list[str]) -> bool:
    """Whether a text is what a page shows of it; `…` stands for anything."""
    pattern = "".join(
        "(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + " *\n"
        for line in wanted
    )
    return (
        re.fullmatch(pattern, text if text.endswith("\n") or not text else text + "\n") is not None
    )


def steps(workflow: Path) -> list[str]:
    """Return the commands of a workflow's jobs."""
    jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"]
    return [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]


def commit(folder: Path) -> None:
    """Commit everything as it lies there."""
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message=Edit"]):
        subprocess.run(["git", *identity, *command], cwd=folder, check=True)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where prepared bases are kept: the commands of a page share them."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def reader(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    cache: Path,
) -> Reader:
    """A reader in a copy of the project, committed, with `warmstart` on the path.

    The day is that of the facts, so that a page stays true when the base has aged.
    """
    copy = tmp_path / "warmstart"
    shutil.copytree(ROOT / "knowledge", copy / "knowledge")
    (copy / "tests").mkdir()
    questions = yaml.safe_load((ROOT / "tests/questions.yaml").read_text("utf-8"))
    some = {
        name: entries[::10] for name, entries in questions.items()
    }  # as true, ten times as fast
    (copy / "tests/questions.yaml").write_text(yaml.safe_dump(some), "utf-8")
    commit(copy)
    command = tmp_path / "bin/warmstart"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m bot "$@"\n')
    command.chmod(0o755)
    day = load(copy / "knowledge").about.checked
    for name in ("checking", "previewing"):
        monkeypatch.setattr(f"bot.cli.{name}.today", lambda: day)
    monkeypatch.setenv("WARMSTART_CACHE", str(cache))
    monkeypatch.setenv("PATH", str(command.parent), prepend=":")
    monkeypatch.setenv("WARMSTART_KNOWLEDGE", "knowledge")
    monkeypatch.chdir(copy)
    return Reader(copy, capsys)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_true_to_the_letter(reader: Reader, page: Path) -> None:
    for block in blocks(page):
        reader.follow(block)


def test_the_editing_page_names_every_rule_and_no_other() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "bot/lint").glob("*.py"))
    rules = set(re.findall(r'(?:error|warning)\(\s*"([a-z-]+)"', sources))
    page = (ROOT / "docs/editing-knowledge.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)) == rules


def test_links_between_pages_lead_somewhere() -> None:
    link = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
    targets = ((page, target) for page in PAGES for target in link.findall(page.read_text("utf-8")))
    dead = [f"{page.name}: {to}" for page, to in targets if not (page.parent / to).exists()]
    assert dead == []


SHOWN = [
    ("a\nb\n", ["a", "b"], True),
    ("a\nb\n", ["…", "b"], True),
    ("a\nb\nc\n", ["a", "…", "c"], True),
    ("3 warnings, fine.\n", ["…, fine."], True),
    ("a\nb\n", ["a"], False),
    ("a\n", ["b"], False),
    ("a.\n", ["ax"], False),
    ("", [], True),
]


@pytest.mark.parametrize(("text", "wanted", "fits"), SHOWN)
def test_the_comparison_can_fail(text: str, wanted: list[str], *, fits: bool) -> None:
    assert shows(text, wanted) == fits


def test_a_command_that_nobody_knows_is_a_failure(reader: Reader) -> None:
    with pytest.raises(AssertionError, match="neither run nor exempt"):
        reader.follow(Block("sh", "", ("rm -rf knowledge",), "page:1"))
