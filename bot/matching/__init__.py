"""Matching: a question against the knowledge base. Pure; see docs/matching.md."""

from bot.matching.matcher import Matcher
from bot.matching.model import Aspect, Candidate, Context, Decision, Match

__all__ = ["Aspect", "Candidate", "Context", "Decision", "Match", "Matcher"]
