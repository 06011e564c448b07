"""Normalising, cutting, stemming and repairing text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.text import (
    LONGEST,
    normalise,
    sentences,
    stem,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't PANIC", ["do", "not", "panic"]),
        ("I’m new, whats fast.ai?", ["i", "am", "new", "what", "is", "fastai"]),
        ("heeeelp meeee", ["help", "me"]),
        ("u wanna learn C++ / C#", ["you", "want", "to", "learn", "c++", "c#"]),
        ("<@123> <:smile:99> hi <#5>", ["hi"]),
        ("see https://example.org/a?b=c now", ["see", "now"]),
        ("[the course](https://example.org) is ok", ["the", "course", "is", "ok"]),
        ("```py\nimport x\n```after", ["after"]),
        ("zero\u200bwidth", ["zerowidth"]),
        ("café naïve", ["cafe", "naive"]),
        ("ｆｕｌｌ ｗｉｄｔｈ", ["full", "width"]),
        ("🙂🙂", []),
        ("", []),
    ],
)
def test_words_of_a_normalised_text(text: str, expected: list[str]) -> None:
    assert words(normalise(text)) == expected


def test_doubled_letters_are_kept() -> None:
    assert words(normalise("good book")) == ["good", "book"]


@pytest.mark.parametrize(
    "family",
    [
        ("learn", "learns", "learning", "learned", "learner", "learners"),
        ("start", "starting", "started", "starts"),
        ("study", "studies", "studying"),
        ("course", "courses"),
        ("beginner", "beginners", "begin", "beginning"),
    ],
)
def test_one_stem_for_a_family(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize("pair", [("cost", "course"), ("free", "freeze"), ("math", "match")])
def test_different_words_keep_different_stems(pair: tuple[str, str]) -> None:
    assert stem(pair[0]) != stem(pair[1])


def test_sentences_are_cut_at_ends_and_breaks() -> None:
    assert sentences("i use fast.ai. is it free? yes\nthanks") == [
        "i use fast.ai",
        "is it free",
        "yes",
        "thanks",
    ]


@given(st.text(max_size=300))
def test_normalising_never_fails_and_keeps_words_bounded(text: str) -> None:
    found = words(normalise(text))
    assert all(found)
    assert all(stem(word) for word in found)


@pytest.mark.parametrize(
    "unit", ["a", "```", "<@", "[x](", "don't ", "a.", "é", "https://", "'", "\n"]
)
def test_time_grows_with_the_length_only(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        spent = []
        for _ in range(7):
            started = time.perf_counter()
            sentences(normalise(text))
            spent.append(time.perf_counter() - started)
        return min(spent)

    assert seconds(LONGEST) < 3 * 8 * max(seconds(LONGEST // 8), 2e-5)
