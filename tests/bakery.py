"""A flawless base about baking, for tests that plant one flaw in it or edit one line."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "about.yaml": """\
subject: baking bread
advice: Grandmother's notes, 2019
checked: 2026-11-01
featured: [first-loaf]
""",
    "facets.yaml": """\
styles: [{id: by-hand, label: by hand}]
formats: [{id: book, label: book, aliases: [books]}, {id: video, label: video}]
costs: [{id: free, label: free}]
levels: [{id: none, label: nothing needed}]
fields: [{id: general, label: any bread}]
""",
    "resources/all.yaml": """\
resources:
  - id: slow-dough
    title: Slow Dough
    url: https://example.org/slow-dough
    why: A patient book on sourdough.
    style: by-hand
    format: book
    cost: free
    level: none
    aliases: [the sourdough book]
    as_of: 2026-11-01
  - id: oven-talk
    title: Oven Talk
    url: https://example.org/oven-talk
    why: Watch what heat does to a crust.
    style: by-hand
    format: video
    cost: free
    level: none
    as_of: 2026-11-01
""",
    "topics/first-loaf.yaml": """\
id: first-loaf
title: The first loaf
answer: Mix, wait, fold, wait, bake.
suggestions: [slow-dough]
phrasings:
  - how do I bake my first loaf
  - where to begin with baking bread
  - I have never made bread
  - starting out as a baker
  - first steps in bread making
  - simple loaf for a beginner
  - teach me to bake
  - what should I bake first
""",
    "topics/flour.yaml": """\
id: flour
title: Which flour
answer: Strong white flour forgives the most.
suggestions: [oven-talk]
phrasings:
  - which flour is best
  - difference between rye and wheat flour
  - is wholemeal flour harder to use
  - what does strong flour mean
  - flour with more protein
  - spelt or rye
  - where to buy good flour
  - how to store flour
""",
    "topics/oven.yaml": """\
id: oven
title: The oven
answer: As hot as it goes, with steam.
suggestions: [oven-talk]
phrasings:
  - how hot must the oven be
  - gas or electric oven
  - do I need a baking stone
  - steam in the oven
  - my crust is pale
  - temperature for rolls
  - fan setting or not
  - preheating, how long
""",
    "off-topic.yaml": """\
phrasings:
  - how do I fix my bicycle
""",
}


def write_bakery(folder: Path) -> Path:
    """Write the base into a folder, and return the folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text that stands once in a file; an empty one appends."""
    path = folder / file
    text = path.read_text("utf-8") if path.exists() else ""
    assert not old or text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace(old, new) if old else text + new, "utf-8")
