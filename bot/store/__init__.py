"""What people found helpful, and what they asked in vain: kept in one place, behind `Store`."""

from bot.store.connection import check_unused
from bot.store.model import (
    COOLDOWN,
    NO_GUILD,
    RESOURCE_TOPIC,
    Duty,
    Gap,
    GuildSettings,
    OptOut,
    OwnVote,
    PersonalData,
    ShadowCount,
    Store,
    Tally,
    Voter,
)
from bot.store.opening import Place, key_for, open_store
from bot.store.scrub import scrub
from bot.store.sqlite import SqliteStore, open_sqlite
from bot.store.voters import (
    VoterKey,
    adopt_key,
    asker,
    check_key,
    load_key,
    replace_key,
    voter,
)

__all__ = [
    "COOLDOWN",
    "NO_GUILD",
    "RESOURCE_TOPIC",
    "Duty",
    "Gap",
    "GuildSettings",
    "OptOut",
    "OwnVote",
    "PersonalData",
    "Place",
    "ShadowCount",
    "SqliteStore",
    "Store",
    "Tally",
    "Voter",
    "VoterKey",
    "adopt_key",
    "asker",
    "check_key",
    "check_unused",
    "key_for",
    "load_key",
    "open_sqlite",
    "open_store",
    "replace_key",
    "scrub",
    "voter",
]
