-- How a server wants the bot; a server without a row has the defaults.
CREATE TABLE guilds (
    guild INTEGER PRIMARY KEY NOT NULL,
    paused INTEGER NOT NULL CHECK (paused IN (0, 1)),
    cooldown INTEGER NOT NULL CHECK (cooldown >= 0),  -- seconds between unasked answers to a person
    link TEXT NOT NULL,  -- the server's own, shown on cards; '' is none
    link_label TEXT NOT NULL
) STRICT;

-- What the bot does in a channel; one without a row only answers when it is asked.
CREATE TABLE channels (
    guild INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    duty TEXT NOT NULL,  -- question, watch, suggest, shadow or silent
    PRIMARY KEY (guild, channel)
) STRICT, WITHOUT ROWID;

-- What the bot would have said in shadowed channels: counts, no messages.
CREATE TABLE shadows (
    guild INTEGER NOT NULL,
    day INTEGER NOT NULL,  -- days since 1970, UTC
    topic TEXT NOT NULL,  -- '' where it would have said nothing
    decision TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times > 0),
    PRIMARY KEY (guild, day, topic, decision)
) STRICT, WITHOUT ROWID;

-- People, as keyed hashes: when they were last answered unasked, their plan, what they opted out of.
CREATE TABLE unasked (
    guild INTEGER NOT NULL,
    person BLOB NOT NULL CHECK (length(person) = 16),
    answered_at INTEGER NOT NULL,  -- seconds since 1970, UTC
    PRIMARY KEY (guild, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE plans (
    person BLOB PRIMARY KEY NOT NULL CHECK (length(person) = 16),
    plan TEXT NOT NULL CHECK (json_valid(plan)),
    saved_at INTEGER NOT NULL  -- seconds since 1970, UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE opt_outs (
    person BLOB NOT NULL CHECK (length(person) = 16),
    kind TEXT NOT NULL,  -- unasked or everything
    PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX votes_of_voter ON votes (voter);
