"""`export`: counts of votes, and the kept questions, for other programs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.common import (
    csv_option,
    database_option,
    examples,
    existing_database,
    guild_option,
    settings,
)
from bot.cli.tables import csv_text

if TYPE_CHECKING:
    from bot.store import Gap, Tally

FORMAT = 1  # of what is exported; docs/ranking.md describes it, and columns are only ever added
VOTES = ("topic", "resource", "helpful", "not_helpful")
GAPS = ("number", "asked_at", "question", "decision", "candidates", "picked", "told")

Rows = Sequence[Mapping[str, Any]]


@click.command(
    short_help="Print votes and kept questions, as JSON or CSV.",
    epilog=examples(
        "warmstart export > warmstart.json",
        "warmstart export votes --csv > votes.csv",
        "warmstart export gaps --csv > gaps.csv",
    ),
)
@click.argument("what", type=click.Choice(["all", "votes", "gaps"]), default="all")
@csv_option(help="Print CSV instead of JSON: votes or gaps.")
@guild_option(help="Only the votes cast on this server.")
@database_option
def export(*, what: str, as_csv: bool, guild: int | None, **options: Any) -> None:
    """Print the counts of votes and the kept questions, as JSON or CSV.

    Without votes or gaps it prints all of it. Voters and authors are not in it: the database
    does not know them either. docs/ranking.md describes the columns, which stay.
    """
    if as_csv and what == "all":
        raise click.UsageError("CSV is one table: warmstart export votes --csv, or gaps.")
    database = existing_database(settings(**options))
    tallies, kept = asyncio.run(_read(database, guild))
    votes, gaps = _votes(tallies), list(map(_gap, kept))
    if as_csv:
        click.echo(csv_text(VOTES, votes) if what == "votes" else csv_text(GAPS, gaps), nl=False)
        return
    exported: dict[str, Any] = {"format": FORMAT, "guild": guild}
    if what != "gaps":
        exported["votes"] = votes
    if what != "votes":
        exported["gaps"] = gaps
    click.echo(json.dumps(exported, indent=2, ensure_ascii=False))


async def _read(
    database: Path | str, guild: int | None
) -> tuple[Mapping[tuple[str, str], Tally], Sequence[Gap]]:
    from bot.store import open_store

    async with open_store(database) as store:
        return await store.all_tallies(guild), await store.gaps()


def _votes(tallies: Mapping[tuple[str, str], Tally]) -> Rows:
    return [
        dict(zip(VOTES, (topic, resource, one.helpful, one.not_helpful), strict=True))
        for (topic, resource), one in sorted(tallies.items())
    ]


def _gap(gap: Gap) -> Mapping[str, Any]:
    asked = datetime.fromtimestamp(gap.asked_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    topics, picked = list(gap.candidates), dict(gap.picked)
    values = (gap.number, asked, gap.question, gap.decision, topics, picked, gap.told)
    return dict(zip(GAPS, values, strict=True))
