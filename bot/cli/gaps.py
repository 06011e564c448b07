"""`gaps`: what people ask that has no good answer yet."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.common import (
    database_option,
    examples,
    existing_database,
    json_option,
    knowledge_option,
    limit_option,
    settings,
)
from bot.knowledge.load import load

if TYPE_CHECKING:
    from bot.gaps import OpenGap
    from bot.knowledge.model import Knowledge
    from bot.store import Gap

ALSO = 3  # further wordings shown for a question


@click.command(
    short_help="Show the questions without a good answer.",
    epilog=examples("warmstart gaps", "warmstart gaps --limit 50 --json"),
)
@limit_option(default=20, help="How many questions, most asked first.")
@json_option(help="Print a JSON list, for other programs.")
@knowledge_option
@database_option
def gaps(*, limit: int, as_json: bool, **options: Any) -> None:
    """Show the questions that found no good answer, and YAML that would mend it.

    Questions that ask the same are counted together. Those that the knowledge base answers by
    now are left out.
    """
    from bot.gaps import open_gaps
    from bot.matching import Matcher

    chosen = settings(**options)
    database = existing_database(chosen)
    kept = asyncio.run(_kept(database))
    knowledge = load(chosen.knowledge)
    found = list(islice(open_gaps(kept, knowledge, Matcher(knowledge)), limit)) if kept else []
    if as_json:
        click.echo(
            json.dumps([_record(gap, knowledge) for gap in found], indent=2, ensure_ascii=False)
        )
    elif found:
        click.echo("\n\n".join("\n".join(_lines(gap, knowledge)) for gap in found))
    else:
        click.echo("No open questions: everything that was kept has an answer by now.")


async def _kept(database: Path | str) -> Sequence[Gap]:
    from bot.store import open_store

    async with open_store(database) as store:
        return await store.gaps()


def _lines(gap: OpenGap, knowledge: Knowledge) -> Iterator[str]:
    from bot.gaps import snippet

    yield click.style(f"{gap.asked} × {gap.question}", bold=True)
    others = [text for text in gap.wordings if text != gap.question]
    if others:
        more = f" and {len(others) - ALSO} more" if len(others) > ALSO else ""
        yield f"    also: {' · '.join(others[:ALSO])}{more}"
    facts = [f"told the maintainers {gap.told} ×"] if gap.told else []
    if gap.missed:
        facts.append(f"missing under: {_times(gap.missed)}")
    if gap.picked:
        facts.append(f"picked: {_times(gap.picked)}")
    if gap.nearest:
        facts.append(f"nearest: {gap.nearest.topic} ({gap.nearest.score:.0%})")
    yield f"    {'; '.join(facts)}"
    if len(gap.wordings) > 1:
        for wording, picked in gap.picks.items():
            yield f"    picked for “{wording}”: {_times(picked)}"
    yield from snippet(gap, knowledge).splitlines()


def _times(topics: Mapping[str, int]) -> str:
    return ", ".join(f"{id} {n} ×" for id, n in topics.items())


def _record(gap: OpenGap, knowledge: Knowledge) -> dict[str, Any]:
    from bot.gaps import home, snippet

    topic = home(gap, knowledge)
    return {
        "question": gap.question,
        "wordings": gap.wordings,
        "asked": gap.asked,
        "told": gap.told,
        "picked": gap.picked,
        "picks": gap.picks,
        "missed": gap.missed,
        "nearest": gap.nearest and {"topic": gap.nearest.topic, "score": gap.nearest.score},
        "topic": topic.id if topic else None,
        "snippet": snippet(gap, knowledge),
    }
