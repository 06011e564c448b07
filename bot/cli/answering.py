"""`ask` and `chat`: the same answers in a terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import click

from bot import terminal
from bot.advice import Advisor
from bot.cli.common import chosen_database_option, examples, knowledge_option, settings
from bot.frame import frame
from bot.matching.explain import explanation_lines
from bot.prepared import prepare
from bot.settings import Settings


@click.command(
    epilog=examples(
        'warmstart ask "is fast.ai free?"',
        'warmstart ask --explain "which book?"',
        "warmstart ask --jsonl < questions.txt > answers.jsonl",
    )
)
@click.argument("question", nargs=-1)
@click.option("--jsonl", is_flag=True, help="Answer each line of standard input as JSON.")
@click.option("--explain", is_flag=True, help="Show why it was matched so, for maintainers.")
@knowledge_option
@chosen_database_option
def ask(question: tuple[str, ...], *, jsonl: bool, explain: bool, **options: Any) -> int:
    """Answer one question here in the terminal.

    With a database, suggestions come in the order that people found helpful.
    """
    chosen = settings(**options)
    text = " ".join(question).strip()
    if jsonl == bool(text):
        raise click.UsageError('Give one question in quotes: warmstart ask "…"; or --jsonl alone.')

    async def work() -> bool:
        async with _advisor(chosen) as advisor:
            if jsonl:
                lines = (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
                return await terminal.answer_lines(lines, advisor, _write_line)
            advice = await advisor.advise(text)
            terminal.show(terminal.console(), advice.reply, advisor.knowledge, frame())
            if explain:
                click.echo()
                for line in explanation_lines(advisor.base.matcher.explain(text)):
                    click.echo(line)
            return True

    return 0 if asyncio.run(work()) else 1


@click.command(epilog=examples("warmstart chat"))
@knowledge_option
@chosen_database_option
def chat(**options: Any) -> None:
    """Ask on and on in the terminal; follow-ups are understood."""
    chosen = settings(**options)

    async def work() -> None:
        async with _advisor(chosen) as advisor:
            await terminal.chat(terminal.console(), advisor, frame())

    asyncio.run(work())


@asynccontextmanager
async def _advisor(chosen: Settings) -> AsyncIterator[Advisor]:
    """Yield an advisor; votes order its suggestions only when a database was chosen."""
    if chosen.database is None:
        yield Advisor(prepare(chosen.knowledge, chosen.cache))
        return
    from bot.runtime import open_runtime

    async with open_runtime(chosen, chosen.database) as runtime:
        yield runtime.advisor


def _write_line(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()
