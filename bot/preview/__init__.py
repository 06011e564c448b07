"""What an edit of the knowledge base changes: questions that move, cards, findings. Pure but
for `revision`, which asks git for the base as it was."""

from __future__ import annotations

from bot.preview.cards import CardChange, card_changes
from bot.preview.questions import Move, Outcome, Question, moves, outcome, phrasings, questions_of
from bot.preview.report import Report, markdown, new_findings, plain
from bot.preview.revision import unpacked

__all__ = [
    "CardChange",
    "Move",
    "Outcome",
    "Question",
    "Report",
    "card_changes",
    "markdown",
    "moves",
    "new_findings",
    "outcome",
    "phrasings",
    "plain",
    "questions_of",
    "unpacked",
]
