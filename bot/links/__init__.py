"""The dead-link check: which addresses a knowledge base holds, and whether they still answer."""

from bot.links.check import Manners, check
from bot.links.find import Link, find
from bot.links.result import Outcome, Result, Severity

__all__ = ["Link", "Manners", "Outcome", "Result", "Severity", "check", "find"]
