"""Gaps: the kept questions without a good answer, grouped, and what to do about each. Pure.

Questions that mean the same are counted together; those that today's base answers are left
out. Each group comes with the topic where its answer probably belongs and with YAML to paste.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.knowledge.model import ID_LENGTH, Knowledge, Topic, kebab
from bot.matching import Candidate, Decision, Matcher
from bot.matching.text import normalise, stem, words
from bot.store.model import Gap

# Found on the shipped phrasings, taken as questions: of the pairs that fall together, about two
# in three ask the same at 90, one in five at 80. All wordings are shown, so a wrong pair is seen.
SAME = 90  # rapidfuzz token_set_ratio (0-100) of the words that tell questions apart
COMMON = 0.03  # share of the base's phrasings from which a word tells no questions apart
COMPARED = 2000  # different questions, most asked first: grouping takes about a second
CLEAR_WORDS = range(4, 17)  # neither keywords alone nor a whole story
PASTED = 5  # wordings in a snippet
ID_WORDS = 4  # of a new topic
ID_CUT = ID_LENGTH - len("about-") - len("-999")
YAML_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}  # not text for YAML
SKELETON = """\
# a new file: topics/{id}.yaml
id: {id}
title: {title}
answer: Write two to four short sentences here.
phrasings:
{phrasings}"""

Gist = tuple[str, ...]
EMPTY = frozenset(  # stems that say nothing about what is asked
    re.findall(
        r"\w+",
        "a an the of to for in on at by with from and or i me my we our you your it its this that "
        "is are was were be been am do doe did have has can could will would should shall may must "
        "so just very really also ther her pleas thank hi hello hey any some if how what which get",
    )
)


@dataclass(frozen=True)
class OpenGap:
    """Questions that mean the same and found no good answer.

    `question` is the clearest of the `wordings`, which stand most asked first. `told` counts
    those whose authors told the maintainers; `picked` how often which topic was chosen as what
    was meant, most chosen first, and `picks` the same for each wording. `missed` counts the
    topics whose suggestions lacked this. `decision` and `nearest` are what the matcher says
    today.
    """

    question: str
    wordings: tuple[str, ...]
    asked: int
    told: int
    picked: Mapping[str, int]
    picks: Mapping[str, Mapping[str, int]]
    missed: Mapping[str, int]
    decision: Decision
    nearest: Candidate | None


def open_gaps(gaps: Iterable[Gap], knowledge: Knowledge, matcher: Matcher) -> Iterator[OpenGap]:
    """Yield what is still without a good answer, most asked first."""
    for group in grouped(gaps, common_words(knowledge)):
        wordings = tuple(text for text, _ in Counter(_line(one) for one in group).most_common())
        question = min(wordings, key=_unclear)
        match = matcher.match(question)
        disappointed = any(map(_disappointed, group))
        if match.decision is Decision.ANSWER and not disappointed:
            continue
        yield OpenGap(
            question=question,
            wordings=wordings,
            asked=len(group),
            told=sum(one.told for one in group),
            picked=_picked(group, knowledge),
            picks=_picks(group, knowledge),
            missed=_missed(group, knowledge),
            decision=match.decision,
            nearest=match.candidates[0] if match.candidates else None,
        )


def common_words(knowledge: Knowledge) -> frozenset[str]:
    """Return the stems that tell no questions apart here: "deep", "learn", but no names."""
    phrasings = [phrasing for topic in knowledge.topics.values() for phrasing in topic.phrasings]
    uses = Counter(found for text in phrasings for found in set(_stems(text)))
    aliases = (alias for resource in knowledge.resources.values() for alias in resource.aliases)
    names = {stems[0] for stems in map(_stems, aliases) if len(stems) == 1}
    often = {found for found, times in uses.items() if times >= COMMON * len(phrasings)}
    return frozenset(often - names)


def grouped(gaps: Iterable[Gap], common: Set[str] = frozenset()) -> list[list[Gap]]:
    """Return the gaps with those together that ask the same, the largest group first.

    `common` holds stems that are passed over.
    """
    alike: dict[Gist, list[Gap]] = defaultdict(list)
    for gap in gaps:
        if _line(gap):
            alike[_gist(gap.question, common)].append(gap)
    groups: dict[Gist, list[Gap]] = {}
    heads: dict[Gist, str] = {}
    for gist in sorted(alike, key=lambda gist: -len(alike[gist]))[:COMPARED]:
        head = _head(gist, heads)
        if head is None:
            groups[gist], heads[gist] = [], " ".join(gist)
        groups[head or gist] += alike[gist]
    return sorted(groups.values(), key=len, reverse=True)


def home(gap: OpenGap, knowledge: Knowledge) -> Topic | None:
    """Return the topic where the answer belongs: what people picked, else where they missed it,
    else what the matcher would offer; None when nothing fits.
    """
    if gap.picked:
        return knowledge.topics[next(iter(gap.picked))]
    if gap.missed:
        return knowledge.topics[next(iter(gap.missed))]
    if gap.nearest and gap.decision is not Decision.NONE:
        return knowledge.topics[gap.nearest.topic]
    return None


def snippet(gap: OpenGap, knowledge: Knowledge) -> str:
    """Return YAML to paste: phrasings for the topic it belongs to, or a new topic to fill in.

    What people missed under an answer is no phrasing of its topic, so it is only quoted.
    """
    wordings = (gap.question, *(text for text in gap.wordings if text != gap.question))
    phrasings = "\n".join(f"  - {_quoted(text)}" for text in wordings[:PASTED])
    topic = home(gap, knowledge)
    if topic and gap.missed and not gap.picked:
        quoted = "\n".join(f"#   {_quoted(text)}" for text in wordings[:PASTED])
        return f"# the topic {topic.id}: a suggestion for this, or a word in its answer\n{quoted}"
    if topic:
        return f"# the topic {topic.id}, under phrasings:\n{phrasings}"
    id = _new_id(gap.question, knowledge)
    return SKELETON.format(id=id, title=_quoted(gap.question), phrasings=phrasings)


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(normalise(text))]


def _gist(question: str, common: Set[str]) -> Gist:
    """Return the stems that tell this question from others, in alphabetical order."""
    stems = set(_stems(question))
    return tuple(sorted(stems - EMPTY - common or stems))


def _head(gist: Gist, heads: Mapping[Gist, str]) -> Gist | None:
    """Return the group that a gist belongs to, or None.

    All words of "gpu" are in "which gpu for a thousand images"; that alone makes them no
    duplicates, so neither may have more than one and a half times the words of the other.
    """
    text = " ".join(gist)
    for _, _, head in process.extract(
        text, heads, scorer=fuzz.token_set_ratio, score_cutoff=SAME, limit=None
    ):
        if 2 * max(len(gist), len(head)) <= 3 * min(len(gist), len(head)):
            return head
    return None


def _unclear(question: str) -> tuple[bool, int]:
    """Order questions by how little they say to a reader at first sight."""
    return len(question.split()) not in CLEAR_WORDS, len(question)


def _picked(group: Sequence[Gap], knowledge: Knowledge) -> dict[str, int]:
    """Return how often each topic that still exists was picked, most often first."""
    times: Counter[str] = Counter()
    for gap in group:
        for topic, n in gap.picked.items():
            times[knowledge.current_id.get(topic, "")] += n
    return {topic: n for topic, n in times.most_common() if topic in knowledge.topics}


def _picks(group: Sequence[Gap], knowledge: Knowledge) -> dict[str, dict[str, int]]:
    """Return what was picked for each wording that has picks."""
    found: dict[str, list[Gap]] = defaultdict(list)
    for gap in group:
        found[_line(gap)].append(gap)
    counted = {line: _picked(gaps, knowledge) for line, gaps in found.items()}
    return {line: picked for line, picked in counted.items() if picked}


def _missed(group: Sequence[Gap], knowledge: Knowledge) -> dict[str, int]:
    """Return how often this was missing under which topic's answer, most often first."""
    topics = (gap.candidates[0] for gap in group if _disappointed(gap) and gap.candidates)
    current = Counter(knowledge.current_id.get(topic, "") for topic in topics)
    return {topic: n for topic, n in current.most_common() if topic in knowledge.topics}


def _disappointed(gap: Gap) -> bool:
    """Whether somebody wrote this because an answer's suggestions did not help."""
    return gap.decision == Decision.ANSWER


def _line(gap: Gap) -> str:
    """Return a question in one line, without characters that cannot be printed."""
    line = " ".join(gap.question.split())
    return "".join(character for character in line if character.isprintable())


def _quoted(text: str) -> str:
    """Return text as a YAML string; JSON's are YAML's too."""
    return json.dumps(text, ensure_ascii=False)


def _new_id(question: str, knowledge: Knowledge) -> str:
    """Return a free id made of the first words that carry meaning."""
    tokens = [word for word in words(normalise(question)) if stem(word) not in EMPTY]
    base = kebab(" ".join(tokens[:ID_WORDS]))[:ID_CUT].strip("-") or "new-topic"
    if not base[0].isalpha() or base in YAML_WORDS:
        base = f"about-{base}"
    free = (base, *(f"{base}-{number}" for number in range(2, 1000)))
    return next(id for id in free if id not in knowledge.current_id)
