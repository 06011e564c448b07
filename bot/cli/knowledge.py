"""Commands about the knowledge files: their schemas, and where the post's statements went."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bot.cli.common import examples, knowledge_option, settings
from bot.errors import KnowledgeError, UsageError
from bot.knowledge.load import read_draft
from bot.knowledge.schema import schemas, write_schemas
from bot.knowledge.sources import FILE, sources


@click.command(
    short_help="Print the JSON Schemas of knowledge files, for editors.",
    epilog=examples("warmstart schema", "warmstart schema --write knowledge/schema"),
)
@click.option(
    "--write",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write one file for each kind into this folder.",
)
def schema(write: Path | None) -> None:
    """Print the JSON Schemas by which editors check and complete knowledge files.

    They are made from the models that load the files, so they never say anything else.
    """
    if write is None:
        texts = (f'"{name}": {text.rstrip()}' for name, text in schemas().items())
        click.echo("{\n" + ",\n".join(texts) + "\n}")
        return
    for path in write_schemas(write):
        click.echo(f"wrote {path}")


@click.command(
    "sources",
    short_help="Print which text carries which statement of the post.",
    epilog=examples("warmstart sources", "warmstart sources --write"),
)
@click.option("--write", is_flag=True, help=f"Write it to {FILE} in the knowledge folder.")
@knowledge_option
def sources_(*, write: bool, **options: Any) -> None:
    """Print which text of the knowledge base carries which statement of the post."""
    folder = settings(**options).knowledge
    draft = read_draft(folder)
    if draft.problems or draft.knowledge is None:
        raise KnowledgeError(draft.problems)
    text = sources(draft, draft.knowledge, folder)
    if not write:
        click.echo(text, nl=False)
        return
    path = folder / FILE
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        reason = f"{path}: cannot be written ({error.strerror}); make it writable."
        raise UsageError(reason) from error
    click.echo(f"wrote {path}")
