"""Which statement of the post is carried where: a table made from the `atoms` in the YAML."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bot.knowledge.draft import Draft
from bot.knowledge.model import Claim, Knowledge

FILE = "SOURCES.md"
BEGINNING = 60  # characters of a text that tell which one it is

HEAD = """\
# Where the post's statements went

Made by `warmstart sources --write` from the `atoms:` in the YAML files; do not edit it by hand.

The advice comes from one blog post, Stephan Rasp's on how to get started with deep learning
(2018, updated in 2019). The post was split into numbered statements, A001 to A100 in the order
of its text. A text here that passes a statement on names its number. This table lists, for each
number, every place that carries it, with the beginning of what is said there in our own words.
A number without a place is not carried: it is a slip of the post, or too slight to pass on.

| statement | carried by | beginning of the text |
| --- | --- | --- |
"""


def sources(draft: Draft, knowledge: Knowledge, folder: Path) -> str:
    """Return the table of a valid base as Markdown; files are named relative to its folder."""
    places: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for atom, file, text in _carried(draft, knowledge):
        name = Path(file).relative_to(folder).as_posix()
        places[atom].append((name, _beginning(text)))
    rows = (
        f"| {atom} | {name} | {text} |" for atom in sorted(places) for name, text in places[atom]
    )
    return HEAD + "\n".join(rows) + "\n"


def _carried(draft: Draft, knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Yield (atom, file, text) in the order of the files."""
    for topic in knowledge.topics.values():
        file = draft.topics[topic.id].document.file
        for claim in (*topic.answer, *topic.more):
            yield from _of_claim(claim, file)
    for resource in knowledge.resources.values():
        file = draft.resources[resource.id].document.file
        yield from ((atom, file, resource.title) for atom in resource.atoms)
        for claim in resource.caveats:
            yield from _of_claim(claim, file)


def _of_claim(claim: Claim, file: str) -> Iterator[tuple[str, str, str]]:
    return ((atom, file, claim.text) for atom in claim.atoms)


def _beginning(text: str) -> str:
    """Return the first words of a text, fit for a cell of a table."""
    plain = re.sub(r"[\s|*_`<>\[\]]+", " ", text).strip()
    if len(plain) <= BEGINNING:
        return plain
    return plain[:BEGINNING].rsplit(" ", 1)[0] + " …"
