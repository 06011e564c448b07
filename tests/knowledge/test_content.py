"""What the shipped content promises: enough of everything, nothing orphaned or unsourced."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from bot.knowledge.model import Evidence, Knowledge, Source

LISTED = (  # ids that votes and measurements refer to: they exist and stay
    "getting-started",
    "top-down-vs-bottom-up",
    "top-down-resources",
    "bottom-up-resources",
    "fast-ai",
    "fast-ai-versions",
    "deeplearning-ai",
    "fast-ai-vs-deeplearning-ai",
    "cost",
    "time-commitment",
    "prerequisites",
    "is-it-hard",
    "reading",
    "understand-maths",
    "framework-choice",
    "practice",
    "apply-to-research",
    "other-resources",
    "hype-and-worth-it",
    "learning-analogy",
)
FEWEST, FEWEST_ELSEWHERE = 25, 10  # phrasings of a listed topic, and of any other
SCIENCE = {"weather", "climate", "physics", "science"}


@pytest.mark.parametrize("id", LISTED)
def test_a_listed_topic_has_phrasings_enough(id: str, knowledge: Knowledge) -> None:
    assert len(knowledge.topics[id].phrasings) >= FEWEST


def test_any_other_topic_has_phrasings_and_a_place(knowledge: Knowledge) -> None:
    """It names the listed topic that it refines; only what has none stands alone."""
    others = [topic for topic in knowledge.topics.values() if topic.id not in LISTED]
    assert all(len(topic.phrasings) >= FEWEST_ELSEWHERE for topic in others)
    assert {topic.id for topic in others if not topic.broader} == {"about-the-post"}


def test_no_resource_is_an_orphan(knowledge: Knowledge) -> None:
    suggested = {one.resource for topic in knowledge.topics.values() for one in topic.suggestions}
    assert set(knowledge.resources) - suggested == set()


def test_there_is_enough_for_beginners_and_for_scientists(knowledge: Knowledge) -> None:
    added = [r for r in knowledge.resources.values() if r.source is not Source.POST]
    assert sum(bool(SCIENCE & {*resource.fields}) for resource in added) >= 10
    assert sum(not SCIENCE & {*resource.fields} for resource in added) >= 18


def test_every_resource_says_what_people_ask(knowledge: Knowledge) -> None:
    for resource in knowledge.resources.values():
        assert resource.price, resource.id
        assert resource.first_step, resource.id
        assert resource.caveats or resource.format == "platform", resource.id


def test_weak_evidence_for_hours_says_so(knowledge: Knowledge) -> None:
    for resource in knowledge.resources.values():
        if resource.hours and resource.evidence is Evidence.WEAK:
            told = " ".join(claim.text for claim in resource.caveats)
            assert re.search(r"\bestimates?\b|\blists?\b", told), resource.id


def test_statements_of_the_post_stand_in_its_name(knowledge: Knowledge) -> None:
    """A claim of the post names the statements that it carries."""
    claims = [claim for topic in knowledge.topics.values() for claim in topic.answer + topic.more]
    claims += [claim for resource in knowledge.resources.values() for claim in resource.caveats]
    of_post = [claim for claim in claims if claim.source is Source.POST]
    assert len(of_post) > 60
    assert [claim.text for claim in of_post if not claim.atoms] == []


def test_no_phrasing_belongs_to_two_topics(knowledge: Knowledge) -> None:
    counts = Counter(
        phrasing.casefold() for topic in knowledge.topics.values() for phrasing in topic.phrasings
    )
    assert [phrasing for phrasing, count in counts.items() if count > 1] == []
