"""Logs: a line a record, as text or as JSON; a secret never gets through."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

TEXT, JSON = "text", "json"
LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
HIDDEN = "[secret]"


class Lines(logging.Formatter):
    """Records as people read them, with `secret` blotted out wherever it stands."""

    def __init__(self, secret: str | None) -> None:
        super().__init__(LINE)
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """Return a record, its traceback included."""
        line = self.written(record)
        return line.replace(self._secret, HIDDEN) if self._secret else line

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


def start_logging(level: int, form: str, secret: str | None) -> None:
    """Log to standard error from now on.

    What discord.py and aiohttp say for debugging holds messages, so they never go below INFO.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(secret) if form == JSON else Lines(secret))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for talkative in ("discord", "aiohttp"):
        logging.getLogger(talkative).setLevel(max(level, logging.INFO))
