"""What is kept of a database file from before an update, and for how long."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from bot.errors import StoreError
from bot.store import statements as sql
from bot.store.connection import copy_pages
from bot.store.migrate import read_version

log = logging.getLogger(__name__)


def keep_former(db: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    """Keep a database as it is before a later schema changes it, in one file beside it."""
    db.execute("BEGIN")  # one look: meanwhile another process may be making the tables
    try:
        schema = read_version(db, path, newest=len(migrations))
    finally:
        db.execute("ROLLBACK")
    if not 0 < schema < len(migrations) or db.execute(sql.HOLDS_NOTHING).fetchone() == (1,):
        return  # also while another process makes a new one
    kept = path.with_name(f"{path.name}.schema-{schema}")
    if not kept.exists():
        draft = kept.with_name(f"{kept.name}.{secrets.token_hex(8)}")
        copy_pages(db, draft)
        draft.replace(kept)
        log.warning("The database as it was before the update is kept in %s.", kept)


def drop_former(path: Path, before: int) -> None:
    """Delete what was kept before a time (seconds since 1970, UTC): people are in it too.

    Raises StoreError when a file cannot be deleted.
    """
    try:
        for kept in path.parent.iterdir():  # not glob: a name may hold its signs
            named = kept.name.startswith(f"{path.name}.schema-")
            if named and kept.stat().st_mtime < before:
                kept.unlink()
                log.info("Deleted %s, which was kept from before an update.", kept)
    except OSError as error:
        raise StoreError(
            f"{error.filename} cannot be deleted ({error.strerror}); let this user write to its"
            " folder, or delete yourself what was kept there from before an update."
        ) from error
