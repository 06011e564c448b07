"""A hundred ways to break a base by a small slip: each is told in a sentence, at its line."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.knowledge.conftest import problems

TOPIC = """\
# a new topic
id: tea
title: Tea
answer: Drink some.
phrasings:
  - what about tea
suggestions: [kaggle]
"""
RESOURCE = """\
# a new group
resources:
  - id: tea-book
    title: The Book of Tea
    url: https://example.org/tea
    why: To rest.
    style: mixed
    format: book
    cost: free
    level: none
    as_of: 2026-11-23
"""
NEW_TOPIC, NEW_RESOURCE = "topics/tea.yaml", "resources/tea.yaml"
BOMB = "id: tea\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


def no_costs(folder: Path) -> None:
    """`/start` asks what it may cost, from the cheapest on."""
    path = folder / "facets.yaml"
    before, _, rest = path.read_text("utf-8").partition("costs:\n")
    path.write_text(f"{before}costs: []\n\nlevels:{rest.partition('levels:')[2]}", "utf-8")


@dataclass(frozen=True)
class Slip:
    """A change to a copy of the shipped base, and the one problem that it makes."""

    change: Callable[[Path], object]
    file: str
    line: int | str  # or the text that stands there
    says: tuple[str, ...]

    def line_in(self, folder: Path) -> int:
        if isinstance(self.line, int):
            return self.line
        text = (folder / self.file).read_text("utf-8")
        return text[: text.index(self.line)].count("\n") + 1


def topic(old: str, new: str, line: int, *says: str) -> Slip:
    """Return a slip in a new topic, which is fine without it."""
    assert TOPIC.count(old) == 1
    return written(NEW_TOPIC, TOPIC.replace(old, new), line, *says)


def topic_with(lines: str, line: int, *says: str) -> Slip:
    """Return a slip in lines at the end of a new topic; they begin in line 8."""
    return written(NEW_TOPIC, TOPIC + lines, line, *says)


def resource(old: str, new: str, line: int, *says: str) -> Slip:
    """Return a slip in a new resource."""
    assert RESOURCE.count(old) == 1
    return written(NEW_RESOURCE, RESOURCE.replace(old, new), line, *says)


def resource_with(lines: str, line: int, *says: str) -> Slip:
    """Return a slip in lines at the end of a new resource; they begin in line 12."""
    return written(NEW_RESOURCE, RESOURCE + lines, line, *says)


def written(file: str, content: str | bytes, line: int, *says: str) -> Slip:
    data = content.encode() if isinstance(content, str) else content
    return Slip(lambda folder: (folder / file).write_bytes(data), file, line, says)


def shipped(file: str, old: str, new: str, *says: str) -> Slip:
    """Return a slip in a shipped file, told where the new text stands."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")

    return Slip(change, file, new, says)


def done(change: Callable[[Path], object], file: str, *says: str) -> Slip:
    """Return a slip that concerns a file or folder as such."""
    return Slip(change, file, 1, says)


def two_heirs(folder: Path) -> None:
    for id in ("coffee", "tea"):
        text = TOPIC.replace("id: tea", f"id: {id}") + "was: [old]\n"
        (folder / f"topics/{id}.yaml").write_text(text, "utf-8")


def round_trip(folder: Path) -> None:
    for id, other in (("coffee", "tea"), ("tea", "coffee")):
        text = TOPIC.replace("id: tea", f"id: {id}") + f"broader: [{other}]\n"
        (folder / f"topics/{id}.yaml").write_text(text, "utf-8")


def huge(folder: Path) -> None:
    with (folder / NEW_TOPIC).open("wb") as file:
        file.truncate(50_000_000)


def only_files(folder: Path) -> None:
    for path in (folder / "topics").iterdir():
        path.unlink()


SLIPS = {
    # keys
    "a typo in a key": topic("title", "titel", 3, "unknown key `titel`. Did you mean `title`?"),
    "the issue's own typo": topic("phrasings", "phrasing", 5, "`phrasing`", "`phrasings`?"),
    "a key of our dreams": topic_with("mood: good\n", 8, "unknown key `mood`", "phrasings"),
    "a key missing": topic("title: Tea\n", "", 2, "`title` is missing; add the line `title: …`"),
    "a key twice": topic_with("title: Coffee\n", 8, "`title` stands here again", "line 3", "keep"),
    "a key in a claim": topic(
        "Drink some.", "[{txt: a}]", 4, "unknown key `txt`. Did you mean `text`?"
    ),
    "a key in a suggestion": topic_with(
        "more: [{text: a, suorce: post}]\n", 8, "unknown key `suorce`. Did you mean `source`?"
    ),
    "a key that is a list": topic_with("? [a, b]\n: c\n", 8, "a key must be a plain word"),
    "a key without its colon": topic("title: Tea", "title Tea", 3, "`key: value`"),
    "no resource in a suggestion": topic(
        "[kaggle]", "[{why: It helps.}]", 7, "`resource` is missing"
    ),
    # values that YAML reads as something else
    "no": topic("title: Tea", "title: no", 3, "`no` is read as a yes-or-no value", "quotes"),
    "a phrasing yes": topic("what about tea", "yes", 6, "entry 1", "`yes` is read as"),
    "a number": topic("title: Tea", "title: 2026", 3, "`2026` is read as a number", "quotes"),
    "an hour of day": topic("title: Tea", "title: 5:30", 3, "`5:30` is read as a number"),
    "a date": topic("title: Tea", "title: 2026-11-23", 3, "`2026-11-23` is read as a date"),
    "a day that is none": topic(
        "Drink some.", "[{text: a, as_of: 2026-13-45}]", 4, "`2026-13-45` is not a day", "year-"
    ),
    "a month": topic("Drink some.", "[{text: a, as_of: Oct 2026}]", 4, "`Oct 2026` is not a day"),
    "a year": topic("Drink some.", "[{text: a, as_of: 2026}]", 4, "`2026` is not a day", "write"),
    "an equals sign": topic("title: Tea", "title: =", 3, "`=` has a meaning of its own", "quotes"),
    "a number of many digits": topic("title: Tea", "title: " + "9" * 5000, 3, "a number", "quote"),
    "a colon in a phrasing": topic(
        "what about tea", "question: what about tea", 6, "`: ` makes `question` a key", "quote"
    ),
    "a colon in a title": topic("title: Tea", "title: Tea: hot", 3, "contains `: `", "quotes"),
    # values of the wrong kind
    "nothing": topic("title: Tea", "title:", 3, "`title`: there is no value", "remove the line"),
    "an empty text": topic("title: Tea", 'title: " "', 3, "there is nothing in it", "write"),
    "an empty entry": topic("- what about tea", "-", 6, "entry 1: there is no value"),
    "an empty list": topic("\n  - what about tea", " []", 5, "the list is empty", "at least one"),
    "a text for a list": topic("\n  - what about tea", " what", 5, "`what` is not a list", "-"),
    "a list for a text": topic("title: Tea", "title: [Tea]", 3, "a list where one text belongs"),
    "keys for a list": topic("Drink some.", "{text: a}", 4, "keys stand where", "begin", "-"),
    "a number for an answer": topic("Drink some.", "[5]", 4, "`5` is read as a number", "quotes"),
    "a line break": topic("title: Tea", 'title: "a\\nb"', 3, "has a line break", "one line"),
    "no id": topic("id: tea", "id: Green Tea!", 2, "`Green Tea!` is not an id", "`green-tea`"),
    "a long id": topic("id: tea", f"id: {'x' * 41}", 2, "has 41 characters", "40 or fewer"),
    "no source": topic(
        "Drink some.", "[{text: a, source: posts}]", 4, "`posts` is unknown", "mean `post`?"
    ),
    "no statement": topic("Drink some.", "[{text: a, atoms: [A12]}]", 4, "`A12`", "like A012"),
    # resources
    "no address": resource("https://", "www.", 5, "is not a web address", "write it whole"),
    "a misspelt address": resource("https:", "htps:", 5, "`htps://example.org/tea`", "whole"),
    "an address with a space": resource("/tea", "/a b", 5, "is not a web address"),
    "an address without a dot": resource("example.org/tea", "example", 5, "not a web address"),
    "an address to run": resource("https://example.org/tea", "javascript:x.y", 5, "web address"),
    "hours in words": resource_with("    hours: ten\n", 12, "`ten` is not a number", "digits"),
    "hours of yes": resource_with("    hours: yes\n", 12, "`yes` is not a number"),
    "no hours": resource_with("    hours: 0\n", 12, "`0` is not above 0"),
    "endless hours": resource_with("    hours: .inf\n", 12, "`.inf` is not a number of hours"),
    "a list of links": resource_with("    links: [a]\n", 12, "a list stands where", "remove"),
    "a bad link": resource_with("    links: {Code: tea}\n", 12, "`Code`: `tea` is not a web"),
    "a nameless link": resource_with('    links: {"": https://a.b}\n', 12, "a name: there is no"),
    "a language in full": resource_with("    language: eng\n", 12, "`eng`", "two letters"),
    "no evidence": resource_with("    evidence: good\n", 12, "`good` is unknown", "weak"),
    "no date": resource("    as_of: 2026-11-23\n", "", 3, "`as_of` is missing"),
    "a resource alone": written(NEW_RESOURCE, "id: tea\n", 1, "has one key, `resources`"),
    "resources without a list": written(NEW_RESOURCE, "resources: {a: 1}\n", 1, "must be a list"),
    "resources of words": written(NEW_RESOURCE, "resources: [tea]\n", 1, "`key: value` lines"),
    # references
    "a resource unknown": topic("kaggle", "kagle", 7, "no resource has the id `kagle`. Did you"),
    "a resource out of the blue": topic("kaggle", "zzzzzzz", 7, "`zzzzzzz`; add it, or refer"),
    "a resource twice": topic("[kaggle]", "[kaggle, kaggle]", 7, "suggested twice", "keep"),
    "a topic unknown": topic_with(
        "broader: [costs]\n", 8, "no topic has the id `costs`", "`cost`?"
    ),
    "a style unknown": topic_with("style: topdown\n", 8, "no style", "mean `top-down`?"),
    "a format unknown": resource("book\n    cost", "bok\n    cost", 8, "no format", "`book`?"),
    "a cost unknown": resource("free", "fre", 9, "no cost has the id `fre`", "`free`?"),
    "a cost out of the blue": resource("free", "gratis", 9, "or use free, freemium"),
    "a level unknown": resource("none", "nome", 10, "no level", "`none`?"),
    "a field unknown": resource_with("    fields: [wether]\n", 12, "no field", "`weather`?"),
    "a topic broader than itself": topic_with("broader: [tea]\n", 8, "leads back", "`tea` → `tea`"),
    "a circle": Slip(
        round_trip, "topics/coffee.yaml", 8, ("leads back", "`coffee` → `tea` → `coffee`", "cut")
    ),
    "an id taken": topic("id: tea", "id: cost", 2, "is already the id of", "topics/cost.yaml:2"),
    "a former id in use": topic_with("was: [cost]\n", 8, "`cost` is another entry's id", "remove"),
    "its own former id": topic_with("was: [tea]\n", 8, "`tea` is this entry's own id", "remove"),
    "a former id of two": Slip(
        two_heirs, NEW_TOPIC, 8, ("`old` is a former id of `coffee` too", "remove one")
    ),
    "a featured topic gone": shipped(
        "about.yaml", "featured: [getting-started", "featured: [start", "no topic", "`start`"
    ),
    "a style twice": shipped(
        "facets.yaml",
        "  - id: mixed",
        "  - {id: top-down, label: twice}\n  - id: mixed",
        "`top-down` stands twice under styles",
    ),
    "a style that is a format": shipped(
        "facets.yaml",
        "  - {id: video, plan",
        "  - {id: mixed, label: twice}\n  - {id: video, plan",
        "`mixed` is an id under styles too",
        "choose another",
    ),
    "no cost at all": Slip(
        no_costs, "facets.yaml", "costs: []", ("`costs`: the list is empty", "one entry")
    ),
    # YAML itself
    "a tab": topic("  - what", "\t- what", 6, "a tab cannot indent YAML; use spaces"),
    "a tab before a key": topic("title:", "\ttitle:", 3, "a tab cannot indent YAML"),
    "an at sign": topic("title: Tea", "title: @tea", 3, "cannot begin with @", "quote"),
    "a backtick": topic("title: Tea", "title: `tea`", 3, "cannot begin with `", "quote"),
    "bold text": topic("title: Tea", "title: **Tea** is good", 3, "cannot begin with *", "quote"),
    "a reference": topic("title: Tea", "title: *tea", 3, "`*tea` refers to another place", "write"),
    "an anchor": topic("title: Tea", "title: &tea Tea", 3, "`&tea` names a place", "remove it"),
    "a tag": topic(
        "title: Tea", "title: !!python/name:os.system Tea", 3, "is a YAML tag", "remove"
    ),
    "a merge": topic_with("<<: {title: x}\n", 8, "unknown key `<<`"),
    "an open quote": topic("title: Tea", 'title: "Tea', 3, "this quote is never closed"),
    "a quote in a quote": topic("title: Tea", "title: 'it's tea'", 3, "a quote ends here", "''"),
    "a backslash": topic("title: Tea", r'title: "C:\tea\q"', 3, "a backslash", "single quotes"),
    "an open bracket": topic("[kaggle]", "[kaggle", 7, "this bracket is not closed"),
    "two documents": topic_with("---\nid: b\n", 8, "a second document begins here", "remove"),
    "a bad indent": topic("title: Tea", "  title: Tea", 3, "needs quotes", "`: `"),
    "an invisible character": topic(
        "Tea", "Te\x07a", 3, "the invisible character U+0007", "delete"
    ),
    "an escape for one": topic("title: Tea", 'title: "a\\0"', 3, "U+0000", "delete its escape"),
    "deep nesting": topic("[kaggle]", "[" * 100_000, 7, "nested more than 20 deep"),
    # files
    "nothing in a file": written(NEW_TOPIC, "", 1, "the file is empty", "template"),
    "only a comment": written(NEW_TOPIC, "# soon\n", 1, "the file is empty"),
    "a null": written(NEW_TOPIC, "~\n", 1, "the file needs `key: value` lines"),
    "a list": written(NEW_TOPIC, "- id: tea\n", 1, "the file needs `key: value` lines"),
    "a word": written(NEW_TOPIC, "tea\n", 1, "the file needs `key: value` lines"),
    "Latin-1": written(NEW_TOPIC, TOPIC.replace("some", "thé").encode("latin-1"), 4, "not UTF-8"),
    "UTF-16": written(NEW_TOPIC, TOPIC.encode("utf-16"), 1, "not UTF-8", "save the file as"),
    "binary junk": written(NEW_TOPIC, bytes(range(128)) * 40, 1, "U+0000; delete"),
    "50 MB": done(huge, NEW_TOPIC, "larger than 1000 kB", "split"),
    "a folder": done(lambda f: (f / NEW_TOPIC).mkdir(), NEW_TOPIC, "is a folder", "move"),
    "a pipe": done(lambda f: os.mkfifo(f / NEW_TOPIC), NEW_TOPIC, "is a device or pipe"),
    "a link to itself": done(
        lambda f: (f / NEW_TOPIC).symlink_to("tea.yaml"), NEW_TOPIC, "cannot be read", "remove it"
    ),
    "a link to nothing": done(
        lambda f: (f / NEW_TOPIC).symlink_to("gone.yaml"), NEW_TOPIC, "a link to a file that is"
    ),
    "no about": done(lambda f: (f / "about.yaml").unlink(), "about.yaml", "is missing; add it"),
    "no facets": done(lambda f: (f / "facets.yaml").unlink(), "facets.yaml", "is missing; add it"),
    "no topics folder": done(lambda f: shutil.rmtree(f / "topics"), "topics", "no such folder"),
    "no resources folder": done(lambda f: shutil.rmtree(f / "resources"), "resources", "no such"),
    "no topic": done(only_files, "topics", "holds no topic"),
    "a misnamed file": done(
        lambda f: (f / "vocabulary.yaml").rename(f / "vocabulry.yaml"),
        "vocabulry.yaml",
        "is not read; rename it to vocabulary.yaml",
    ),
    "another suffix": done(
        lambda f: (f / "off-topic.yaml").rename(f / "off-topic.yml"), "off-topic.yml", "rename"
    ),
    "a newer format": shipped("about.yaml", "format: 1", "format: 2", "is newer", "update"),
    "an older format": shipped("about.yaml", "format: 1", "format: 0", "`0` is unknown"),
    "no date of checking": shipped("about.yaml", "checked: 2", "checked: x2", "is not a day"),
    "a colour in words": shipped(
        "facets.yaml", 'colour: "#2E8B57"', "colour: green", "`green` is not a colour"
    ),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told_at_its_line_with_the_cure(slip: Slip, base_copy: Path) -> None:
    slip.change(base_copy)
    found = problems(base_copy)
    where = [(problem.file, problem.line) for problem in found]
    assert where == [(str(base_copy / slip.file), slip.line_in(base_copy))], found
    message = found[0].message
    assert all(words in message for words in slip.says), message
    assert "\n" not in message
    assert len(message) < 250


def test_an_entry_without_a_slip_loads(base_copy: Path) -> None:
    """Or the table above would prove nothing."""
    (base_copy / NEW_TOPIC).write_text(TOPIC, "utf-8")
    (base_copy / NEW_RESOURCE).write_text(RESOURCE, "utf-8")
    assert problems(base_copy) == ()


def test_an_alias_bomb_is_refused_alias_by_alias(base_copy: Path) -> None:
    (base_copy / NEW_TOPIC).write_text(BOMB, "utf-8")
    messages = [problem.message for problem in problems(base_copy)]
    assert sum("`*a` refers to another place" in message for message in messages) == 2
    assert sum("`*b` refers to another place" in message for message in messages) == 2


def test_every_slip_is_told_at_once_in_the_order_of_the_files(base_copy: Path) -> None:
    names = ("a typo in a key", "no address", "a featured topic gone", "a colour in words")
    for name in names:
        SLIPS[name].change(base_copy)
    found = problems(base_copy)
    files = ["about.yaml", "facets.yaml", NEW_RESOURCE, NEW_TOPIC]
    assert [problem.file for problem in found] == [str(base_copy / file) for file in files]
    assert list(found) == sorted(found)


def test_a_broken_file_makes_no_noise_in_the_files_that_refer_to_it(base_copy: Path) -> None:
    (base_copy / "resources/fast-ai.yaml").write_text("resources: [\n", "utf-8")
    (base_copy / "topics/cost.yaml").write_text("id: cost: x\n", "utf-8")
    files = [Path(problem.file).name for problem in problems(base_copy)]
    assert files == ["fast-ai.yaml", "cost.yaml"]


def test_a_thousand_slips_in_a_file_are_counted_not_listed(base_copy: Path) -> None:
    (base_copy / NEW_TOPIC).write_text(TOPIC.replace("  - what", "  - 1\n" * 1000 + "  - what"))
    found = problems(base_copy)
    assert len(found) == 101
    assert found[-1].message == "and 900 more problems in this file; mend the ones above first"


@pytest.mark.parametrize("name", ["nowhere", "about.yaml", "empty"])
def test_what_is_no_base_gets_one_sentence(name: str, base_copy: Path) -> None:
    (base_copy / "empty").mkdir()
    found = problems(base_copy / name)
    assert len(found) == 1
    assert "name another" in found[0].message
