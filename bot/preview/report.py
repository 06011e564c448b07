"""The report on an edit: for a terminal, and as Markdown for a pull request."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.changes import Changes
from bot.lint import Finding, summary
from bot.preview.cards import CardChange
from bot.preview.questions import Move, Outcome, Verdict

MOVES = 50  # questions listed in Markdown; GitHub takes 65,536 characters a comment
DIFF_CHARACTERS = 30_000  # of diffs shown in Markdown
QUESTION = 160  # characters of a question that a list shows
FINDINGS = 50  # new findings listed in Markdown
_SPECIAL = re.compile(r"[<>|*_\[\]\\]")


@dataclass(frozen=True)
class Report:
    """What an edit changes.

    `compared` names the state before. `changed` is None when the two could not be compared;
    `obstacle` then says why. `asked` counts the questions that were decided twice: none when
    nothing changed.
    """

    compared: str
    findings: tuple[Finding, ...]
    new: tuple[Finding, ...] = ()
    changed: Changes | None = None
    asked: int = 0
    moves: tuple[Move, ...] = ()
    cards: tuple[CardChange, ...] = ()
    obstacle: str = ""


def new_findings(
    before: Iterable[Finding], after: Iterable[Finding], folders: tuple[str, str]
) -> tuple[Finding, ...]:
    """Return the findings that an edit brought; those that only moved to another line did not."""
    known = Counter(_essence(finding, folders[0]) for finding in before)
    found = []
    for finding in after:
        essence = _essence(finding, folders[1])
        if known[essence]:
            known[essence] -= 1
        else:
            found.append(finding)
    return tuple(found)


def _essence(finding: Finding, folder: str) -> tuple[str, str, str]:
    """Return what stays of a finding when lines move and the base lies elsewhere."""
    message = re.sub(r"\d+", "#", finding.message.replace(f"{folder}/", ""))
    return finding.file.removeprefix(f"{folder}/"), finding.rule, message


def plain(report: Report) -> Iterator[str]:
    """Yield the report as lines of plain text."""
    if report.changed is None:
        yield from map(str, report.findings)
    else:
        yield f"Compared with {report.compared}: {report.changed}."
        if report.asked:
            yield from _plain_moves(report)
        if report.cards:
            yield f"\n{_count(len(report.cards), 'card')} changed:"
        for card in report.cards:
            yield from ("", *card.diff)
        if report.new:
            yield "\nNew findings:"
            yield from map(str, report.new)
        yield ""
    if report.obstacle:
        yield report.obstacle
    yield _conclusion(report)


def _plain_moves(report: Report) -> Iterator[str]:
    yield f"\n{_moved(report)}"
    for move in report.moves:
        yield f"  {move.verdict:6}  {_short(move.question.text)}"
        yield f"          {move.before} → {move.after}"


def markdown(report: Report) -> Iterator[str]:
    """Yield the report as lines of Markdown, short enough for a comment on GitHub."""
    yield f"### {_conclusion(report)}"
    yield ""
    if report.obstacle:
        yield from (report.obstacle, "")
    listed = report.findings if report.changed is None else report.new
    for finding in listed[:FINDINGS]:
        place = f"{finding.file}:{finding.line}:{finding.column}"
        yield f"- **{finding.severity}** {_code(place)}: {_escaped(finding.message)}"
    if len(listed) > FINDINGS:
        yield f"- … and {len(listed) - FINDINGS} more"
    if listed:
        yield ""
    if report.changed is None:
        return
    yield f"Compared with {_code(report.compared)}: {_escaped(str(report.changed))}."
    yield ""
    if report.asked:
        yield from _markdown_moves(report)
        yield from _markdown_cards(report.cards)


def _markdown_moves(report: Report) -> Iterator[str]:
    yield f"**{_moved(report)}**"
    yield ""
    if not report.moves:
        return
    yield from ("| | question | before | after |", "| --- | --- | --- | --- |")
    for move in report.moves[:MOVES]:
        cells = (_code(_short(move.question.text)), _outcome(move.before), _outcome(move.after))
        yield f"| {move.verdict} | {' | '.join(cells)} |"
    if len(report.moves) > MOVES:
        yield f"| | … and {len(report.moves) - MOVES} more | | |"
    yield ""


def _markdown_cards(cards: Sequence[CardChange]) -> Iterator[str]:
    if not cards:
        yield "No card changes."
        return
    yield f"**{_count(len(cards), 'card')} changed**"
    left = DIFF_CHARACTERS
    for position, card in enumerate(cards):
        text = "\n".join(card.diff)
        left -= len(text)
        if left < 0:
            names = ", ".join(_code(other.name) for other in cards[position:])
            yield f"\nToo long to show here: {names}. Run `warmstart preview` to see the rest."
            return
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        summary_line = f"<summary>{_escaped(card.name)}</summary>"
        yield f"\n<details>{summary_line}\n\n{fence}diff\n{text}\n{fence}\n\n</details>"


def _conclusion(report: Report) -> str:
    told = summary(report.findings)
    if report.changed is None or not report.findings:
        return told
    return f"{told} New: {len(report.new) or 'none'}."


def _moved(report: Report) -> str:
    if not report.moves:
        return f"None of {_count(report.asked, 'question')} is decided otherwise."
    verdicts = Counter(move.verdict for move in report.moves)
    judged = ", ".join(
        f"{verdicts[verdict]} for the {verdict}"
        for verdict in (Verdict.BETTER, Verdict.WORSE)
        if verdicts[verdict]
    )
    moved = f"{len(report.moves)} of {_count(report.asked, 'question')} decided otherwise"
    return f"{moved}: {judged}." if judged else f"{moved}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _outcome(outcome: Outcome) -> str:
    topics = ", ".join(map(_code, outcome.topics))
    return f"{outcome.decision}: {topics}" if topics else str(outcome.decision)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUESTION else f"{line[: QUESTION - 1]}…"


def _code(text: str) -> str:
    """Return text as inline code, safe in a table: nobody is pinged, nothing is drawn."""
    return f"`{text.replace('`', 'ʼ').replace('|', chr(92) + '|')}`"


def _escaped(text: str) -> str:
    """Return a sentence safe for Markdown; what stands in backticks stays code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # an odd backtick would swallow the rest
        parts = [text.replace("`", "ʼ")]
    parts[::2] = [_SPECIAL.sub(r"\\\g<0>", part).replace("@", "@\u200b") for part in parts[::2]]
    return "`".join(parts)
