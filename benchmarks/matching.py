"""Speed of matching: one question on the shipped base, and bases of many topics.

    python -P benchmarks/matching.py [--clinc FILE] [--large]

`FILE` is a JSON file with `clinc_5.phrasings`, `in_scope` and `out_of_scope` (CLINC150,
Larson et al. 2019, CC BY 3.0). `--large` adds the base of 10,000 topics, which takes minutes.
Run it on one core (OPENBLAS_NUM_THREADS=1). Questions are timed in the thread's own seconds,
which other work on the machine lengthens through its caches only.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import yaml
from rapidfuzz import fuzz
from rapidfuzz.process import extractOne

from bot.knowledge.load import load
from bot.knowledge.model import About, Claim, Facet, Facets, Knowledge, Topic
from bot.matching import Matcher
from bot.matching.encoder import packaged
from bot.matching.evaluate import area, misspelt

ROOT = Path(__file__).parents[1]
FRAMES = (
    "how do i {} {}", "what is the best {} for {}", "can i {} the {} with {}", "{} or {}",
    "is {} {} worth it", "my {} and {} do not {}", "help with {} {}",
)  # fmt: skip


def main() -> None:
    """Print a table of rows: what, median and 99th percentile in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clinc", type=Path)
    parser.add_argument("--large", action="store_true")
    arguments = parser.parse_args()
    packaged()  # loaded once a process
    knowledge = load(ROOT / "knowledge")
    questions = yaml.safe_load((ROOT / "tests/questions.yaml").read_text("utf-8"))
    texts = [q["text"] for kind in ("in_scope", "off_topic") for q in questions[kind]]
    usual = [text for text in texts if len(text) <= 150]
    matcher = built("shipped base", knowledge)
    timed("  any question of tests/questions.yaml", matcher.match, texts)
    timed("  those of at most 150 characters", matcher.match, usual)
    phrasings = [p.lower() for t in knowledge.topics.values() for p in t.phrasings]
    timed(
        "  rapidfuzz WRatio, extractOne",
        lambda text: extractOne(text.lower(), phrasings, scorer=fuzz.WRatio),
        usual[:: len(usual) // 200],  # it is slow; evenly, as the first ones are all in scope
    )
    for topics in (1000, 10_000) if arguments.large else (1000,):
        made, asked = synthetic(topics)
        matcher = built(f"{topics} topics of 10 phrasings", made)
        timed("  a question", matcher.match, asked)
    if arguments.clinc:
        clinc(json.loads(arguments.clinc.read_text("utf-8")))


def built(name: str, knowledge: Knowledge) -> Matcher:
    """Build a matcher and print its time and the process's largest memory."""
    started = time.thread_time()
    matcher = Matcher(knowledge)
    seconds = time.thread_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: built in {seconds:.1f} s; the process used {memory:.0f} MB at most")
    return matcher


def timed(name: str, ask: Callable[[str], object], texts: Sequence[str]) -> None:
    """Print the median and the 99th percentile over texts, of single calls and of best ones.

    A text's best of five calls is what it takes when nothing else runs on the machine.
    """
    spent = np.zeros((5, len(texts)))
    for call in range(-1, len(spent)):  # the first round warms up
        for n, text in enumerate(texts):
            started = time.thread_time()
            ask(text)
            spent[call, n] = (time.thread_time() - started) * 1000
    for calls, times in (("single calls", spent.ravel()), ("best of five", spent.min(axis=0))):
        low, high = np.percentile(times, (50, 99))
        print(f"{name}, {calls}: p50 {low:.2f} ms, p99 {high:.2f} ms")


def synthetic(topics: int) -> tuple[Knowledge, list[str]]:
    """Return a base of topics about four random words each, and questions about them."""
    chance, words = random.Random(0), packaged().words[200:12_000]
    subjects = [chance.sample(words, 4) for _ in range(topics)]

    def about(subject: Sequence[str]) -> str:
        frame = chance.choice(FRAMES)
        slots = [
            chance.choice(subject if chance.random() < 0.8 else words)
            for _ in range(frame.count("{}"))
        ]
        return frame.format(*slots)

    made = {f"t{n}": topic(f"t{n}", [about(s) for _ in range(10)]) for n, s in enumerate(subjects)}
    return plain(made), [about(chance.choice(subjects)) for _ in range(500)]


def topic(id: str, phrasings: Sequence[str]) -> Topic:
    """Return a topic that is only asked for."""
    return Topic(id=id, title=id, answer=(Claim(text="x"),), phrasings=tuple(phrasings))


def plain(topics: dict[str, Topic]) -> Knowledge:
    """Return a base of topics only."""
    about = About(subject="things", advice="nobody", checked=date(2026, 1, 1))
    anything = (Facet(id="any", label="any"),)
    facets = Facets(styles=(), formats=(), costs=anything, levels=(), fields=anything)
    return Knowledge(about=about, topics=topics, resources={}, facets=facets)


def clinc(data: dict[str, dict[str, list[list[str]]]]) -> None:
    """Print accuracy and AUROC with five phrasings an intent."""
    entries: dict[str, list[str]] = {}
    for text, intent in data["clinc_5"]["phrasings"]:
        entries.setdefault(intent.replace("_", "-"), []).append(text)
    topics = {id: topic(id, texts) for id, texts in entries.items()}
    matcher = built("CLINC150, 150 intents of 5 phrasings", plain(topics))
    chance = random.Random(0)
    asked = [(text, intent.replace("_", "-")) for text, intent in data["in_scope"]]
    firsts = [matcher.match(text).candidates[0] for text, _ in asked]
    outside = [matcher.match(str(text)) for text in data["out_of_scope"]]
    right = [first.topic == intent for first, (_, intent) in zip(firsts, asked, strict=True)]
    typos = [
        matcher.match(misspelt(text, chance)).candidates[0].topic == intent
        for text, intent in asked
    ]
    scores = np.array([first.score for first in firsts])
    auroc = area(scores, np.array([match.candidates[0].score for match in outside]))
    silent = np.mean([match.decision == "none" for match in outside])
    print(f"  right first {np.mean(right):.3f}, AUROC {auroc:.3f}, with typos {np.mean(typos):.3f}")
    print(f"  out of scope kept silent {silent:.2f}")


if __name__ == "__main__":
    main()
