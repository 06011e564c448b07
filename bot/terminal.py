"""Cards in a terminal: drawn with rich, plain in a pipe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, TextIO, assert_never

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.prompt import Prompt
from rich.text import Text

from bot.advice import Advisor
from bot.advice.reply import Advice, Answer, Detail, NoMatch, Reply, Suggest, Suggestion
from bot.frame import Frame
from bot.knowledge.model import Knowledge, SmallTalk, Topic
from bot.matching import Context
from bot.wording import fact_text, facts_line, footer, heading, paragraphs, resource_rows

WIDTH = 80  # columns: longer lines read badly
LEAVE = {"bye", "exit", "quit", ":q"}


def console(file: TextIO | None = None) -> Console:
    """Return a console that draws on a terminal and writes plain text into a pipe."""
    made = Console(file=file, highlight=False)
    if made.width > WIDTH or not made.is_terminal:
        made.width = WIDTH
    return made


def show(out: Console, reply: Reply, knowledge: Knowledge, frame: Frame) -> None:
    """Draw a reply as a card, or as plain text where the output is not a terminal."""
    title, parts = _card(reply, knowledge, frame)
    if out.is_terminal:
        out.print(
            Panel(Group(*parts), title=Text(title, "bold"), title_align="left", padding=(1, 2))
        )
    else:
        out.print(title, *parts, sep="\n", markup=False)


Card = tuple[str, list[RenderableType]]


def _card(reply: Reply, knowledge: Knowledge, frame: Frame) -> Card:
    match reply:
        case Answer():
            return heading(reply.topic), list(_answer(reply, knowledge, frame))
        case Detail():
            return reply.suggestion.resource.title, list(_detail(reply, knowledge, frame))
        case Suggest():
            return frame("suggest_heading", count=len(reply.topics)), [_titles(reply.topics)]
        case NoMatch(talk=SmallTalk(answer=said)):
            return said or frame("greeting_heading"), []
        case NoMatch(lost=True):
            return frame("not_understood"), []
        case NoMatch(language=None):
            text = frame("none_text", subject=knowledge.about.subject)
            return frame("none_heading"), [Text(text)]
        case NoMatch(language=language):
            own = frame.languages.get(language or "", frame("language_heading"))
            return own, [Text(frame("language_text", subject=knowledge.about.subject))]
        case _:
            assert_never(reply)


def _answer(reply: Answer, knowledge: Knowledge, frame: Frame) -> Iterable[RenderableType]:
    for fact in reply.facts:
        yield _markdown(fact_text(fact))
    yield _markdown(paragraphs(reply.topic.answer, knowledge, frame))
    yield Text()
    for place, one in enumerate(reply.suggestions, 1):
        yield _suggestion(place, one, knowledge)
    if reply.second:
        yield _markdown(frame("second", text=reply.second.second or heading(reply.second)))
        yield Text()
    yield Text(footer(reply.topic, knowledge, frame), "dim")


def _detail(reply: Detail, knowledge: Knowledge, frame: Frame) -> Iterable[RenderableType]:
    resource = reply.suggestion.resource
    for fact in reply.facts:
        yield _markdown(fact_text(fact))
    yield Text(reply.suggestion.why)
    if reply.facts:
        yield Text(facts_line(resource, knowledge), "dim")
    else:
        rows = resource_rows(resource, knowledge, frame)
        yield _markdown("\n".join(f"**{label}:** {text}" for label, text in rows))
    yield Text(resource.url, f"blue link {resource.url}", overflow="fold")
    yield Text(frame("footer_resource", date=frame.month(resource.as_of)), "dim")


def _suggestion(place: int, one: Suggestion, knowledge: Knowledge) -> RenderableType:
    resource = one.resource
    helpful = f"  (helpful: {one.helpful})" if one.helpful else ""
    return Group(
        Text.assemble((f"{place}. {resource.title}", "bold"), helpful),
        Padding(
            Group(
                Text(one.why),
                Text(facts_line(resource, knowledge), "dim"),
                Text(resource.url, f"blue link {resource.url}", overflow="fold"),
            ),
            (0, 0, 1, 3),
        ),
    )


def _titles(topics: Iterable[Topic]) -> RenderableType:
    return Group(*(Text(f"{place}. {topic.title}") for place, topic in enumerate(topics, 1)))


def _markdown(text: str) -> RenderableType:
    return Markdown(text.replace("\n", "\n\n"), hyperlinks=False)


async def chat(out: Console, advisor: Advisor, frame: Frame) -> None:
    """Talk until the person leaves; a follow-up is understood in the last card's context."""
    greeting = advisor.greeting()
    out.print(f"[bold]{frame('greeting_heading')}[/] (Leave with Ctrl-D.)")
    for example in greeting.examples:
        out.print(f"  {example}", style="dim")
    context: Context | None = None
    offered: tuple[Topic, ...] = ()
    while True:
        try:
            line = Prompt.ask("\n[bold]you[/]", console=out).strip()
        except (EOFError, KeyboardInterrupt):
            out.print()
            return
        if not line:
            continue
        if line.lower() in LEAVE:
            return
        if line.isdecimal() and 0 < int(line) <= len(offered):
            reply: Reply = await advisor.answer(offered[int(line) - 1])
        else:
            reply = (await advisor.advise(line, context=context)).reply
        show(out, reply, advisor.knowledge, frame)
        offered = reply.topics if isinstance(reply, Suggest) else ()
        if isinstance(reply, Answer):
            resources = tuple(one.resource.id for one in reply.suggestions)
            context = Context(reply.topic.id, resources)
        elif isinstance(reply, Detail):
            context = Context(None, (reply.suggestion.resource.id,)).after(context)


async def answer_lines(
    lines: Iterable[str], advisor: Advisor, write: Callable[[str], None]
) -> bool:
    """Answer each line with a JSON object; return whether every line held a question."""
    fine = True
    for line in lines:
        try:
            question = question_of(line)
        except ValueError as error:
            fine = False
            record: dict[str, Any] = {"error": str(error)}
        else:
            record = as_record(question, await advisor.advise(question), advisor.knowledge)
        write(json.dumps(record, ensure_ascii=False))
    return fine


def question_of(line: str) -> str:
    """Return the question of an input line: plain text, or a JSON object with "question".

    Raises ValueError, with a sentence, when there is none.
    """
    text = line.lstrip("\ufeff").strip()
    if text.startswith("{"):
        try:
            data = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ValueError(f"not valid JSON: {error}") from error
        question = data.get("question")
        if not isinstance(question, str):
            raise ValueError('the object has no text under "question"')
        text = question.strip()
    if not text:
        raise ValueError("the line holds no question")
    return text.encode("utf-8", "replace").decode()  # JSON can smuggle in half a character


def as_record(question: str, advice: Advice, knowledge: Knowledge) -> dict[str, Any]:
    """Return a decided question as `ask --jsonl` prints it."""
    reply, match = advice.reply, advice.match
    answer = reply if isinstance(reply, Answer) else None
    return {
        "question": question,
        "decision": str(match.decision),
        "topic": answer.topic.id if answer else None,
        "resources": [one.resource.id for one in answer.suggestions] if answer else [],
        "candidates": [
            {
                "topic": candidate.topic,
                "score": round(candidate.score, 4),
                "broader": list(knowledge.topics[candidate.topic].broader),
            }
            for candidate in match.candidates
        ],
    }
