"""Measuring matching on labelled questions; the words are defined in docs/matching.md."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.matching.matcher import Matcher
from bot.matching.model import Decision

RESAMPLES = 1000  # of the bootstrap
INTERVAL = (2.5, 97.5)  # percentiles
ENOUGH = 8  # questions from which a topic gets a figure of its own
WORST = 12  # mistakes that are shown
TYPOS = (1, 2)  # random character edits in each question of the robustness figure

Ranking = Sequence[tuple[str, float]]
"""Topics with scores, best first."""


@dataclass(frozen=True)
class Question:
    """A labelled question; `topics` are the acceptable ones, none for off-topic."""

    text: str
    topics: tuple[str, ...] = ()
    hard: bool = False


@dataclass(frozen=True)
class Figure:
    """A measured share with its bootstrap interval (95 %)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """One method's figures."""

    name: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Mistake:
    """A question whose first candidate is wrong, or an off-topic one that scored high."""

    text: str
    wanted: tuple[str, ...]
    found: str
    score: float
    decision: Decision


@dataclass(frozen=True)
class Report:
    """What `evaluate` measured. `topics` maps a first topic to (questions, right ones)."""

    in_scope: int
    off_topic: int
    matcher: Row
    baselines: tuple[Row, ...]
    decisions: Mapping[tuple[str, Decision], int]
    confusions: Mapping[tuple[str, str], int]
    topics: Mapping[str, tuple[int, int]]
    mistakes: tuple[Mistake, ...] = field(repr=False)


def questions_of(data: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return the questions of a loaded YAML file with `in_scope` and `off_topic`.

    Raises KeyError or TypeError when the data has another shape.
    """
    inside = [Question(_text(entry), _topics(entry)) for entry in data["in_scope"]]
    outside = [Question(_text(entry), (), bool(entry.get("hard"))) for entry in data["off_topic"]]
    return (*inside, *outside)


def _text(entry: Mapping[str, Any]) -> str:
    text = entry["text"]
    if not isinstance(text, str):
        raise TypeError(f"the text {text!r}")
    return text


def _topics(entry: Mapping[str, Any]) -> tuple[str, ...]:
    topics = entry["topics"]
    if not (isinstance(topics, list) and topics and all(isinstance(one, str) for one in topics)):
        raise TypeError(f"the list of topics {topics!r}")
    return tuple(topics)


def evaluate(
    matcher: Matcher,
    questions: Sequence[Question],
    baselines: Mapping[str, Callable[[str], Ranking]] | None = None,
) -> Report:
    """Measure the matcher, and other rankers beside it, on the same questions."""
    matches = [matcher.match(question.text) for question in questions]
    rankings = [[(c.topic, c.score) for c in match.candidates] for match in matches]
    broader = matcher.broader
    right = [_right(q, r, broader) for q, r in zip(questions, rankings, strict=True)]
    figures = _figures(questions, rankings, broader)
    figures |= _decision_figures(questions, [m.decision for m in matches], right)
    figures |= _typo_figure(questions, lambda text: _ranked(matcher, text), broader)
    rows = [
        Row(name, _figures(questions, [rank(q.text) for q in questions], broader))
        for name, rank in (baselines or {}).items()
    ]
    inside = [(q, m, r) for q, m, r in zip(questions, matches, right, strict=True) if q.topics]
    return Report(
        in_scope=len(inside),
        off_topic=len(questions) - len(inside),
        matcher=Row("warmstart", figures),
        baselines=tuple(rows),
        decisions=Counter(
            (_kind(q, r), m.decision) for q, m, r in zip(questions, matches, right, strict=True)
        ),
        confusions=Counter(
            (q.topics[0], m.candidates[0].topic) for q, m, r in inside if not r and m.candidates
        ),
        topics=_by_topic([(q.topics[0], r) for q, _, r in inside]),
        mistakes=tuple(_mistakes(questions, matches, right)),
    )


def report_lines(report: Report) -> Iterator[str]:
    """Yield the report as lines of text."""
    yield f"{report.in_scope} questions in scope, {report.off_topic} off-topic"
    for row in (report.matcher, *report.baselines):
        yield ""
        yield row.name
        for name, figure in row.figures.items():
            yield f"  {name:<34} {figure.value:.3f}  ({figure.low:.3f} to {figure.high:.3f})"
    yield ""
    yield "decisions"
    kinds = list(dict.fromkeys(kind for kind, _ in report.decisions))
    for kind in kinds:
        counts = "  ".join(f"{d.value} {report.decisions.get((kind, d), 0)}" for d in Decision)
        yield f"  {kind:<34} {counts}"
    yield ""
    yield f"by topic (from {ENOUGH} questions on): right first"
    for topic, (count, right) in sorted(report.topics.items(), key=lambda item: -item[1][0]):
        yield f"  {topic:<34} {right / count:.2f}  of {count}"
    yield ""
    yield "confused most: wanted → found"
    ordered = sorted(report.confusions.items(), key=lambda item: (-item[1], item[0]))
    for (wanted, found), count in ordered[:WORST]:
        yield f"  {count} × {wanted} → {found}"
    yield ""
    yield "worst mistakes"
    for m in report.mistakes:
        wanted = ", ".join(m.wanted) or "nothing"
        text = " ".join(m.text.split())[:90]
        yield f"  {m.score:.2f} {m.decision.value:<7} {text!r}: wanted {wanted}, found {m.found}"


def misspelt(text: str, chance: random.Random) -> str:
    """Return `text` with one or two random character edits."""
    letters = list(text)
    for _ in range(chance.choice(TYPOS)):
        if not letters:
            break
        place, letter = chance.randrange(len(letters)), chance.choice("abcdefghijklmnopqrstuvwxyz")
        match chance.randrange(4):
            case 0:
                letters.insert(place, letter)
            case 1:
                letters[place] = letter
            case 2 if place + 1 < len(letters):
                letters[place : place + 2] = letters[place + 1], letters[place]
            case _:
                del letters[place]
    return "".join(letters)


def area(inside: npt.NDArray[np.floating], outside: npt.NDArray[np.floating]) -> float:
    """Return the AUROC: the chance that an in-scope score is above an off-topic one."""
    above = inside[:, None] > outside[None, :]
    equal = inside[:, None] == outside[None, :]
    return float(np.mean(above + 0.5 * equal))


def _ranked(matcher: Matcher, text: str) -> Ranking:
    return [(c.topic, c.score) for c in matcher.match(text).candidates]


def _accepted(topic: str, question: Question, broader: Mapping[str, frozenset[str]]) -> bool:
    return bool({topic, *broader.get(topic, ())} & set(question.topics))


def _right(question: Question, ranking: Ranking, broader: Mapping[str, frozenset[str]]) -> bool:
    return bool(ranking) and _accepted(ranking[0][0], question, broader)


def _kind(question: Question, right: bool) -> str:  # noqa: FBT001
    if question.topics:
        return "in scope, right first" if right else "in scope, wrong first"
    return "off-topic, hard" if question.hard else "off-topic"


def _figures(
    questions: Sequence[Question],
    rankings: Sequence[Ranking],
    broader: Mapping[str, frozenset[str]],
) -> dict[str, Figure]:
    pairs = list(zip(questions, rankings, strict=True))
    inside = [(q, r) for q, r in pairs if q.topics]
    if not inside:
        return {}
    first = np.array([_right(q, r, broader) for q, r in inside])
    three = np.array([any(_accepted(t, q, broader) for t, _ in r[:3]) for q, r in inside])
    scores = np.array([r[0][1] if r else 0.0 for _, r in inside])
    outside = np.array([r[0][1] if r else 0.0 for q, r in pairs if not q.topics])
    figures = {"right first": _share(first), "right in first three": _share(three)}
    macro = _by_topic([(q.topics[0], bool(f)) for (q, _), f in zip(inside, first, strict=True)], 1)
    shares = np.array([right / count for count, right in macro.values()])
    figures["right first, mean over topics"] = _share(shares)
    if len(outside):
        for percent in (2, 5):
            figures[f"correct at {percent} %"] = _bootstrap(
                lambda a, b, p=percent: _correct_at(first[a], scores[a], outside[b], p / 100),  # type: ignore[misc]
                len(inside),
                len(outside),
            )
        figures["AUROC"] = _bootstrap(
            lambda a, b: area(scores[a], outside[b]), len(inside), len(outside)
        )
    return figures


def _correct_at(
    right: npt.NDArray[np.bool_],
    scores: npt.NDArray[np.floating],
    outside: npt.NDArray[np.floating],
    share: float,
) -> float:
    """Share of questions right and above every threshold that more off-topic ones reach."""
    allowed = int(share * len(outside))
    threshold = np.sort(outside)[::-1][allowed] if allowed < len(outside) else -1.0
    return float(np.mean(right & (scores > threshold)))


def _decision_figures(
    questions: Sequence[Question], decisions: Sequence[Decision], right: Sequence[bool]
) -> dict[str, Figure]:
    pairs = list(zip(questions, decisions, right, strict=True))
    answered = [r for q, d, r in pairs if q.topics and d is Decision.ANSWER]
    off = [d for q, d, _ in pairs if not q.topics]
    everything = {
        "answered, of in scope": [d is Decision.ANSWER for q, d, _ in pairs if q.topics],
        "right, of answered": answered,
        "silent, of in scope": [d is Decision.NONE for q, d, _ in pairs if q.topics],
        "answered, of off-topic": [d is Decision.ANSWER for d in off],
        "answered or suggested, of off-topic": [d is not Decision.NONE for d in off],
    }
    return {name: _share(np.array(values)) for name, values in everything.items() if values}


def _typo_figure(
    questions: Sequence[Question],
    rank: Callable[[str], Ranking],
    broader: Mapping[str, frozenset[str]],
) -> dict[str, Figure]:
    chance = random.Random(0)  # noqa: S311 - the same edits in every run
    inside = [q for q in questions if q.topics]
    right = [_right(q, rank(misspelt(q.text, chance)), broader) for q in inside]
    return {"right first, with typos": _share(np.array(right))} if right else {}


def _by_topic(
    pairs: Sequence[tuple[str, bool]], enough: int = ENOUGH
) -> dict[str, tuple[int, int]]:
    counts = Counter(topic for topic, _ in pairs)
    right = Counter(topic for topic, correct in pairs if correct)
    return {topic: (n, right[topic]) for topic, n in counts.items() if n >= enough}


def _mistakes(
    questions: Sequence[Question], matches: Sequence[Any], right: Sequence[bool]
) -> list[Mistake]:
    wrong = [
        Mistake(q.text, q.topics, m.candidates[0].topic, m.candidates[0].score, m.decision)
        for q, m, r in zip(questions, matches, right, strict=True)
        if not r and m.candidates
    ]
    return sorted(wrong, key=lambda mistake: -mistake.score)[:WORST]


def _share(values: npt.NDArray[Any]) -> Figure:
    return _bootstrap(
        lambda a, _: float(np.mean(values[a])) if len(values) else 0.0, len(values), 1
    )


def _bootstrap(
    measure: Callable[[npt.NDArray[np.int64], npt.NDArray[np.int64]], float],
    first: int,
    second: int,
) -> Figure:
    """Return a measure of two samples' members, and its interval over resamples of both."""
    value = measure(np.arange(first), np.arange(second))
    if not first:
        return Figure(value, value, value)
    chance = np.random.default_rng(0)
    values = [
        measure(chance.integers(first, size=first), chance.integers(second, size=second))
        for _ in range(RESAMPLES)
    ]
    low, high = np.percentile(values, INTERVAL)
    return Figure(value, float(low), float(high))
