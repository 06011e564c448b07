"""From chances to a decision. The numbers mean the same on every base: they are chances."""

from __future__ import annotations

from collections.abc import Sequence

from bot.matching.index import Found
from bot.matching.model import Decision

# Found on tests/questions.yaml: where answers are right nine times in ten and more.
ANSWER_FROM = 0.8  # chance from which the first topic is answered: no off-topic one reached it
CLEAR_FROM = 0.7  # the same for a text that leaves less open
SUGGEST_FROM = 0.65  # chance to be in scope from which candidates are offered
FOLLOW_UP_FROM = 0.35  # chance from which a reply to a card is answered: it has a subject already
FIRST_TOPIC_COUNTS = 0.1  # power of the chance to be right, given that the text is in scope
OTHER_TOPICS_COUNT = 0.5  # the same for the others
FOLLOW_UP_SUGGEST_FROM = 0.4  # the same for a reply to a card
SECOND_IN_BOTH_FROM = 0.25  # the same where the whole text says so too
SECOND_FROM = 0.45  # chance from which a part's topic is worth a line of its own


def decision(found: Found, *, clear: bool) -> Decision:
    """Say how sure the candidates are.

    A text is `clear` that names a resource and a fact of it, or has two parts that each
    name their topic: it leaves less open.
    """
    topics, inside = found
    if topics and topics[0][1] >= (CLEAR_FROM if clear else ANSWER_FROM):
        return Decision.ANSWER
    return Decision.SUGGEST if topics and inside >= SUGGEST_FROM else Decision.NONE


def scores(found: Found) -> list[float]:
    """Return the topics' chances as they are shown, best first.

    A phrasing stands under one topic though others would answer it too: what phrasings
    teach about the topic is too strict, and is tempered. For the first topic, whose score
    says whether the text is in scope at all, it hardly counts.
    """
    topics, inside = found
    powers = [FIRST_TOPIC_COUNTS, *[OTHER_TOPICS_COUNT] * (len(topics) - 1)]
    return [
        inside * (chance / inside) ** power if inside else 0.0
        for (_, chance), power in zip(topics, powers, strict=True)
    ]


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


def names_topic(found: Found, card: int | None) -> bool:
    """Say whether a reply's first topic is clear, and another than the card's own."""
    topics, _ = found
    return bool(topics) and topics[0][0] != card and topics[0][1] >= FOLLOW_UP_FROM
