"""Tables for other programs, as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a table with a header; a list is its items with spaces between, a count "cost=2"."""
    text = StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return " ".join(f"{name}={times}" for name, times in value.items())
        case list():
            return " ".join(value)
        case str() if value.startswith(("=", "+", "-", "@", "\t", "\r")):
            return f"'{value}"  # a spreadsheet would take it for a formula: OWASP, "CSV Injection"
        case _:
            return value
