"""Cards: a reply → a Components V2 view. Pure; kept inside Discord's limits by construction.

A family of cards is a module; a kind of card is a case in `bot.discord_app.cards.draw`.
"""

from bot.discord_app.cards.draw import Card, fits, render
from bot.discord_app.cards.kinds import (
    Bring,
    Declined,
    Erasing,
    Favourites,
    Guide,
    HelpCard,
    KeptPlan,
    Notes,
    Notice,
    Others,
    Panel,
    Privacy,
)
from bot.discord_app.cards.pen import BUDGETS, BY_ITSELF, NOBODY, Budget, Pen, frame_of

__all__ = [
    "BUDGETS",
    "BY_ITSELF",
    "NOBODY",
    "Bring",
    "Budget",
    "Card",
    "Declined",
    "Erasing",
    "Favourites",
    "Guide",
    "HelpCard",
    "KeptPlan",
    "Notes",
    "Notice",
    "Others",
    "Panel",
    "Pen",
    "Privacy",
    "fits",
    "frame_of",
    "render",
]
