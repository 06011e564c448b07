"""What a message shows: its components, texts, buttons, and whom it may mention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]


def allowed_ids(ids: Iterable[str], kind: str, allowed: Json | None) -> list[str]:
    """Return the ids that `allowed_mentions` lets through; without it, all of them."""
    if allowed is None or kind in (allowed.get("parse") or ()):
        return list(ids)
    explicit = {str(id) for id in allowed.get(kind) or ()}
    return [id for id in ids if id in explicit]


def walk(components: Iterable[Json]) -> Iterator[Json]:
    """Yield every component, nested ones and accessories too."""
    for component in components:
        yield component
        yield from walk(component.get("components", ()))
        yield from walk(component[key] for key in ("accessory", "component") if key in component)


def numbered(components: list[Json]) -> list[Json]:
    """Return components with the ids that Discord gives to those that have none."""
    for number, component in enumerate(walk(components), start=1):
        component.setdefault("id", number)
        for item in [component, *component.get("items", ())]:
            if "media" in item:
                item["media"].setdefault("proxy_url", item["media"]["url"])
    return components


def texts(message: Json) -> list[str]:
    """Return all that a message says: its content and its text displays, in order."""
    shown = [part["content"] for part in walk(message["components"]) if part["type"] == 10]
    return [text for text in [message["content"], *shown] if text]


def buttons(message: Json) -> list[Json]:
    """Return the buttons of a message, in the order in which they are shown."""
    return [part for part in walk(message["components"]) if part["type"] == 2]
