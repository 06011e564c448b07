"""A token that must show nowhere: whatever tests bring to light is searched for it."""

from __future__ import annotations

TOKEN = "planted.token." + "x" * 40
