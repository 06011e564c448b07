"""Rules about topics and resources as entries: names, references, age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import PurePath
from typing import get_args

from bot.errors import Problem
from bot.knowledge.draft import Draft, Place
from bot.knowledge.model import Claim, FacetKind, Knowledge, Resource, Source
from bot.knowledge.read import Path_
from bot.lint.finding import Finding, error, warning

RESERVED = "_resource"  # the topic of votes cast outside a topic's card
OLD = timedelta(days=366)  # a whole year, leap years included
AHEAD = timedelta(days=1)  # where the writer's clock may be: it is tomorrow somewhere


def file_names(draft: Draft) -> Iterator[Finding]:
    """Find topic files that are not named like their topic."""
    for id, at in draft.topics.items():
        name = PurePath(at.document.file).name
        if name != f"{id}.yaml":
            message = f"this file holds the topic `{id}`; rename it from {name} to {id}.yaml"
            yield warning("file-name", at.problem(message, "id"))


def without_suggestions(knowledge: Knowledge, draft: Draft) -> Iterator[Finding]:
    """Find topics whose card leaves people without a next step."""
    for id, topic in knowledge.topics.items():
        if not topic.suggestions:
            message = f"`{id}` suggests nothing to do next; add a resource under `suggestions`"
            yield warning("no-suggestions", draft.topics[id].problem(message, "id"))


def unsuggested(knowledge: Knowledge, draft: Draft) -> Iterator[Finding]:
    """Find resources that no answer card ever shows."""
    topics = knowledge.topics.values()
    suggested = {one.resource for topic in topics for one in topic.suggestions}
    for id in knowledge.resources:
        if id not in suggested:
            message = f"only /resources shows `{id}`; add it to the `suggestions` of a topic"
            yield warning("unsuggested", draft.resources[id].problem(message, "id"))


def shared_names(knowledge: Knowledge, draft: Draft) -> Iterator[Finding]:
    """Find names of resources that mean something else too: `/resources` takes the first."""
    owners: dict[str, str] = {}
    for kind in get_args(FacetKind):
        for facet in getattr(knowledge.facets, kind):
            for name in (facet.id, facet.label, *facet.aliases):
                owners.setdefault(_squeezed(name), f"`{facet.id}` (facets.yaml, {kind})")
    for id, resource in knowledge.resources.items():
        for path, name in _names(resource):
            at = draft.resources[id].problem("", *path)
            owner = owners.setdefault(_squeezed(name), f"`{id}` ({at.file}:{at.line})")
            if not owner.startswith(f"`{id}` "):
                message = f"`{name}` is already a name of {owner}; choose another for one of them"
                yield warning("shared-alias", draft.resources[id].problem(message, *path))


def _names(resource: Resource) -> Iterator[tuple[Path_, str]]:
    yield ("id",), resource.id
    yield ("title",), resource.title
    for position, alias in enumerate(resource.aliases):
        yield ("aliases", position), alias


def _squeezed(name: str) -> str:
    """Return a name as `/resources` compares it: without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", name.lower())


def old_facts(knowledge: Knowledge, draft: Draft, today: date) -> Iterator[Finding]:
    """Find facts that nobody has checked for over a year, or before a day to come: one finding
    of either for each entry.
    """
    about = draft.files["about"]
    yield from _old(about, [(("checked",), knowledge.about.checked)], today)
    for id, topic in knowledge.topics.items():
        dates = [*_dates("answer", topic.answer), *_dates("more", topic.more)]
        yield from _old(draft.topics[id], dates, today)
    for id, resource in knowledge.resources.items():
        dates = [(("as_of",), resource.as_of), *_dates("caveats", resource.caveats)]
        yield from _old(draft.resources[id], dates, today)


def _dates(key: str, claims: Iterable[Claim]) -> Iterator[tuple[Path_, date]]:
    """Yield the dates of claims that can be checked again; the post's are history."""
    for position, claim in enumerate(claims):
        if claim.as_of and claim.source is Source.ADDED:
            yield (key, position, "as_of"), claim.as_of


def _old(at: Place, dates: Iterable[tuple[Path_, date]], today: date) -> Iterator[Finding]:
    found = sorted((day, path) for path, day in dates)
    for day, path in [one for one in found if one[0] - today > AHEAD][:1]:
        message = (
            f"{day} is a day to come, and would never count as old; write the day of the check"
        )
        yield warning("future-date", at.problem(message, *path))
    old = [one for one in found if today - one[0] > OLD]
    if old:
        day, path = old[0]
        rest = f" (and {len(old) - 1} more here)" if len(old) > 1 else ""
        message = f"last checked on {day}{rest}, over a year ago; look it up and renew the date"
        yield warning("old-facts", at.problem(message, *path))


def homeless(knowledge: Knowledge, voted: Iterable[str], folder: str) -> Iterator[Finding]:
    """Find ids that votes refer to and the base no longer has, under any name."""
    for id in sorted(set(voted) - knowledge.current_id.keys() - {RESERVED}):
        message = (
            f"people voted on `{id}`, and nothing has that id any more; add `was: [{id}]` "
            "to the topic or resource that it became"
        )
        yield error("votes", Problem(folder, 1, 1, message))
