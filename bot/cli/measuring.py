"""`eval`: how well matching does on labelled questions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bot.cli.common import examples, json_option, knowledge_option, settings
from bot.errors import UsageError
from bot.knowledge.load import load
from bot.knowledge.read import read


@click.command(
    name="eval",
    epilog=examples(
        "warmstart eval tests/questions.yaml", "warmstart eval tests/questions.yaml --baselines"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--baselines", "with_baselines", is_flag=True, help="Measure plain scorers beside it."
)
@json_option(help="Print the figures as JSON.")
@knowledge_option
def evaluate_(file: Path, *, with_baselines: bool, as_json: bool, **options: Any) -> None:
    """Measure matching on the labelled questions of a YAML FILE.

    FILE has `in_scope` (each with `text` and the acceptable `topics`) and `off_topic` (each
    with `text`). Figures carry their 95 % bootstrap interval.
    """
    from bot.matching.baselines import baselines
    from bot.matching.evaluate import evaluate, questions_of, report_lines
    from bot.matching.matcher import Matcher

    try:
        questions = questions_of(_read(file))
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{file}: needs `in_scope` and `off_topic`, lists of entries with `text`, "
            f"in-scope ones with `topics` ({error} is missing or wrong)."
        ) from error
    knowledge = load(settings(**options).knowledge)
    report = evaluate(
        Matcher(knowledge), questions, baselines(knowledge) if with_baselines else None
    )
    if as_json:
        shown = {
            "matcher": asdict(report.matcher),
            "baselines": list(map(asdict, report.baselines)),
        }
        click.echo(json.dumps(shown, indent=2))
    else:
        click.echo("\n".join(report_lines(report)))


def _read(file: Path) -> Mapping[str, Any]:
    document = read(file, str(file))
    if document.problems:
        raise UsageError(str(document.problems[0]))
    data = document.data or {}
    for name in ("in_scope", "off_topic"):
        entries = data.get(name)
        if not (isinstance(entries, list) and all(isinstance(one, dict) for one in entries)):
            raise UsageError(
                f"{file}: needs `{name}`, a list of entries with `text`; see tests/questions.yaml "
                "for an example."
            )
    return data
