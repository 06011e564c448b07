"""Advice: a question becomes a reply; nothing here knows who draws it."""

from bot.advice.advisor import Advisor
from bot.advice.base import Base

__all__ = ["Advisor", "Base"]
