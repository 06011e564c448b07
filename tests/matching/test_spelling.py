"""Misspelt words and what they are taken for."""

import pytest

from bot.matching.spelling import speller

KNOWN = speller(
    ["learning", "start", "deep", "prerequisites", "python", "course"], same_start=False
)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("lerning", "learning"),
        ("laerning", "learning"),
        ("strat", "start"),
        ("prerequsites", "prerequisites"),
        ("perrequisits", "prerequisites"),
        ("perrequesits", None),
        ("phyton", "python"),
        ("curse", "course"),
        ("bananas", None),
        ("dee", None),
        ("пайтон", None),
    ],
)
def test_repair_finds_the_word_meant(word: str, expected: str | None) -> None:
    assert KNOWN.nearest(word) == expected


def test_a_long_list_is_searched_under_the_first_letter_only() -> None:
    english = speller(["bread", "tread"], same_start=True)
    assert english.nearest("brfad") == "bread"
    assert english.nearest("xread") is None
