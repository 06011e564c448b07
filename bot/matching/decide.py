"""From chances to a decision. The numbers mean the same on every base: they are chances."""

from __future__ import annotations

from collections.abc import Sequence

from bot.matching.index import Found
from bot.matching.model import Decision

# Found on tests/questions.yaml: where answers are right nine times in ten and more.
ANSWER_FROM = 0.8  # chance from which the first topic is answered: no off-topic one reached it
FACT_FROM = 0.5  # the same where a resource and a fact of it are named
SUGGEST_FROM = 0.75  # chance to be in scope from which candidates are offered
FOLLOW_UP_FROM = 0.35  # chance from which a reply to a card is answered: it has a subject already
TOPIC_COUNTS = 1 / 3  # power of a candidate's chance to be right, given that the text is in scope
FOLLOW_UP_SUGGEST_FROM = 0.4  # the same for a reply to a card
SECOND_IN_BOTH_FROM = 0.25  # the same where the whole text says so too
SECOND_FROM = 0.45  # chance from which a part's topic is worth a line of its own


def decision(found: Found, *, names_fact: bool) -> Decision:
    """Say how sure the candidates are; naming a resource and a fact of it leaves less open."""
    topics, inside = found
    if topics and topics[0][1] >= (FACT_FROM if names_fact else ANSWER_FROM):
        return Decision.ANSWER
    return Decision.SUGGEST if topics and inside >= SUGGEST_FROM else Decision.NONE


def score(chance: float, inside: float) -> float:
    """Return the chance of a candidate as it is shown.

    A phrasing stands under one topic though others would answer it too, so what was
    learned from phrasings is too strict about the topic: that part is tempered.
    """
    return float(inside * (chance / inside) ** TOPIC_COUNTS) if inside else 0.0


def second_part(
    whole: Found, parts: Sequence[Found], kin: Sequence[frozenset[int]]
) -> tuple[int | None, float]:
    """Return the topic of a clear second part, and the first topic's chance in the light of it.

    Two parts that ask different things weaken each other in the whole text; what the first
    topic reached in a part of its own then counts.
    """
    topics = dict(whole[0])
    if len(parts) < 2 or not topics:
        return None, 0.0
    first, chance = whole[0][0]
    best: dict[int, float] = {}
    for found, _ in parts:
        for topic, reached in found[:1]:
            best[topic] = max(best.get(topic, 0.0), reached)
    others = [
        (reached, topic)
        for topic, reached in best.items()
        if not kin[topic] & kin[first]
        and (reached >= SECOND_FROM or min(reached, topics.get(topic, 0.0)) >= SECOND_IN_BOTH_FROM)
    ]
    if not others:
        return None, chance
    alone = max((r for t, r in best.items() if kin[t] & kin[first]), default=0.0)
    return max(others)[1], max(chance, alone)


def blended(alone: Found, together: Found, share: float) -> Found:
    """Return what was found for a reply alone and with its card, the latter weighing `share`."""
    chances: dict[int, float] = {}
    for (topics, _), weight in ((alone, 1 - share), (together, share)):
        for topic, chance in topics:
            chances[topic] = chances.get(topic, 0.0) + weight * chance
    ordered = sorted(chances.items(), key=lambda item: -item[1])
    return ordered, (1 - share) * alone[1] + share * together[1]


def follow_up_decision(found: Found, *, knows_fact: bool) -> Decision:
    """Say how sure a reply's candidates are; a fact of a resource on the card is known."""
    topics, inside = found
    if knows_fact or (topics and topics[0][1] >= FOLLOW_UP_FROM):
        return Decision.ANSWER
    return Decision.SUGGEST if topics and inside >= FOLLOW_UP_SUGGEST_FROM else Decision.NONE
