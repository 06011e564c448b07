"""The frame: every sentence that the code asks for is there, and none is left over."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot import limits
from bot.frame import ENGLISH, ONE, OTHER, Frame, Sentence, frame, read, shipped_languages
from bot.knowledge.model import Source
from bot.wording import hours

BOT = Path(__file__).parent.parent / "bot"
CODE = "\n".join(path.read_text("utf-8") for path in BOT.rglob("*.py"))
BUILT = {f"source_{source}" for source in Source} | {
    key
    for key in frame().sentences
    if re.match(r"(detail|standing|why|start|step)_|(missing|ask_on)_[a-z]+$", key)
}


def test_every_sentence_is_used() -> None:
    unused = [
        key
        for key in frame().sentences
        if key not in BUILT and not re.search(f"[\"']{key}[\"']", CODE)
    ]
    assert unused == []


def test_every_sentence_asked_for_exists() -> None:
    asked = set(re.findall(r"\b(?:frame|localised)\(\s*\"([a-z_]+)\"", CODE))
    assert len(asked) > 50
    assert asked <= set(frame().sentences)


LANGUAGES = sorted(shipped_languages())
TRANSLATIONS = [language for language in LANGUAGES if language != ENGLISH]


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_the_same_sentences(language: str) -> None:
    expected = set(read(ENGLISH)) - {"languages"}
    assert sorted(expected - set(read(language))) == [], "missing"
    assert sorted(set(read(language)) - expected) == [], "surplus"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_fills_in_the_same_names(language: str) -> None:
    english, translated = frame(ENGLISH).sentences, frame(language).sentences
    differing = [key for key in translated if names(translated[key]) != names(english[key])]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_whole(language: str) -> None:
    """Each is text, or has exactly the forms of one that counts; twelve months have names."""
    spoken = frame(language)
    assert len(spoken.months) == 12
    for key, sentence in spoken.sentences.items():
        assert isinstance(sentence, str) or set(sentence) == {ONE, OTHER}, key
        assert all(form.strip() == form != "" for form in forms(sentence)), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_discord_takes_the_names_of_commands(language: str) -> None:
    for key, sentence in frame(language).sentences.items():
        assert isinstance(sentence, str) or not key.startswith(("cmd_", "menu_")), key
        assert not key.startswith("cmd_") or len(sentence) <= limits.COMMAND_DESCRIPTION, key
        assert not key.startswith("menu_") or len(sentence) <= limits.COMMAND_NAME, key


@pytest.mark.parametrize("form", ["missing", "ask_on"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_are_short_enough(language: str, form: str) -> None:
    spoken = frame(language)
    assert len(spoken(f"{form}_title")) <= limits.MODAL_TITLE
    assert len(spoken(f"{form}_label")) <= limits.LABEL
    assert len(spoken(f"{form}_hint")) <= limits.LABEL_DESCRIPTION
    assert len(spoken(f"{form}_example")) <= limits.PLACEHOLDER


def test_a_sentence_that_counts_speaks_of_one_or_several() -> None:
    told = Frame("en", {"votes": {"one": "{count} vote", "other": "{count} votes"}}, {}, ())
    assert [told("votes", count=n) for n in (0, 1, 2)] == ["0 votes", "1 vote", "2 votes"]


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de", "de"), ("de-AT", "de"), ("en-US", "en"), ("en-GB", "en"), ("pt-BR", "en"), ("", "en")],
)
def test_a_locale_without_a_file_is_spoken_to_in_english(locale: str, language: str) -> None:
    assert frame(locale).language == language


def test_dates_read_as_people_write_them() -> None:
    assert frame("en").month(date(2026, 11, 3)) == "Nov 2026"
    assert frame("de").month(date(2026, 11, 3)) == "Nov. 2026"
    assert frame("de").month(date(2026, 5, 3)) == "Mai 2026"


def forms(sentence: Sentence) -> list[str]:
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def names(sentence: Sentence) -> list[str]:
    """Return the {names} of a sentence; of one that counts, those of its general form."""
    text = sentence if isinstance(sentence, str) else sentence[OTHER]
    return sorted(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize(("language", "half", "two"), [("en", "0.5", "2"), ("de", "0,5", "2")])
def test_half_hours_are_written_as_the_language_does(language: str, half: str, two: str) -> None:
    assert [hours(number, frame(language)) for number in (0.5, 2.0)] == [half, two]
