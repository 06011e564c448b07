"""A knowledge base of three topics and two resources, made in a moment, for tests that edit it."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "about.yaml": """\
subject: getting started
advice: A friend's advice
checked: 2026-11-01
examples: [Where do I start?]
featured: [cost]
""",
    "facets.yaml": """\
styles: [{id: mixed, label: a bit of both}]
formats: [{id: video, label: videos}]
costs: [{id: free, label: free}]
levels: [{id: beginner, label: for beginners}]
fields: [{id: general, label: general}]
""",
    "topics/start.yaml": """\
id: start
title: Where to start
answer: Watch the first lesson.
suggestions: [first-course]
phrasings:
  - where do I start
  - how do I begin
  - first steps for a newcomer
  - I am new here, what now
""",
    "topics/cost.yaml": """\
id: cost
title: What it costs
answer: Nothing at all.
suggestions: [first-course]
phrasings:
  - what does it cost
  - is it free
  - how much money do I need
  - price of the course
""",
    "topics/gpu.yaml": """\
id: gpu
title: Graphics cards
answer: Rent one by the hour.
phrasings:
  - do I need a gpu
  - which graphics card should I buy
  - can I rent a gpu in the cloud
  - training without a graphics card
""",
    "resources/courses.yaml": """\
resources:
  - id: first-course
    title: First course
    url: https://example.org/first
    why: A gentle beginning.
    style: mixed
    format: video
    cost: free
    level: beginner
    as_of: 2026-11-01
  - id: second-course
    title: Second course
    url: https://example.org/second
    why: What comes next.
    style: mixed
    format: video
    cost: free
    level: beginner
    as_of: 2026-11-01
""",
}


def write_small(folder: Path) -> Path:
    """Write the base into a folder, and return the folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder
