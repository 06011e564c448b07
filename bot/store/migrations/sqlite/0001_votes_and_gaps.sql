-- Marks the file as Warmstart's ("WARM"), so that another program's database is never touched.
PRAGMA application_id = 0x5741524D;

-- One vote per (topic, resource, voter). The voter is a keyed hash, never an id.
CREATE TABLE votes (
    topic TEXT NOT NULL,  -- '_resource' outside a topic's card
    resource TEXT NOT NULL,
    voter BLOB NOT NULL CHECK (length(voter) = 16),
    helpful INTEGER NOT NULL CHECK (helpful IN (0, 1)),
    guild INTEGER NOT NULL,  -- where the vote was cast; 0: no guild
    voted_at INTEGER NOT NULL,  -- seconds since 1970, UTC
    PRIMARY KEY (topic, resource, voter)
) STRICT, WITHOUT ROWID;

-- Questions without a good answer, scrubbed and without author.
CREATE TABLE gaps (
    -- AUTOINCREMENT: a button on an old message must never reach a later question.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    question TEXT NOT NULL,
    decision TEXT NOT NULL,
    candidates TEXT NOT NULL CHECK (json_valid(candidates)),  -- topics, best first
    told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),  -- its author told the maintainers
    asked_at INTEGER NOT NULL  -- seconds since 1970, UTC
) STRICT;

-- Which topics answered a kept question after all, and how often each was picked.
CREATE TABLE picks (
    gap INTEGER NOT NULL REFERENCES gaps (number) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times > 0),
    PRIMARY KEY (gap, topic)
) STRICT, WITHOUT ROWID;

-- Small values by name: the voter key's fingerprint, that of the synced commands.
CREATE TABLE remembered (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
