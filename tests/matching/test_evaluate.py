"""The measures, on scores whose figures are known beforehand."""

import random

import numpy as np
import pytest

from bot.knowledge.model import Knowledge
from bot.matching import Matcher
from bot.matching.baselines import baselines
from bot.matching.evaluate import area, evaluate, misspelt, questions_of, report_lines

QUESTIONS = {
    "in_scope": [
        {"text": "How do I start with deep learning?", "topics": ["getting-started"]},
        {"text": "good book about neural networks", "topics": ["reading"]},
        {"text": "is fast.ai free?", "topics": ["learning-analogy"]},
    ],
    "off_topic": [
        {"text": "who won the match last night"},
        {"text": "docker container exits at once", "hard": True},
    ],
}


def test_figures_follow_from_the_answers(shipped_matcher: Matcher) -> None:
    report = evaluate(shipped_matcher, questions_of(QUESTIONS))
    figures = report.matcher.figures
    assert (report.in_scope, report.off_topic) == (3, 2)
    assert figures["right first"].value == pytest.approx(2 / 3)
    assert figures["AUROC"].value == 1
    assert figures["answered, of off-topic"].value == 0
    assert figures["right first"].low <= figures["right first"].value <= figures["right first"].high
    assert sum(report.decisions.values()) == 5
    assert report.mistakes[0].wanted == ("learning-analogy",)
    lines = list(report_lines(report))
    assert any("right first" in line and "0.667" in line for line in lines)


def test_baselines_stand_beside_it(shipped: Knowledge, shipped_matcher: Matcher) -> None:
    report = evaluate(shipped_matcher, questions_of(QUESTIONS), baselines(shipped))
    names = [row.name for row in report.baselines]
    assert names == [
        "rapidfuzz WRatio",
        "rapidfuzz token_set_ratio",
        "rapidfuzz token_sort_ratio",
        "BM25",
    ]
    assert all(0 <= row.figures["right first"].value <= 1 for row in report.baselines)


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [([2, 3], [0, 1], 1.0), ([0, 1], [2, 3], 0.0), ([1], [1], 0.5), ([0, 2], [1], 0.5)],
)
def test_area_under_the_curve(inside: list[float], outside: list[float], expected: float) -> None:
    assert area(np.array(inside), np.array(outside)) == expected


def test_misspelling_changes_one_or_two_letters() -> None:
    chance = random.Random(0)
    texts = [misspelt("deep learning", chance) for _ in range(50)]
    assert all(abs(len(text) - 13) <= 2 for text in texts)
    assert sum(text != "deep learning" for text in texts) >= 45
    assert misspelt("", chance) == ""


WRONG = [
    {"text": 42, "topics": ["cost"]},
    {"text": "what does it cost", "topics": "cost"},
    {"text": "what does it cost", "topics": []},
    {"text": "what does it cost", "topics": [42]},
    {"topics": ["cost"]},
    {"text": "what does it cost"},
]


@pytest.mark.parametrize(
    "data",
    [{}, {"in_scope": []}, *({"in_scope": [entry], "off_topic": []} for entry in WRONG)],
)
def test_questions_of_another_shape_are_refused(data: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        questions_of(data)


def test_off_topic_questions_alone_are_measured_too(shipped_matcher: Matcher) -> None:
    asked = questions_of({"in_scope": [], "off_topic": QUESTIONS["off_topic"]})
    report = evaluate(shipped_matcher, asked)
    assert (report.in_scope, report.off_topic) == (0, 2)
    assert report.matcher.figures["answered, of off-topic"].value == 0
    assert not [name for name in report.matcher.figures if "right" in name]
    assert list(report_lines(report))
