# ruff: noqa: E501, SIM905 - tables of words are read more easily in rows
"""Text to distil on: sentences found in installed documentation, and questions made by a grammar.

The sentences teach breadth, the grammar the shape of questions: frames that people use,
filled with subjects, activities, and any word of the teacher's vocabulary.
"""

from __future__ import annotations

import ast
import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

LEARNED = """deep learning|machine learning|artificial intelligence|AI|ML|DL|neural networks|neural nets|data science
python|pytorch|tensorflow|keras|programming|coding|maths|math|linear algebra|calculus|statistics|probability|backpropagation
transformers|large language models|LLMs|computer vision|NLP|reinforcement learning|image recognition|convolutional networks
guitar|piano|spanish|french|japanese|cooking|chess|drawing|photography|swimming|yoga|web development|javascript|java|C++|rust
game development|sql|databases|linux|docker|kubernetes|git|excel|accounting|economics|physics|chemistry|biology|history|law
writing|public speaking|investing|gardening|carpentry|sewing|driving|singing|dancing|electronics|robotics|networking
cyber security|cloud computing|algorithms|data structures|operating systems|compilers|blender|photoshop|music production""".replace(
    "\n", "|"
).split("|")
PEOPLE = """a beginner|a complete beginner|a physicist|a biologist|a doctor|a nurse|a teacher|a student|a high school student|a PhD student
a web developer|a software engineer|an artist|a musician|an economist|a meteorologist|a climate scientist|a chemist|a lawyer
a farmer|a parent|someone with no background|a designer|a manager|an engineer|a researcher|a retired person|a kid|my son
my daughter|a friend|somebody who hates maths|a busy person|a total noob|a mathematician|a statistician|a linguist""".replace(
    "\n", "|"
).split("|")
RESOURCES = """course|courses|book|books|textbook|tutorial|tutorials|video|videos|lecture|lectures|youtube channel|podcast|bootcamp|degree
certificate|specialization|blog|paper|papers|website|notebook|exercise|exercises|project|projects|dataset|competition
forum|community|mentor|library|framework|roadmap|curriculum|cheat sheet|app|game|school|university|class|edition""".replace(
    "\n", "|"
).split("|")
ADJECTIVES = """good|best|free|cheap|expensive|easy|hard|short|long|new|old|modern|outdated|practical|theoretical|hands-on|interactive
popular|famous|simple|difficult|advanced|basic|introductory|complete|useful|boring|great|bad|recommended|official|online""".replace(
    "\n", "|"
).split("|")
EVERYDAY = """book a table|order a pizza|pay my bill|transfer money|check my balance|call my mother|set an alarm|find a flight|rent a car
cancel my subscription|track my package|change my password|fix my bike|clean the kitchen|cook rice|bake bread|lose weight
sleep better|find a job|write a cover letter|apply for a visa|get a passport|open a bank account|sell my car|buy a house
plan a wedding|water the plants|feed the cat|train my dog|play a song|watch a movie|turn off the lights|find my phone
get to the airport|translate this sentence|remember the date|report a lost card|return a shirt|charge the battery
install the driver|restart the server|update the package|merge the branch|deploy the app|run the tests|debug the error
connect to the database|parse the file|import the module|allocate memory|train the model|load the weights|tune the parameters
save the checkpoint|export the data|plot the results|split the dataset|normalise the images|use the gpu|reduce the loss
join the voice channel|mute a user|add a role|invite the bot|ban a spammer|stream my screen|change my nickname
understand the theory|read the paper|finish the course|solve the exercise|pass the exam|take notes|prepare for the interview
build a portfolio|start a project|find a mentor|get started|make progress|stay motivated|learn faster|practise every day""".replace(
    "\n", "|"
).split("|")
FRAMES = """how do i {e}|how can i {e}|how to {e}|what is the best way to {e}|i want to {e}|can you {e} for me|please {e}|why can't i {e}
is it possible to {e}|when should i {e}|where can i {e}|do i have to {e}|i need help to {e}|how long does it take to {e}
how much does it cost to {e}|should i {e} or {e}|can someone help me {e}|i tried to {e} but it failed|thanks, i managed to {e}
how do i start with {l}|how do i learn {l}|how do i get started with {l}|where should i begin with {l}|i want to learn {l}
best {r} for {l}|{a} {r} for {l}|{a} {a} {r} to learn {l}|which {r} should i take for {l}|is there a {a} {r} about {l}
what {r} do you recommend for {p}|i am {p}, how do i learn {l}|as {p}, can i learn {l}|can {p} learn {l}|is {l} hard
is {l} hard for {p}|is {l} worth it|is {l} just hype|is it too late to learn {l}|how long does it take to learn {l}
how many hours a week for {l}|do i need {l} for {l}|do i need to know {l} before {l}|how much {l} do i need for {l}
what are the prerequisites for {l}|is the {r} free|how much does the {r} cost|is there a free {r}|{l} or {l}|{l} vs {l}
{l} versus {l}, which one first|should i learn {l} or {l}|what is the difference between {l} and {l}|is {l} better than {l}
should i start with theory or practice|learn {l} by doing or theory first|i don't understand {l}|the {l} part is confusing
can you explain {l}|{l} explained|what is {l}|who teaches {l}|how can i practise {l}|project ideas for {l}|what to do after the {r}
i finished the {r}, what next|which version of the {r}|is the {r} outdated|is the {a} {r} still good|how do i use {l} in my {r}
apply {l} to {w}|use {l} for {w} data|{l} for {w}|{l} error: {w} {w}|{l} {w} not found|my {w} does not {w}|{w} {w} {w}
what does {w} mean|how do i use {w}|is {w} a {w}|who invented {w}|where is {w}|the {w} of {w}|{w} and {w}|{w} in {w}
tell me about {w}|why is {w} so {w}|best {w} for {w}|how to {w} a {w}|{w} versus {w}|i like {w}|i hate {w}|my {w} is {w}
what time does the {w} open|how is the {w} today|give me a {w}|play {w}|show {w}|buy {w}|add {w} to my {w}|remind me about {w}
hi, i am new here|hello everyone, i am {p}|i am {p} and i want to {e}|i am {p} but {l} scares me|my {l} is rusty
i have no idea about {l}|i know {l} but not {l}|i prefer {r} over {r}|i like to learn by doing|i would rather read than watch
i only have {w} hours|i have no money for a {r}|i can't afford the {r}|do i need a {w} for {l}|do i need an expensive computer
will {l} get me a job|how do i become {p}|will {l} replace {p}|is a {r} necessary for {l}|{r} or {r} for {l}
what did {w} say about the {r}|i am stuck with {l}|i give up on {l}|am i too old for {l}|am i too stupid for {l}
thoughts on the {w} {r}|anyone tried the {w} {r}|is the {w} {r} any good|review of the {w} {r}|{r} recommendations""".replace(
    "\n", "|"
).split("|")
LINKS = ", |. |? | and | but |... |\n|; | - ".split("|")

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_PLAIN = re.compile(r"[A-Za-z0-9 ,.'!?;:()/-]+")


def made_questions(vocabulary: Sequence[str], count: int, chance: random.Random) -> Iterator[str]:
    """Yield `count` texts made by the grammar; a quarter joins two frames."""

    def fill(frame: str) -> str:
        def slot(found: re.Match[str]) -> str:
            kind = found.group(1)
            if kind == "w":
                return vocabulary[int(len(vocabulary) * chance.random() ** 1.7)]
            pool = {"e": EVERYDAY, "l": LEARNED, "r": RESOURCES, "a": ADJECTIVES, "p": PEOPLE}[kind]
            if kind == "l" and chance.random() < 0.2:
                return vocabulary[int(len(vocabulary) * chance.random() ** 1.7)]
            return chance.choice(pool)

        return re.sub(r"\{(\w)\}", slot, frame)

    for _ in range(count):
        text = fill(chance.choice(FRAMES))
        if chance.random() < 0.25:
            text += chance.choice(LINKS) + fill(chance.choice(FRAMES))
        if chance.random() < 0.3:
            text += "?"
        yield text


def documentation_sentences(
    folders: Sequence[Path], count: int, chance: random.Random
) -> list[str]:
    """Return up to `count` sentences of 4 to 30 words from docstrings, Markdown and text files."""
    found: set[str] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".md", ".rst", ".txt"} and path.is_file():
                found.update(_sentences(_prose(path)))
    return chance.sample(sorted(found), min(count, len(found)))


def _prose(path: Path) -> str:
    if path.stat().st_size > 400_000:
        return ""
    text = path.read_text("utf-8", errors="ignore")
    if path.suffix != ".py":
        return text
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return "\n\n".join(ast.get_docstring(n) or "" for n in ast.walk(tree) if isinstance(n, kinds))


def _sentences(text: str) -> Iterator[str]:
    for raw in _SENTENCE.split(text):
        sentence = " ".join(raw.split())
        if 4 <= sentence.count(" ") + 1 <= 30 and _PLAIN.fullmatch(sentence):
            yield sentence


if __name__ == "__main__":
    generator = random.Random(0)
    for line in documentation_sentences([Path(p) for p in sys.argv[1:]], 20, generator):
        print(line)
