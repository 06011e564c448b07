"""Texts and their numbers in arrays: a mapping like any other, however it was made."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.numbered import Numbered


@given(st.dictionaries(st.text(max_size=6), st.integers(0, 2**31 - 1)), st.text(max_size=6))
def test_it_is_the_dictionary_that_it_was_made_of(numbers: dict[str, int], other: str) -> None:
    made = Numbered.of(numbers)
    for one in (made, pickle.loads(pickle.dumps(made))):
        assert list(one.items()) == list(numbers.items())
        assert one.get(other) == numbers.get(other)
        assert (other in one) == (other in numbers)


def test_texts_that_share_a_place_are_told_apart() -> None:
    """Half of the slots are free at most, so that of a thousand texts many meet."""
    numbers = {f"word {n}": n for n in range(1000)}
    made = Numbered.of(numbers)
    assert dict(made) == numbers
    assert [text for text in (f"words {n}" for n in range(1000)) if text in made] == []


def test_what_is_no_text_at_all_is_unknown() -> None:
    made = Numbered.of({"a": 1})
    assert made.get("\ud800") is None
    assert 1 not in made
    with pytest.raises(KeyError):
        made["b"]
