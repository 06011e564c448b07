"""Questions before and after an edit: what became of each, and whether that is better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.errors import UsageError
from bot.knowledge.model import Knowledge
from bot.knowledge.read import read
from bot.matching import Decision, Match

OFFERED = 3  # topics that "did you mean" shows


@dataclass(frozen=True)
class Question:
    """A question, and the topics that would answer it: none when off-topic, None if unknown."""

    text: str
    wanted: frozenset[str] | None = None


@dataclass(frozen=True)
class Outcome:
    """What becomes of a question: the topic answered, the topics offered, or none."""

    decision: Decision
    topics: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.decision}: {', '.join(self.topics)}" if self.topics else str(self.decision)


class Verdict(StrEnum):
    """Whether a move does the asker good, as far as the question set can tell."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "moved"


@dataclass(frozen=True)
class Move:
    """A question that an edit decides otherwise."""

    question: Question
    before: Outcome
    after: Outcome
    verdict: Verdict


def questions_of(path: Path) -> list[Question]:
    """Read questions from a file: YAML as in tests/questions.yaml, or text, one a line.

    Raises UsageError when it cannot be read or holds none.
    """
    if path.suffix in {".yaml", ".yml"}:
        document = read(path, str(path))
        if document.problems:
            raise UsageError(str(document.problems[0]))
        found = list(_listed(document.data))
    else:
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read ({error}); name a text file.") from error
        found = [Question(line.strip()) for line in lines if line.strip()]
    if not found:
        raise UsageError(f"{path}: holds no question; write one a line.")
    return found


def _listed(data: Any) -> Iterator[Question]:
    """Yield the questions of a set: lists of texts, or of entries with `text` and `topics`."""
    groups = data if isinstance(data, dict) else {"": data}
    for name, entries in groups.items():
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, str):
                yield Question(entry)
            elif isinstance(entry, dict) and isinstance(entry.get("text"), str):
                topics = entry.get("topics", [] if name == "off_topic" else None)
                wanted = frozenset(map(str, topics)) if isinstance(topics, list) else None
                yield Question(entry["text"], wanted)


def phrasings(*bases: Knowledge) -> list[Question]:
    """Return every phrasing of some bases as a question that its own topics answer."""
    wanted: dict[str, set[str]] = {}
    for base in bases:
        for id, topic in base.topics.items():
            for text in topic.phrasings:
                wanted.setdefault(text, set()).add(id)
        for text in base.off_topic.phrasings:
            wanted.setdefault(text, set())
    return [Question(text, frozenset(topics)) for text, topics in wanted.items()]


def outcome(match: Match) -> Outcome:
    """Return what becomes of a matched question."""
    topics = tuple(candidate.topic for candidate in match.candidates)
    match match.decision:
        case Decision.ANSWER:
            return Outcome(match.decision, topics[:1])
        case Decision.SUGGEST:
            return Outcome(match.decision, topics[:OFFERED])
        case Decision.NONE:
            return Outcome(match.decision)


def moves(
    before: Mapping[Question, Outcome],
    after: Mapping[Question, Outcome],
    bases: tuple[Knowledge, Knowledge],
) -> list[Move]:
    """Return the questions whose decision or first topic differs, the worse ones first.

    A topic that only got another id (`was`) is the same topic.
    """
    old, new = bases
    found = []
    for question, now in after.items():
        then = before[question]
        ids = tuple(new.current_id.get(topic, topic) for topic in then.topics)
        if (then.decision, ids[:1]) != (now.decision, now.topics[:1]):
            gain = _worth(now, question, new) - _worth(then, question, old)
            verdict = Verdict.OTHER
            if question.wanted is not None and gain:
                verdict = Verdict.BETTER if gain > 0 else Verdict.WORSE
            found.append(Move(question, then, now, verdict))
    order = [Verdict.WORSE, Verdict.OTHER, Verdict.BETTER]
    return sorted(found, key=lambda move: order.index(move.verdict))


def _worth(result: Outcome, question: Question, base: Knowledge) -> int:
    """Rank an outcome for the asker: the wrong answer is worst, then a useless offer, silence.

    A topic counts for those that it refines, and under its former ids.
    """
    wanted = question.wanted or frozenset()
    fits = any(_names(topic, base) & wanted for topic in result.topics)
    match result.decision:
        case Decision.ANSWER:
            return 3 if fits else 0
        case Decision.SUGGEST:
            return 2 if fits else 1
        case Decision.NONE:
            return 1 if wanted else 3


def _names(id: str, base: Knowledge) -> set[str]:
    topic = base.topics[id]
    return {id, *topic.broader, *topic.was}
