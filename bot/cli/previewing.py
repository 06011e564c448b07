"""`preview`: what an edit of the knowledge base changes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot import preview as previews
from bot.cli.checking import folder_argument, knowledge_folder, today
from bot.cli.common import examples, settings
from bot.frame import frame
from bot.knowledge.changes import changes, fingerprint
from bot.knowledge.load import read_draft
from bot.knowledge.model import Knowledge
from bot.lint import Severity, lint
from bot.prepared import prepare
from bot.preview import Move, Outcome, Question, Report


@click.command(
    short_help="Show what an edit changes.",
    epilog=examples(
        "warmstart preview",
        "warmstart preview --against main --markdown",
        "warmstart preview knowledge --against ../other/knowledge",
    ),
)
@folder_argument
@click.option(
    "--against",
    metavar="REV|DIR",
    default="HEAD",
    show_default=True,
    help="The state before: a git revision, or a knowledge folder.",
)
@click.option(
    "--questions",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Questions to decide: YAML, or one a line. Default: tests/questions.yaml beside the "
    "folder, else every phrasing.",
)
@click.option("--markdown", is_flag=True, help="Write Markdown, for a pull request.")
def preview(folder: Path | None, against: str, questions: Path | None, *, markdown: bool) -> int:
    """Show what an edit changes: which questions move, and which cards look otherwise.

    DIR is the edited knowledge folder; without it, the one that the bot would use. Exits with
    1 when it has errors, as `check` does.
    """
    chosen = knowledge_folder(folder)
    asked = _question_file(chosen, questions)
    with tempfile.TemporaryDirectory(prefix="warmstart-") as scratch, _progress() as progress:
        before = _former(chosen, against, Path(scratch))
        report = _report(before, chosen, against, asked, progress)
    for line in previews.markdown(report) if markdown else previews.plain(report):
        click.echo(_coloured(line) if not markdown else line)
    return 1 if any(one.severity is Severity.ERROR for one in report.findings) else 0


def _former(folder: Path, against: str, scratch: Path) -> Path:
    """Return a folder with the base as it was before the edit."""
    other = Path(against)
    if any((other / name).exists() for name in ("about.yaml", "topics")):
        return other
    return previews.unpacked(folder, against, scratch)


def _question_file(folder: Path, chosen: Path | None) -> list[Question] | None:
    """Return the questions of the chosen file or of the checkout; None when it has no such set."""
    beside = folder.resolve().parent / "tests" / "questions.yaml"
    if chosen is None and not beside.is_file():
        return None
    return previews.questions_of(chosen or beside)


def _report(
    before: Path, after: Path, against: str, asked: list[Question] | None, progress: Progress
) -> Report:
    old, new = read_draft(before), read_draft(after)
    day = today()
    findings = lint(new, today=day)
    if new.problems or new.knowledge is None:
        return Report(against, findings, obstacle="The edited base is not valid yet.")
    if old.problems or old.knowledge is None:
        reason = f"The base at {against} is not valid, so there is nothing to compare with."
        return Report(against, findings, obstacle=reason)
    bases = (old.knowledge, new.knowledge)
    asked = list(dict.fromkeys(asked or previews.phrasings(*bases)))
    if fingerprint(bases[0]) == fingerprint(bases[1]):
        asked = []  # both would decide alike; building them takes a while
    return Report(
        compared=against,
        findings=findings,
        new=previews.new_findings(lint(old, today=day), findings, (str(before), str(after))),
        changed=changes(*bases),
        asked=len(asked),
        moves=_moves((before, after), bases, asked, progress) if asked else (),
        cards=tuple(previews.card_changes(*bases, frame())),
    )


def _moves(
    folders: tuple[Path, Path],
    bases: tuple[Knowledge, Knowledge],
    asked: list[Question],
    progress: Progress,
) -> tuple[Move, ...]:
    """Decide the questions with both bases; return those whose outcome differs."""
    cache = settings().cache

    def decided(folder: Path, name: str) -> dict[Question, Outcome]:
        task = progress.add_task(f"Reading the base {name} the edit", total=None)
        matcher = prepare(folder, cache).matcher
        progress.update(task, description=f"Asking {len(asked)} questions, {name} the edit")
        return {
            question: previews.outcome(matcher.match(question.text))
            for question in progress.track(asked, task_id=task)
        }

    before, after = folders
    return tuple(previews.moves(decided(before, "before"), decided(after, "after"), bases))


@contextmanager
def _progress() -> Iterator[Progress]:
    """Yield a progress display on standard error; it draws on a terminal only, and vanishes."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        yield progress


def _coloured(line: str) -> str:
    """Return a line of the report, a diff's coloured for terminals."""
    colours = {"+": "green", "-": "red", "@": "cyan"}
    return click.style(line, fg=colours.get(line[:1])) if line[:1] in colours else line
