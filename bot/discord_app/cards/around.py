"""What stands below a card: the server's own link, who brought the card, how to be rid of it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from bot.discord_app import ids
from bot.discord_app.cards.pen import BY_ITSELF, Pen
from bot.discord_app.cards.pieces import Item, button, row, safe, small

LABEL = 60  # characters of a link's label that are shown
ADDRESS = "%/:?#@!$&'*+,;=~"  # what stays as it is in an address; brackets would end a link


def around(pen: Pen) -> Iterator[Item]:
    """Draw it for a public card."""
    if pen.server.link:
        yield small(pen.frame("own_link", link=own_link(pen.server.link_label, pen.server.link)))
    if pen.helper is not None:
        yield from _brought(pen.helper, pen)


def own_link(label: str, address: str) -> str:
    """Return a server's own link, harmless whatever an admin wrote."""
    shown = safe(label, LABEL).replace("[", "(").replace("]", ")")
    return f"[{shown}]({quote(address, safe=ADDRESS)})"


def _brought(helper: int, pen: Pen) -> Iterator[Item]:
    dismiss = button(pen.frame("dismiss"), ids.dismiss(pen.asker, helper))
    if helper == BY_ITSELF:
        yield row(dismiss, button(pen.frame("not_for_me"), ids.not_for_me(pen.asker)))
    else:
        yield small(pen.frame("suggested_by", helper=f"<@{helper}>"))
        yield row(dismiss)
