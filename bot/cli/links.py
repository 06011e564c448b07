"""`links`: do the addresses in the knowledge base still answer?"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli.checking import folder_argument, knowledge_folder
from bot.cli.common import Number, examples, json_option

if TYPE_CHECKING:
    from bot.links import Link, Result

# What matters most stands last, above the prompt.
COLOURS = {"note": "blue", "warning": "yellow", "dead": "red"}
COUNTED = {
    "dead": "dead",
    "warning": "to look at",
    "note": "redirected for now",
    "fine": "fine",
}
SHOWN = 60  # characters of an address beside the bar


@click.command(
    epilog=examples("warmstart links", "warmstart links knowledge --timeout 40 --json > links.json")
)
@folder_argument
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    default=20.0,
    show_default=True,
    help="How long to wait for one answer.",
)
@click.option(
    "--per-host",
    type=Number(1, 16),
    metavar="N",
    default=2,
    show_default=True,
    help="Requests to one server at a time.",
)
@click.option(
    "--at-once",
    type=Number(1, 256),
    metavar="N",
    default=16,
    show_default=True,
    help="Requests to all servers at a time.",
)
@click.option(
    "--allow-private", is_flag=True, help="Connect to this machine and private networks too."
)
@json_option(help="Print one JSON object, for other programs.")
def links(folder: Path | None, *, as_json: bool, **options: Any) -> int:
    """Check every web address in a knowledge base.

    DIR is the knowledge folder; without it, the one that the bot would use. Nothing but the
    heads of answers is fetched. Exits with 1 when an address is dead.
    """
    from bot.links import find

    results = asyncio.run(_checked(find(knowledge_folder(folder)), **options))
    if as_json:
        click.echo(json.dumps(_report(results), indent=2, ensure_ascii=False))
    else:
        for line in _lines(results):
            click.echo(line)
    return 1 if any(result.severity == "dead" for result in results) else 0


async def _checked(found: Sequence[Link], *, allow_private: bool, **options: Any) -> list[Result]:
    """Check the links, with a bar where somebody watches."""
    from bot.links import Manners, check

    if allow_private:
        options["allow"] = lambda _: True
    console = Console(stderr=True)
    columns = (
        TextColumn("Links"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[last]}", markup=False),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=len(found), last="")

        def done(result: Result) -> None:
            bar.update(task, advance=1, last=result.link.url[:SHOWN])

        return await check(found, Manners(**options), done=done)


def _lines(results: Sequence[Result]) -> Iterator[str]:
    """Yield a line for every place that somebody should look at, and what it all comes to."""
    for severity, colour in COLOURS.items():
        label = click.style(f"{severity}:", fg=colour)
        for result in results:
            if result.severity == severity:
                for place in result.link.places:
                    at = click.style(f"{place}:", bold=True)
                    yield f"{at} {label} {result.link.url} {result.message}"
    yield _summary(results)


def _summary(results: Sequence[Result]) -> str:
    counts = Counter(str(result.severity) for result in results)
    told = ", ".join(f"{counts[one]} {words}" for one, words in COUNTED.items() if counts[one])
    plural = "" if len(results) == 1 else "s"
    text = f"{len(results)} link{plural}: {told or 'nothing to check'}."
    if results and all(result.status is None for result in results):
        text += " None could be reached: is this machine online?"
    return text


def _report(results: Sequence[Result]) -> dict[str, Any]:
    return {
        "summary": _summary(results),
        "dead": sum(result.severity == "dead" for result in results),
        "links": [
            {
                "url": result.link.url,
                "severity": result.severity,
                "outcome": result.outcome,
                "status": result.status,
                "address": result.address,
                "message": result.message,
                "places": result.link.places,
            }
            for result in results
        ],
    }
