"""Each rule with what it must find, at file and line, and what it must leave alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.lint import Finding, Severity

Change = Callable[[str, str, str], None]
Found = Callable[[], list[Finding]]

LOAF, FLOUR, OFF = "topics/first-loaf.yaml", "topics/flour.yaml", "off-topic.yaml"
BOOK, FACETS, ABOUT = "resources/all.yaml", "facets.yaml", "about.yaml"
ANSWER = "Strong white flour forgives the most."


def sentence(length: int) -> str:
    """Return a text of exactly that many characters."""
    return ("Flour and water make dough. " * (length // 28 + 1))[: length - 1] + "x"


def styles(count: int, description: str = "", kind: str = "style") -> str:
    told = f", description: {description}" if description else ""
    return ", ".join(f"{{id: {kind}-{n}, label: {kind} {n}{told}}}" for n in range(count))


TITLE, ANSWER = "title: Which flour", "answer: Strong white flour forgives the most."
TWO_CLAIMS = f"answer: [{sentence(210)}, {sentence(210)}]"
RYE, BICYCLE = "spelt or rye", "how do I fix my bicycle"
ALIASES, STYLE = "[the sourdough book]", "{id: by-hand, label: by hand}"
CHECKED = f"{ALIASES}\n    as_of: 2026-11-01"
HOT = "steam in the oven, how hot must it be"

# (rule, severity, file, old text, new text, line of the finding in that file)
PLANTED = [
    ("collision", "error", FLOUR, RYE, "How do I bake my FIRST loaf?!", 11),
    ("collision", "error", OFF, BICYCLE, "spelt or rye??", 2),
    ("repeated", "warning", FLOUR, "how to store flour", "which  flour is BEST?", 13),
    ("near-duplicate", "warning", FLOUR, RYE, "how do i bake my frist loaf", 11),
    ("near-duplicate", "warning", FLOUR, RYE, "my first loaf, how bake I do", 11),
    ("near-duplicate", "warning", OFF, BICYCLE, "is wholemeal flour hard to use", 2),
    ("lost-phrasing", "warning", LOAF, "teach me to bake", HOT, 12),
    ("few-phrasings", "warning", FLOUR, "  - how to store flour\n", "", 6),
    ("long-answer", "warning", FLOUR, ANSWER, f"answer: {sentence(241)}", 3),
    ("long-answer", "warning", FLOUR, ANSWER, TWO_CLAIMS, 3),
    ("unsuggested", "warning", LOAF, "[slow-dough]", "[oven-talk]", None),
    ("no-suggestions", "warning", FLOUR, "suggestions: [oven-talk]\n", "", 1),
    ("old-facts", "warning", BOOK, CHECKED, CHECKED.replace("2026-11-01", "2025-11-21"), 11),
    ("old-facts", "warning", ABOUT, "checked: 2026-11-01", "checked: 2024-01-01", 3),
    ("old-facts", "warning", FLOUR, ANSWER, "answer: [{text: Cheap., as_of: 2020-05-05}]", 3),
    ("future-date", "warning", BOOK, CHECKED, CHECKED.replace("2026-11-01", "2062-11-01"), 11),
    ("future-date", "warning", ABOUT, "checked: 2026-11-01", "checked: 2026-11-25", 3),
    ("future-date", "warning", FLOUR, ANSWER, "answer: [{text: Cheap., as_of: 2027-05-05}]", 3),
    ("long-title", "warning", FLOUR, TITLE, f"title: {sentence(61)}", 2),
    ("long-title", "warning", BOOK, "title: Slow Dough", f"title: {sentence(80)}", 3),
    ("discord-limit", "error", FLOUR, TITLE, f"title: {sentence(81)}", 2),
    ("discord-limit", "error", FLOUR, TITLE, f"{TITLE}\nheading: {sentence(281)}", 3),
    ("discord-limit", "error", FLOUR, TITLE, f"{TITLE}\nmore: {sentence(2801)}", 3),
    ("discord-limit", "error", FLOUR, TITLE, f"{TITLE}\nmore: {'д' * 1001}", 3),
    ("discord-limit", "error", FLOUR, TITLE, f"{TITLE}\nsecond: {sentence(281)}", 3),
    (
        "discord-limit",
        "error",
        FLOUR,
        "[oven-talk]",
        f"[{{resource: oven-talk, why: {sentence(281)}}}]",
        4,
    ),
    ("discord-limit", "error", BOOK, "A patient book on sourdough.", sentence(281), 5),
    ("discord-limit", "error", BOOK, ALIASES, f"[dough]\n    price: {sentence(2801)}", 2),
    ("discord-limit", "error", FACETS, "label: by hand", f"label: {sentence(81)}", 1),
    ("discord-limit", "error", FACETS, STYLE, f"{STYLE}, {styles(25)}", 1),
    (
        "discord-limit",
        "error",
        FACETS,
        f"{STYLE}]\nformats: [",
        f"{STYLE}, {styles(13, 'by hand')}]\nformats: [{styles(12, 'a book', 'format')}, ",
        1,
    ),
    ("discord-limit", "error", ABOUT, "[first-loaf]", f"[{', '.join(['first-loaf'] * 11)}]", 4),
    ("shared-alias", "warning", BOOK, ALIASES, "[books]", 10),
    ("shared-alias", "warning", BOOK, "title: Oven Talk", "title: The Sour-Dough Book", 13),
    ("file-name", "warning", FLOUR, "id: flour", "id: flours", 1),
]


@pytest.mark.parametrize(("rule", "severity", "file", "old", "new", "line"), PLANTED)
def test_a_rule_finds_what_is_planted_and_nothing_else(
    bakery: Path,
    change: Change,
    found: Found,
    rule: str,
    severity: str,
    file: str,
    old: str,
    new: str,
    line: int | None,
) -> None:
    change(file, old, new)
    findings = found()
    assert [(one.rule, str(one.severity)) for one in findings] == [(rule, severity)]
    if line is not None:
        assert findings[0].file == str(bakery / file)
        assert findings[0].line == line
    assert findings[0].column >= 1
    assert ";" in findings[0].message, "what is wrong; the cure"


LEFT_ALONE = [
    ("the same words for another thing", FLOUR, RYE, "how hot must the flour be"),
    ("its own name as an alias", BOOK, ALIASES, "[Slow Dough, slow-dough, slowdough]"),
    ("an answer of 240 characters", FLOUR, ANSWER, f"answer: {sentence(240)}"),
    ("a title of 60 characters", FLOUR, TITLE, f"title: {sentence(60)}"),
    ("a year", BOOK, CHECKED, CHECKED.replace("2026-11-01", "2025-11-23")),
    ("tomorrow", BOOK, CHECKED, CHECKED.replace("2026-11-01", "2026-11-24")),
    ("the post", FLOUR, ANSWER, "answer: [{text: Cheap., source: post, as_of: 2018-05-05}]"),
    ("its author", FLOUR, ANSWER, "answer: [{text: Cheap., source: author, as_of: 2019-05-05}]"),
    ("phrasings without words", OFF, BICYCLE, '"..."\n  - "???"'),
    ("off-topic twice in other words", OFF, "", "  - how do I mend a bicycle\n"),
    ("advice of 2,800 characters", FLOUR, TITLE, f"{TITLE}\nmore: {sentence(2800)}"),
    ("25 styles", FACETS, STYLE, f"{STYLE}, {styles(24)}"),
    ("24 ways to learn", FACETS, STYLE, f"{STYLE}, {styles(24, 'by hand')}"),
]


@pytest.mark.parametrize(("what", "file", "old", "new"), LEFT_ALONE)
def test_a_rule_leaves_alone(
    change: Change, found: Found, what: str, file: str, old: str, new: str
) -> None:
    change(file, old, new)
    assert found() == []


def test_a_flawless_base_has_no_findings(found: Found) -> None:
    assert found() == []


def test_a_base_without_off_topic_and_with_one_topic_is_looked_at(
    bakery: Path, found: Found
) -> None:
    for name in (OFF, FLOUR, "topics/oven.yaml"):
        (bakery / name).unlink()
    assert [one.rule for one in found()] == ["unsuggested"]


def test_the_topic_that_a_phrasing_refines_may_win_it(change: Change, found: Found) -> None:
    change(LOAF, "teach me to bake", "steam in the oven, how hot must it be")
    change(LOAF, "title: The first loaf", "title: The first loaf\nbroader: [oven]")
    assert found() == []


def test_a_collision_names_the_other_place(bakery: Path, change: Change, found: Found) -> None:
    change(FLOUR, "spelt or rye", "teach me to bake")
    (finding,) = found()
    assert f"topic `first-loaf` ({bakery / LOAF}:12)" in finding.message


def test_old_facts_of_an_entry_are_one_finding_at_the_oldest(change: Change, found: Found) -> None:
    dated = "{text: Cheap., as_of: 2024-01-01}, {text: Dear., as_of: 2021-01-01}"
    change(FLOUR, ANSWER, f"answer: [{dated}]")
    (finding,) = found()
    assert "2021-01-01 (and 1 more here)" in finding.message


def test_a_broken_base_is_looked_at_as_far_as_it_can_be_read(change: Change, found: Found) -> None:
    change(LOAF, "suggestions: [slow-dough]", "suggestions: [slow-doug]")
    change(FLOUR, "spelt or rye", "teach me to bake")
    change("topics/oven.yaml", "title: The oven", "titel: The oven")
    findings = found()
    assert {one.rule for one in findings} == {"valid", "collision"}
    assert all(one.severity is Severity.ERROR for one in findings)
    told = " ".join(one.message for one in findings)
    assert "`slow-dough`?" in told
    assert "`title`?" in told
    assert "teach me to bake" in told


def test_more_phrasings_than_are_told_apart_finely_are_said(
    monkeypatch: pytest.MonkeyPatch, found: Found
) -> None:
    monkeypatch.setattr("bot.lint.phrasings.MOST_SOLVED", 10)
    (finding,) = found()
    assert finding.rule == "many-phrasings"
    assert "more than 10 phrasings" in finding.message
