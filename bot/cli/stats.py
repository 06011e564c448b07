"""`stats`: what people found helpful, and why each suggestion stands where it stands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from bot.advice.board import Board, Helped, boards, homeless, most_helpful, total
from bot.advice.ranking import CREDIBLE, SHOWN, Estimate, Standing, expected
from bot.cli.common import (
    csv_option,
    database_option,
    examples,
    existing_database,
    guild_option,
    json_option,
    knowledge_option,
    limit_option,
    settings,
)
from bot.cli.tables import csv_text
from bot.errors import UsageError
from bot.knowledge.load import load
from bot.store.model import Tally

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from bot.knowledge.model import Knowledge, Resource
    from bot.settings import Settings

    Tallies = dict[tuple[str, str], Tally]

KEY = "Bars: the estimated chance to help; shaded where the truth probably lies"
FORMAT = 1  # of the JSON; see docs/ranking.md
NAME, BAR = 27, 25  # columns
OVERALL = 5  # resources in the list over all topics


@dataclass(frozen=True)
class Stats:
    """What the command shows: the boards asked for, and what helped most over all topics."""

    boards: tuple[Board, ...]
    overall: tuple[Helped, ...]
    everywhere: Tallies
    guild: int | None
    cast_here: int = 0  # votes on that server


@click.command(
    short_help="Show what people found helpful, and why.",
    epilog=examples(
        "warmstart stats",
        "warmstart stats --topic getting-started",
        "warmstart stats --guild 267624335836053506 --csv > stats.csv",
    ),
)
@click.option("--topic", metavar="ID", help="Only this topic, with or without votes.")
@guild_option(help="As on this server, whose own votes weigh more.")
@limit_option(default=10, help="How many topics, most voted on first.")
@csv_option(help="Print a line for each suggestion of all topics.")
@json_option(help="Print all topics as JSON.")
@knowledge_option
@database_option
def stats(
    *,
    topic: str | None,
    guild: int | None,
    limit: int,
    as_csv: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Show what people found helpful, and why each suggestion stands where it stands.

    A bar is the estimated chance that a suggestion helps; the truth probably lies where it is
    shaded. Without votes the maintainers' order stands. docs/ranking.md has the formula.
    """
    if as_csv and as_json:
        raise click.UsageError("Choose one of --csv and --json.")
    chosen = settings(**options)
    knowledge = load(chosen.knowledge)
    wanted = None if topic is None else _topic(topic, knowledge)
    found = asyncio.run(_stats(chosen, knowledge, wanted, guild))
    if as_csv:
        click.echo(_csv(found), nl=False)
    elif as_json:
        click.echo(json.dumps(_record(found), indent=2, ensure_ascii=False))
    else:
        from bot.terminal import console

        _draw(console(), found, knowledge, limit, one_topic=wanted is not None)


def _topic(wanted: str, knowledge: Knowledge) -> str:
    """Return today's id of a topic. Raises UsageError, with the nearest ids, when it is none."""
    id = knowledge.current_id.get(wanted, wanted)
    if id in knowledge.topics:
        return id
    near = get_close_matches(wanted, knowledge.topics, n=3)
    cure = f"Did you mean {', '.join(near)}?" if near else "`warmstart stats` lists topics."
    raise UsageError(f"No topic has the id {wanted}. {cure}")


async def _stats(
    chosen: Settings, knowledge: Knowledge, topic: str | None, guild: int | None
) -> Stats:
    from bot.store import open_store

    async with open_store(existing_database(chosen)) as store:
        everywhere = dict(await store.all_tallies())
        here = None if guild is None else dict(await store.all_tallies(guild))
    found = boards(knowledge, everywhere, here)
    if topic:
        found = tuple(board for board in found if board.topic.id == topic)
    cast_here = sum(map(total, (here or {}).values()))
    return Stats(found, most_helpful(knowledge, everywhere, here), everywhere, guild, cast_here)


# On a terminal


def _draw(out: Console, found: Stats, knowledge: Knowledge, limit: int, *, one_topic: bool) -> None:
    shown = [board for board in found.boards if board.votes or one_topic]
    out.print(_summary(found), style="bold", markup=False)
    out.print(f"{KEY} ({CREDIBLE:.0%})", style="dim")
    if found.overall and not one_topic:
        out.print("\nMost helpful over all topics", style="bold")
        for place, one in enumerate(found.overall[:OVERALL], 1):
            out.print(_line(place, one.resource, one.estimate, one.votes), no_wrap=True)
    for board in shown[:limit]:
        out.print()
        for line in _board_lines(board, knowledge, found.guild):
            out.print(line)
    if len(shown) > limit:
        out.print(f"\n{len(shown) - limit} more topics have votes: --limit {len(shown)} shows all.")
    if lost := homeless(knowledge, found.everywhere):
        out.print(
            f"\nVotes refer to ids that the knowledge base no longer has: {', '.join(lost)}. "
            "If they got other names, add `was: [old-id]` there.",
            style="yellow",
            markup=False,
        )


def _summary(found: Stats) -> str:
    votes = sum(map(total, found.everywhere.values()))
    if not votes:
        return "No votes yet: every suggestion stands where the maintainers put it."
    if found.guild is None:
        return f"{_counted(votes)}, over all servers"
    none = "" if found.cast_here else "; none was cast there: is the ID right?"
    return f"{_counted(votes)}, as the server {found.guild} sees them{none}"


def _counted(votes: int) -> str:
    return "1 vote" if votes == 1 else f"{votes:,} votes"


def _board_lines(board: Board, knowledge: Knowledge, guild: int | None) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    title, id = board.topic.title, board.topic.id
    yield Text.assemble((title, "bold"), (f"  {id} · {_counted(board.votes)}", "dim"))
    for place, one in enumerate(board.standings, 1):
        resource = knowledge.resources[one.resource]
        yield _line(place, resource, one.estimate, one.votes)
        yield Padding(Text(_reason(place, one, guild), "dim"), (0, 0, 0, 3))


def _line(place: int, resource: Resource, estimate: Estimate, votes: Tally) -> Text:
    from rich.cells import cell_len, set_cell_size
    from rich.text import Text

    name = resource.short or resource.title
    if cell_len(name) > NAME:
        name = f"{set_cell_size(name, NAME - 1)}…"
    low, high = estimate.interval
    figure = f"{estimate.mean:4.0%} ({low:.0%}–{high:.0%})".replace("%–", "–").replace("%)", ")")
    counts = f"{votes.helpful:,} of {total(votes):,}" if total(votes) else "no votes"
    line = Text.assemble(
        f"{place:>2} {set_cell_size(name, NAME)} ", _bar(estimate), f" {figure:<12} {counts}"
    )
    line.no_wrap = True
    return line


def _bar(estimate: Estimate) -> Text:
    """Return a bar up to the mean, shaded where the truth probably lies."""
    from rich.text import Text

    low, high = (round(BAR * share) for share in estimate.interval)
    mean = round(BAR * estimate.mean)
    return Text.assemble(
        ("█" * low, "green"),
        ("▓" * (mean - low), "green"),
        ("░" * (high - mean), "green"),
        " " * (BAR - high),
    )


def _reason(place: int, one: Standing, guild: int | None) -> str:
    """Say why a suggestion stands where it stands."""
    parts = [f"the maintainers' no. {one.place + 1} ({expected(one.place):.0%} expected)"]
    if guild is not None:
        own = total(one.here)
        parts.append(f"{one.here.helpful:,} of {own:,} here" if own else "no votes here")
    if one.trial:
        parts.append(f"shown to become known, up to {one.estimate.interval[1]:.0%}")
    elif place > SHOWN:
        parts.append("not on the card")
    return " · ".join(parts)


# For other programs


def _record(found: Stats) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "guild": found.guild,
        "interval": CREDIBLE,
        "most_helpful": [
            {"resource": one.resource.id} | _counts(one.votes) | _estimate(one.estimate)
            for one in found.overall
        ],
        "topics": [
            {"topic": board.topic.id, "title": board.topic.title, "votes": board.votes}
            | {"suggestions": [row for _, row in _rows([board], found.guild)]}
            for board in found.boards
        ],
    }


def _csv(found: Stats) -> str:
    rows = ({"topic": id} | row for id, row in _rows(found.boards, found.guild))
    return csv_text(["topic", *_columns(found.guild)], rows)


def _columns(guild: int | None) -> list[str]:
    own = [] if guild is None else ["helpful_here", "not_helpful_here"]
    votes = ["helpful", "not_helpful", *own]
    estimate = ["estimate", "low", "high"]
    return ["resource", "place", "maintainers_place", *votes, *estimate, "on_card", "trial"]


def _rows(found: Sequence[Board], guild: int | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each suggestion with its topic, in the order of cards."""
    for board in found:
        for place, one in enumerate(board.standings, 1):
            row: dict[str, Any] = {"resource": one.resource, "place": place}
            row |= {"maintainers_place": one.place + 1} | _counts(one.votes)
            if guild is not None:
                row |= {f"{name}_here": n for name, n in _counts(one.here).items()}
            row |= _estimate(one.estimate)
            yield board.topic.id, row | {"on_card": place <= SHOWN, "trial": one.trial}


def _counts(votes: Tally) -> dict[str, int]:
    return {"helpful": votes.helpful, "not_helpful": votes.not_helpful}


def _estimate(estimate: Estimate) -> dict[str, float]:
    low, high = estimate.interval
    return {"estimate": round(estimate.mean, 4), "low": round(low, 4), "high": round(high, 4)}
