"""`check`: is the knowledge base valid, and what in it is worth mending?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from bot.cli.common import chosen_database_option, examples, settings
from bot.errors import UsageError
from bot.knowledge.load import read_draft
from bot.lint import MERGE, USE, Finding, Severity, lint, summary
from bot.store import open_store

folder_argument = click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path)
)
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


@click.command(
    epilog=examples(
        "warmstart check", "warmstart check knowledge --strict", "warmstart check --format github"
    )
)
@folder_argument
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "github", "json"]),
    default="text",
    show_default=True,
    help="How to print; github makes annotations in a workflow.",
)
@chosen_database_option
def check(folder: Path | None, *, strict: bool, style: str, database: str | None) -> int:
    """Check a knowledge base: is it valid, and what is worth mending?

    DIR is the knowledge folder; without it, the one that the bot would use. With a database,
    ids that votes refer to must still exist, if only under `was:`. Exits with 0 when there
    are warnings at most, and with 1 when there is an error.
    """
    chosen = knowledge_folder(folder)
    votes = settings(database=database).database
    voted = (
        asyncio.run(_voted(votes))
        if isinstance(votes, str) or (votes and votes.exists())
        else frozenset()
    )
    findings = lint(read_draft(chosen), today=today(), voted=voted, folder=str(chosen))
    told = summary(findings, strict=strict, fit=MERGE if in_repository(chosen) else USE)
    match style:
        case "json":
            click.echo(as_json(findings, told))
        case "github":
            _lines([*map(annotation, findings), told])
        case _:
            _lines([*map(coloured, findings), told])
    worst = {finding.severity for finding in findings}
    return 1 if Severity.ERROR in worst or (strict and worst) else 0


async def _voted(database: Path | str) -> frozenset[str]:
    async with open_store(database) as store:
        return frozenset(await store.voted_ids())


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def today() -> date:
    """Return the day by which facts are old or not: this machine's."""
    return date.today()  # noqa: DTZ011 - a day more or less does not matter to a year


def knowledge_folder(folder: Path | None) -> Path:
    """Return the folder to work on, short where it lies below the working directory.

    Raises UsageError when it is none, or does not hold a knowledge base.
    """
    chosen = settings(knowledge=folder).knowledge
    if not chosen.is_dir():
        raise UsageError(f"{chosen}: no such folder; name the one that holds about.yaml.")
    if not any((chosen / name).exists() for name in ("about.yaml", "topics")):
        inner = chosen / "knowledge"
        hint = f"did you mean {inner}?" if inner.is_dir() else "name the one that holds it."
        raise UsageError(f"{chosen}: not a knowledge folder, it has no about.yaml; {hint}")
    try:
        return chosen.resolve().relative_to(Path.cwd())
    except ValueError:
        return chosen


def in_repository(folder: Path) -> bool:
    """Return whether a folder lies in a git checkout, so that there is something to merge into."""
    whole = folder.resolve()
    return any((place / ".git").exists() for place in (whole, *whole.parents))


def coloured(finding: Finding) -> str:
    """Return a finding as a line, coloured for terminals."""
    place = click.style(f"{finding.file}:{finding.line}:{finding.column}:", bold=True)
    severity = click.style(f"{finding.severity}:", fg=COLOURS[finding.severity])
    rule = click.style(f"[{finding.rule}]", dim=True)
    return f"{place} {severity} {finding.message} {rule}"


def annotation(finding: Finding) -> str:
    """Return a finding as a GitHub workflow command, which shows it beside the line.

    Format: docs.github.com, "Workflow commands for GitHub Actions".
    """
    properties = {
        "file": finding.file,
        "line": finding.line,
        "col": finding.column,
        "title": f"warmstart check: {finding.rule}",
    }
    listed = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{finding.severity} {listed}::{_escaped(finding.message)}"


def _escaped(value: object, further: str = "") -> str:
    text = str(value)
    for character in f"%\r\n{further}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def as_json(findings: Sequence[Finding], told: str) -> str:
    """Return all findings, with their summary, as one JSON object for other programs."""
    severities = [finding.severity for finding in findings]
    report = {
        "summary": told,
        "errors": severities.count(Severity.ERROR),
        "warnings": severities.count(Severity.WARNING),
        "findings": [asdict(finding) for finding in findings],
    }
    return json.dumps(report, indent=2, ensure_ascii=False)
