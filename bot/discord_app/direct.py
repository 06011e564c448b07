"""Direct messages: what the last card in each was about, so that nobody has to reply to it."""

from __future__ import annotations

from collections import OrderedDict

from discord import ui

from bot.discord_app.shown import card_context
from bot.matching import Context

REMEMBERED = 1000  # conversations, in memory, those with the newest cards


class DirectTalks:
    """The contexts of direct messages, by channel."""

    def __init__(self) -> None:
        self._contexts: OrderedDict[int, Context] = OrderedDict()

    def about(self, channel: int) -> Context | None:
        """Return what a conversation is about; None when that is not known."""
        return self._contexts.get(channel)

    def shown(self, channel: int, card: ui.LayoutView) -> None:
        """Remember the card that was shown last; one about nothing changes nothing."""
        context = card_context(card).after(self._contexts.get(channel))
        if context.topic or context.resources:
            self._contexts[channel] = context
            self._contexts.move_to_end(channel)
            while len(self._contexts) > REMEMBERED:
                self._contexts.popitem(last=False)
