"""Rules about phrasings: the same one twice, nearly the same, and those that are lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from bot.errors import Problem
from bot.knowledge.draft import Draft, Place
from bot.knowledge.model import Knowledge
from bot.lint.finding import Finding, error, warning
from bot.matching.features import Concepts, Features, features
from bot.matching.index import MOST_SOLVED
from bot.matching.lexical import Vector, lexicon
from bot.matching.text import normalise, words

FEW = 8  # phrasings from which a topic is found by most people who ask for it
NEAR = 90  # similarity in percent of two phrasings, their words sorted; "how much maths/data do
# I need for deep learning" has 88 and asks for two things
LOST = 0.08  # found on the shipped base and on random parts of it: tells four in ten phrasings,
# or more, that are put under a random wrong topic, and at most one in 200 where they belong
ROWS = 512  # phrasings compared with all others at a time; bounds the memory

Twins = tuple["Phrasing", "Phrasing"]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Phrasing:
    """An example question with its topic (None: off-topic), its place, and its words."""

    topic: str | None
    text: str
    at: Place
    position: int
    words: tuple[str, ...]

    def problem(self, message: str) -> Problem:
        """Return a problem at this line."""
        return self.at.problem(message, "phrasings", self.position)

    def __str__(self) -> str:
        owner = f"topic `{self.topic}`" if self.topic else "off-topic"
        where = self.problem("")
        return f"`{self.text}` of {owner} ({where.file}:{where.line})"


def all_phrasings(knowledge: Knowledge, draft: Draft) -> list[Phrasing]:
    """Return the phrasings that have words: topics' in the base's order, then off-topic ones."""
    sources: list[tuple[str | None, Place, tuple[str, ...]]] = [
        (id, draft.topics[id], topic.phrasings) for id, topic in knowledge.topics.items()
    ]
    if "off-topic" in draft.files:
        sources.append((None, draft.files["off-topic"], knowledge.off_topic.phrasings))
    found = (
        Phrasing(topic, text, at, position, tuple(words(normalise(text))))
        for topic, at, texts in sources
        for position, text in enumerate(texts)
    )
    return [phrasing for phrasing in found if phrasing.words]


def twins(spoken: Sequence[Phrasing]) -> list[Twins]:
    """Return phrasings that say the same words, and those that nearly do for something else."""
    return [*_same(spoken), *_near(spoken)]


def _same(spoken: Sequence[Phrasing]) -> Iterator[Twins]:
    first: dict[tuple[str, ...], Phrasing] = {}
    for phrasing in spoken:
        other = first.setdefault(phrasing.words, phrasing)
        if other is not phrasing:
            yield other, phrasing


def _near(spoken: Sequence[Phrasing]) -> Iterator[Twins]:
    """Yield phrasings of two topics, or of one and off-topic, that differ by a letter or order."""
    texts = [" ".join(sorted(phrasing.words)) for phrasing in spoken]
    for start in range(0, len(texts), ROWS):
        rows = texts[start : start + ROWS]
        scores = process.cdist(
            rows, texts[start:], scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8
        )
        for row, column in zip(*np.nonzero(np.triu(scores, 1)), strict=True):
            one, two = spoken[start + row], spoken[start + column]
            if one.topic != two.topic and one.words != two.words:
                yield one, two


def doubled(found: Iterable[Twins]) -> Iterator[Finding]:
    """Tell twins at the later one: under two topics, the bot could only guess."""
    for one, two in found:
        if one.words != two.words:
            message = f"`{two.text}` is nearly {one}; reword or remove one of them"
            yield warning("near-duplicate", two.problem(message))
        elif one.topic == two.topic:
            message = f"`{two.text}` repeats line {one.problem('').line}; remove one of them"
            yield warning("repeated", two.problem(message))
        else:
            message = f"`{two.text}` is also {one}; keep it in one place"
            yield error("collision", two.problem(message))


def few_phrasings(knowledge: Knowledge, draft: Draft) -> Iterator[Finding]:
    """Find topics that hardly anybody's words will reach."""
    for id, topic in knowledge.topics.items():
        count = len(topic.phrasings)
        if count < FEW:
            message = f"{count} phrasings are few; write {FEW} or more, in people's own words"
            if count == 1:
                message = message.replace("phrasings are few", "phrasing is little")
            yield warning("few-phrasings", draft.topics[id].problem(message, "phrasings"))


def lost(
    knowledge: Knowledge, spoken: Sequence[Phrasing], known: Iterable[Twins]
) -> Iterator[Finding]:
    """Find phrasings that sound clearly like another topic than like the rest of their own.

    Leave-one-out: each phrasing meets the other phrasings of its topic, and all of the other
    topics'. A topic that the phrasing's own one refines, or that refines it, may win. What has
    a twin elsewhere is left out: one reason is enough.
    """
    told = {(one.topic, one.position) for pair in known for one in pair}
    numbers = {id: number for number, id in enumerate(knowledge.topics)}
    own = [phrasing for phrasing in spoken if phrasing.topic in numbers]
    owners = np.array([numbers[phrasing.topic or ""] for phrasing in own])
    if len(numbers) < 2 or not len(owners):
        return
    vectors, size = _vectors(knowledge, own)
    scores = _left_out(vectors, size, owners, len(numbers))
    topics = list(knowledge.topics.values())
    for phrasing, owner, winner in _clear(own, owners, scores, _kinship(knowledge)):
        enough = len(topics[owner].phrasings) >= FEW
        if enough and (phrasing.topic, phrasing.position) not in told:
            message = (
                f"`{phrasing.text}` has far more in common with the topic `{topics[winner].id}` "
                "than with the other phrasings here; move it there, or add more like it here"
            )
            yield warning("lost-phrasing", phrasing.problem(message))


def _clear(
    own: Sequence[Phrasing],
    owners: npt.NDArray[np.int64],
    scores: Floats,
    kinship: npt.NDArray[np.bool_],
) -> Iterator[tuple[Phrasing, int, int]]:
    """Yield phrasings that another topic wins clearly, with the numbers of both topics.

    Clear is a wide gap, and many topics that are nearer than the phrasing's own.
    """
    kin = kinship[owners]
    home = np.where(kin, scores, -1).max(axis=1)
    away = np.where(kin, -1, scores)
    nearer = (away > home[:, None]).sum(axis=1)
    clearness = (away.max(axis=1) - home) * np.log1p(nearer) / np.log(scores.shape[1])
    winners = away.argmax(axis=1)
    for i in np.flatnonzero(clearness >= LOST).tolist():
        yield own[i], int(owners[i]), int(winners[i])


def _vectors(knowledge: Knowledge, own: Sequence[Phrasing]) -> tuple[list[Vector], int]:
    """Return each phrasing's words, concepts and pairs of them as a weighted vector."""
    concepts = Concepts.of(knowledge.vocabulary)
    found = [replace(features(one.words, concepts), tokens=()) for one in own]
    entries: dict[str | None, list[Features]] = {}
    for one, its_features in zip(own, found, strict=True):
        entries.setdefault(one.topic, []).append(its_features)
    weights = lexicon(list(entries.values()))
    return [weights.vector(its_features) for its_features in found], len(weights)


def _left_out(
    vectors: Sequence[Vector], size: int, owners: npt.NDArray[np.int64], topics: int
) -> Floats:
    """Return phrasings × topics: cosines to the sum of each topic's phrasings but oneself."""
    sums = np.zeros((size, topics), np.float32)
    for (rows, values), owner in zip(vectors, owners, strict=True):
        sums[rows, owner] += values
    squares = np.einsum("ij,ij->j", sums, sums)
    scores: Floats = np.stack([values @ sums[rows] for rows, values in vectors])
    each = np.arange(len(owners))
    own, itself = scores[each, owners], np.array([values @ values for _, values in vectors])
    scores /= np.sqrt(squares).clip(1e-6)
    rest = np.sqrt((squares[owners] - 2 * own + itself).clip(1e-6))
    scores[each, owners] = (own - itself) / rest
    return scores


def _kinship(knowledge: Knowledge) -> npt.NDArray[np.bool_]:
    """Return topics × topics: whether they are the same, or one refines the other."""
    places = {id: place for place, id in enumerate(knowledge.topics)}
    kin = np.eye(len(places), dtype=np.bool_)
    for id, topic in knowledge.topics.items():
        for broader in topic.broader:
            if broader in places:
                kin[places[id], places[broader]] = kin[places[broader], places[id]] = True
    return kin


def too_many(spoken: Sequence[Phrasing]) -> Iterator[Finding]:
    """Warn where there are so many phrasings that matching goes over to its coarser way."""
    if len(spoken) > MOST_SOLVED:
        message = (
            f"with this one the base has more than {MOST_SOLVED} phrasings, and topics are told"
            " apart more coarsely from there on; take out phrasings that say nothing new"
        )
        yield warning("many-phrasings", spoken[MOST_SOLVED].problem(message))
