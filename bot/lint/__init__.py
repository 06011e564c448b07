"""What is worth mending in a knowledge base, beyond validity. Pure: `check` prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from bot.knowledge.draft import Draft
from bot.knowledge.model import Knowledge
from bot.lint.entries import (
    file_names,
    homeless,
    old_facts,
    shared_names,
    unsuggested,
    without_suggestions,
)
from bot.lint.finding import Finding, Severity, invalid
from bot.lint.phrasings import all_phrasings, doubled, few_phrasings, lost, too_many, twins
from bot.lint.texts import limits_of_discord, long_answers, long_titles

__all__ = ["MERGE", "USE", "Finding", "Severity", "lint", "summary"]


def lint(
    draft: Draft, *, today: date, voted: Iterable[str] = (), folder: str = "knowledge"
) -> tuple[Finding, ...]:
    """Return everything found in a base, in file order: errors of validity, then of style.

    `voted` are the ids that votes refer to, `folder` where the base lies.

    A base that is not valid is looked at as far as it could be read, so that one round of
    mending is enough; what only a whole base can tell waits.
    """
    found = [invalid(problem) for problem in draft.problems]
    if draft.knowledge:
        found += _found(draft.knowledge, draft, today)
        found += homeless(draft.knowledge, voted, folder)
    return tuple(sorted(found))


def _found(knowledge: Knowledge, draft: Draft, today: date) -> Iterator[Finding]:
    spoken = all_phrasings(knowledge, draft)
    same = twins(spoken)
    yield from doubled(same)
    yield from lost(knowledge, spoken, same)
    yield from few_phrasings(knowledge, draft)
    yield from too_many(spoken)
    yield from long_answers(knowledge, draft)
    yield from long_titles(knowledge, draft)
    yield from limits_of_discord(knowledge, draft)
    yield from file_names(draft)
    yield from shared_names(knowledge, draft)
    yield from old_facts(knowledge, draft, today)
    yield from without_suggestions(knowledge, draft)
    if not draft.problems:  # a broken topic may be the one that suggests it
        yield from unsuggested(knowledge, draft)


MERGE, USE = "you may merge", "ready to use"  # what a base without errors is fit for


def summary(findings: Iterable[Finding], *, strict: bool = False, fit: str = MERGE) -> str:
    """Return what follows from the findings, in one line: may this be merged?

    `strict` lets warnings stand in the way too. `fit` says what the base is good for then.
    """
    severities = [finding.severity for finding in findings]
    counts = {one: severities.count(one) for one in Severity if one in severities}
    if not counts:
        return f"No errors, no warnings: {fit}."
    told = " and ".join(f"{n} {one}{'s' if n > 1 else ''}" for one, n in counts.items())
    blocking = severities if strict else [one for one in severities if one is Severity.ERROR]
    if not blocking:
        return f"{told}, {fit}."
    which = "them" if len(blocking) > 1 else "it"
    if len(blocking) < len(severities):
        which = "the errors" if len(blocking) > 1 else "the error"
    return f"{told}: mend {which} first."
