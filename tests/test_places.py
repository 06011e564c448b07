"""Where votes are kept, which key makes voters, which shards a process takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.settings import Shards, load_settings
from bot.store import key_for

URL = "postgresql://someone:planted@db.example/warmstart"
KEY = "5a" * 32


def test_an_address_stays_an_address_and_shows_no_password() -> None:
    settings = load_settings({"WARMSTART_DATABASE": URL})
    assert settings.database == URL
    assert "planted" not in repr(settings)
    assert load_settings({"WARMSTART_DATABASE": "votes.db"}).database == Path("votes.db")
    assert load_settings({}, database=URL).database == URL


def test_a_given_key_is_used_and_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "voter.key"
    file.write_text(KEY + "\n")
    settings = load_settings({"WARMSTART_VOTER_KEY_FILE": str(file)})
    assert KEY not in repr(settings)
    assert key_for(URL, settings.voter_key).secret == bytes.fromhex(KEY)
    assert not (tmp_path / "warmstart.db.key").exists()


def test_a_shared_database_without_a_key_is_a_sentence_with_the_cure() -> None:
    with pytest.raises(UsageError, match="openssl rand -hex 32"):
        key_for(URL, None)
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        key_for(URL, "short")
    with pytest.raises(UsageError, match="cannot be read"):
        load_settings({"WARMSTART_VOTER_KEY_FILE": "/nowhere/key"})


@pytest.mark.parametrize(
    ("text", "shards"),
    [
        ("0-3/16", Shards(0, 3, 16)),
        ("5/16", Shards(5, 5, 16)),
        ("0/1", Shards(0, 0, 1)),
        ("auto", Shards()),
    ],
)
def test_shards_are_read(text: str, shards: Shards) -> None:
    settings = load_settings({"WARMSTART_SHARDS": text})
    assert settings.shards == shards
    assert settings.leads == (shards.first == 0)


@pytest.mark.parametrize("text", ["4", "3-1/4", "0-4/4", "-1/4", "a/b", "0-3/16/2", "auto/4"])
def test_shards_that_cannot_be_are_a_sentence(text: str) -> None:
    with pytest.raises(UsageError, match=r"WARMSTART_SHARDS is .* such as 0-3/16"):
        load_settings({"WARMSTART_SHARDS": text})
