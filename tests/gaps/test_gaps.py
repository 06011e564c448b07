"""Gaps: what asks the same is counted together, and each comes with YAML that mends it."""

from __future__ import annotations

from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice import Base
from bot.gaps import OpenGap, common_words, grouped, home, open_gaps, snippet
from bot.knowledge.load import load
from bot.knowledge.model import ID_LENGTH, Knowledge
from bot.matching import Candidate, Decision
from bot.store.model import Gap
from tests.small import write_small


def gap(
    question: str,
    decision: str = "none",
    picked: dict[str, int] | None = None,
    *,
    told: bool = False,
) -> Gap:
    return Gap(1, question, decision, (), picked or {}, told, 0)


def found(base: Base, *gaps: Gap) -> list[OpenGap]:
    return list(open_gaps(gaps, base.knowledge, base.matcher))


SAME = [
    ("how do I bake bread?", "How do I bake BREAD"),
    ("how do I bake bread?", "baking bread"),
    ("how do I bake bread?", "hi, can you please bake some bread?"),
    ("should I learn Julia?", "is it worth learning julia"),
    ("summer school in Berlin?", "any summer schools in berlin"),
    ("is there a course in Portuguese", "course in portugese?"),
    ("???", "?!"),
    ("深層学習", "深層学習？"),
]
DIFFERENT = [
    ("how do I bake bread?", "how do I bake a cake?"),
    ("do I need a PhD for deep learning", "do I need a GPU for deep learning"),
    ("bread", "which bread goes with a thousand kinds of cheese"),
    ("when was it written", "why was it written"),
    ("is Julia free", "is Kaggle free"),
    ("learn deep learning", "teach deep learning"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_questions_that_ask_the_same_are_one(small_base: Base, one: str, other: str) -> None:
    common = frozenset({"learn", "deep", "worth"}) | common_words(small_base.knowledge)
    assert len(grouped([gap(one), gap(other)], common)) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_questions_that_differ_stay_apart(one: str, other: str) -> None:
    assert len(grouped([gap(one), gap(other)], frozenset({"learn", "deep"}))) == 2


def test_the_most_asked_stands_first_with_all_its_wordings(small_base: Base) -> None:
    bread = ["bread baking", "bake bread", "how do I bake bread at home?", "bake bread"]
    gaps = [gap("feed my cat"), *map(gap, bread)]
    first, second = found(small_base, *gaps)
    assert first.asked == 4
    assert first.question == "how do I bake bread at home?", "the clearest is no bare keywords"
    assert first.wordings[0] == "bake bread", "the most asked wording leads the list"
    assert set(first.wordings) == set(bread)
    assert (second.question, second.asked) == ("feed my cat", 1)


def test_what_the_base_answers_by_now_is_no_gap(small_base: Base) -> None:
    assert found(small_base, gap("what does it cost")) == []


def test_an_answer_that_did_not_help_stays_a_gap(small_base: Base) -> None:
    (one,) = found(small_base, gap("what does it cost", "answer"))
    assert one.nearest is not None
    assert one.nearest.topic == "cost"


def test_who_told_and_what_was_picked_is_summed_over_renamed_topics(
    tmp_path: Path,
) -> None:
    path = write_small(tmp_path) / "topics/gpu.yaml"
    path.write_text(path.read_text("utf-8").replace("id: gpu", "id: cards\nwas: [gpu]"), "utf-8")
    base = Base.of(load(tmp_path))
    (one,) = found(
        base,
        gap("how do I bake bread?", picked={"gpu": 2, "gone": 9}, told=True),
        gap("bake bread", picked={"cards": 1, "cost": 1}, told=True),
        gap("bread baking"),
    )
    assert (one.told, one.picked) == (2, {"cards": 3, "cost": 1})
    assert list(one.picked) == ["cards", "cost"]
    topic = home(one, base.knowledge)
    assert topic is not None
    assert topic.id == "cards"


def open_gap(
    question: str, decision: Decision = Decision.NONE, picked: str | None = None
) -> OpenGap:
    times = {picked: 1} if picked else {}
    return OpenGap(question, (question,), 1, 0, times, {}, {}, decision, Candidate("cost", 0.4))


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (open_gap("odd", Decision.SUGGEST), "cost"),
        (open_gap("odd", Decision.ANSWER), "cost"),
        (open_gap("odd", Decision.NONE), None),
        (open_gap("odd", Decision.NONE, picked="gpu"), "gpu"),
        (open_gap("odd", Decision.SUGGEST, picked="gpu"), "gpu"),
    ],
)
def test_people_know_better_than_the_matcher_where_it_belongs(
    small_base: Base, one: OpenGap, expected: str | None
) -> None:
    topic = home(one, small_base.knowledge)
    assert (topic.id if topic else None) == expected


def pasted(one: OpenGap, base: Base, folder: Path) -> Base:
    """Do what the snippet says, as a maintainer would, and load the result."""
    text = snippet(one, base.knowledge)
    comment, _, yaml = text.partition("\n")
    assert comment.startswith("# ")
    if comment.startswith("# a new file: "):
        path = folder / comment.removeprefix("# a new file: ")
        assert not path.exists()
        path.write_text(yaml + "\n", "utf-8")
    else:
        topic = comment.removeprefix("# the topic ").removesuffix(", under phrasings:")
        path = folder / "topics" / f"{topic}.yaml"
        path.write_text(path.read_text("utf-8") + yaml + "\n", "utf-8")  # phrasings stand last
    return Base.of(load(folder))


def test_a_pasted_phrasing_closes_the_gap(small_base: Base, tmp_path: Path) -> None:
    question = 'can "gift cards" pay: yes & no # ?'
    (one,) = found(small_base, gap(question, picked={"cost": 1}))
    after = pasted(one, small_base, write_small(tmp_path))
    assert question in after.knowledge.topics["cost"].phrasings
    assert found(after, gap(question)) == []


def test_a_pasted_topic_closes_the_gap(small_base: Base, tmp_path: Path) -> None:
    wordings = ["how do I bake bread at home?", "bake bread"]
    (one,) = found(small_base, *map(gap, wordings))
    assert home(one, small_base.knowledge) is None
    after = pasted(one, small_base, write_small(tmp_path))
    assert set(after.knowledge.topics) == {*small_base.knowledge.topics, "bake-bread-home"}
    assert found(after, *map(gap, wordings)) == []


ODD = ["id: [", "it's 'quoted'", '"double"', "- list", "ünïcödé 深層 🧠", "a\n b\tc", "\\"]
ODD += ["null", "yes?", "1.5", "2026-01-02"]


@pytest.mark.parametrize("question", ODD)
def test_odd_questions_make_valid_yaml(small_base: Base, tmp_path: Path, question: str) -> None:
    one = open_gap(" ".join(question.split()))
    after = pasted(one, small_base, write_small(tmp_path))
    (new,) = set(after.knowledge.topics) - set(small_base.knowledge.topics)
    assert after.knowledge.topics[new].phrasings == (one.question,)


def test_a_new_id_is_free(small_base: Base, tmp_path: Path) -> None:
    assert "\nid: gpu-2\n" in snippet(open_gap("gpu?"), small_base.knowledge)


@settings(max_examples=40, deadline=None)
@given(questions=st.lists(st.text(max_size=60), max_size=8))
def test_any_questions_are_grouped_once_each(small_base: Base, questions: list[str]) -> None:
    groups = found(small_base, *(gap(question) for question in questions))
    asked = [group.asked for group in groups]
    assert all(before >= after for before, after in pairwise(asked))
    assert sum(asked) <= len(questions)
    for group in groups:
        assert group.question
        assert group.question in group.wordings
        assert all(line.isprintable() for line in group.wordings)
        id = snippet(group, small_base.knowledge).partition("id: ")[2].partition("\n")[0]
        assert len(id) <= ID_LENGTH


def test_thousands_of_gaps_take_seconds_not_minutes(knowledge: Knowledge) -> None:
    texts = [text for topic in knowledge.topics.values() for text in topic.phrasings]
    gaps = [gap(f"{text} {end}") for text in texts for end in ("really", "please", "now")]
    assert len(gaps) > 5000
    groups = list(islice(grouped(gaps, common_words(knowledge)), 10))
    assert len(groups[0]) >= 3
