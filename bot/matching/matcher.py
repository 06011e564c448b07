"""The matcher: a question in, a decided `Match` out."""

from __future__ import annotations

from bot.knowledge.model import Knowledge
from bot.matching.decide import decision, second_part
from bot.matching.index import build
from bot.matching.language import foreign_language
from bot.matching.model import Candidate, Context, Decision, Match
from bot.matching.names import Names, aspects
from bot.matching.parts import parts
from bot.matching.reading import Reader
from bot.matching.text import normalise, words

CANDIDATES = 8


class Matcher:
    """Decides questions against one knowledge base; immutable after it is built."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Build the index; takes seconds for thousands of phrasings."""
        self._language = knowledge.about.language
        self._topics = tuple(knowledge.topics)
        self._reader = Reader(knowledge)
        self._names = Names.of(knowledge.resources.values())
        entries = [topic.phrasings for topic in knowledge.topics.values()]
        entries.append(knowledge.off_topic.phrasings)
        number = {topic: position for position, topic in enumerate(self._topics)}
        kin = [
            frozenset((number[topic.id], *(number[b] for b in topic.broader if b in number)))
            for topic in knowledge.topics.values()
        ]
        readings = self._reader.read([words(normalise(text)) for entry in entries for text in entry])
        self._index = build(readings, [len(entry) for entry in entries], kin)

    def match(self, question: str, context: Context | None = None) -> Match:
        """Decide a question, as a follow-up where a context is given. Never raises."""
        normalised = normalise(question)
        texts = [self._reader.words(part) for part in parts(normalised)]
        texts = [text for text in texts if text] or [[]]
        readings = self._reader.read(texts)
        found = [self._index.candidates(reading) for reading in readings]
        whole, inside = found[0]
        candidates = tuple(
            Candidate(self._topics[topic], chance) for topic, chance in whole[:CANDIDATES]
        )
        language = foreign_language(question, texts[0], self._language, self._reader.known)
        decided = Decision.NONE if language else decision(candidates, inside)
        second = second_part(found, self._index.kin) if decided is Decision.ANSWER else None
        return Match(
            decided,
            candidates,
            second=None if second is None else self._topics[second],
            resources=self._names.found(texts[0]),
            aspects=aspects(normalised),
            language=language,
        )
