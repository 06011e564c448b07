"""Logs: a line a record, as text or as JSON; the secrets they are told of never get through."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime

TEXT, JSON = "text", "json"
LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
HIDDEN = "[secret]"


class Lines(logging.Formatter):
    """Records as people read them, with `secrets` blotted out wherever they stand."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(LINE)
        forms = {form for one in secrets for form in (one, json.dumps(one)[1:-1], repr(one)[1:-1])}
        self._secrets = sorted(forms - {""}, key=len, reverse=True)  # one may hold another

    def format(self, record: logging.LogRecord) -> str:
        """Return a record, its traceback included."""
        line = self.written(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line

    def written(self, record: logging.LogRecord) -> str:
        """Return a record with whatever secrets are in it."""
        return super().format(record)


class JsonLines(Lines):
    """Records as JSON objects: time (ISO 8601, UTC), level, logger, message, traceback."""

    def written(self, record: logging.LogRecord) -> str:
        """Return a record with whatever secrets are in it."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def start_logging(level: int, form: str, secrets: Iterable[str]) -> None:
    """Log to standard error from now on.

    What discord.py and aiohttp say for debugging holds messages, so they never go below INFO.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(secrets) if form == JSON else Lines(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for talkative in ("discord", "aiohttp"):
        logging.getLogger(talkative).setLevel(max(level, logging.INFO))
