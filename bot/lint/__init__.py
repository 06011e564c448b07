"""What is worth mending in a knowledge base, beyond validity. Pure: `check` prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from bot.knowledge.draft import Draft
from bot.knowledge.model import Knowledge
from bot.lint.entries import file_names, old_facts, shared_names, unsuggested, without_suggestions
from bot.lint.finding import Finding, Severity, invalid
from bot.lint.phrasings import few_phrasings, lost, phrasings, repeated, similar
from bot.lint.texts import limits_of_discord, long_answers, long_titles

__all__ = ["Finding", "Severity", "lint", "summary"]


def lint(draft: Draft, *, today: date) -> tuple[Finding, ...]:
    """Return everything found in a base, in file order: errors of validity, then of style.

    A base that is not valid is looked at as far as it could be read, so that one round of
    mending is enough; what only a whole base can tell waits.
    """
    found = [invalid(problem) for problem in draft.problems]
    if draft.knowledge:
        found += _found(draft.knowledge, draft, today)
    return tuple(sorted(found))


def _found(knowledge: Knowledge, draft: Draft, today: date) -> Iterator[Finding]:
    spoken = phrasings(knowledge, draft)
    yield from repeated(spoken)
    yield from similar(spoken)
    yield from lost(knowledge, spoken)
    yield from few_phrasings(knowledge, draft)
    yield from long_answers(knowledge, draft)
    yield from long_titles(knowledge, draft)
    yield from limits_of_discord(knowledge, draft)
    yield from file_names(draft)
    yield from shared_names(knowledge, draft)
    yield from old_facts(knowledge, draft, today)
    yield from without_suggestions(knowledge, draft)
    if not draft.problems:  # a broken topic may be the one that suggests it
        yield from unsuggested(knowledge, draft)


def summary(findings: Iterable[Finding]) -> str:
    """Return what follows from the findings, in one line: may this be merged?"""
    severities = [finding.severity for finding in findings]
    errors, warnings = (severities.count(one) for one in (Severity.ERROR, Severity.WARNING))
    counted = " and ".join(
        f"{count} {name}{'s' if count > 1 else ''}"
        for count, name in ((errors, "error"), (warnings, "warning"))
        if count
    )
    if errors:
        return f"{counted}: mend the error{'s' if errors > 1 else ''} first."
    return f"{counted}, you may merge." if warnings else "No errors, no warnings: you may merge."
