-- How a server wants the bot; a server without a row has the defaults.
CREATE TABLE guilds (
    guild bigint PRIMARY KEY,
    paused boolean NOT NULL,
    cooldown integer NOT NULL CHECK (cooldown >= 0),  -- seconds between unasked answers to a person
    link text NOT NULL,  -- the server's own, shown on cards; '' is none
    link_label text NOT NULL
);

-- What the bot does in a channel; one without a row only answers when it is asked.
CREATE TABLE channels (
    guild bigint NOT NULL,
    channel bigint NOT NULL,
    duty text NOT NULL,  -- question, watch, suggest, shadow or silent
    PRIMARY KEY (guild, channel)
);

-- What the bot would have said in shadowed channels: counts, no messages.
CREATE TABLE shadows (
    guild bigint NOT NULL,
    day integer NOT NULL,  -- days since 1970, UTC
    topic text NOT NULL,  -- '' where it would have said nothing
    decision text NOT NULL,
    times integer NOT NULL CHECK (times > 0),
    PRIMARY KEY (guild, day, topic, decision)
);

-- People, as keyed hashes: when they were last answered unasked, their plan, what they opted out of.
CREATE TABLE unasked (
    guild bigint NOT NULL,
    person bytea NOT NULL CHECK (length(person) = 16),
    answered_at bigint NOT NULL,  -- seconds since 1970, UTC
    PRIMARY KEY (guild, person)
);

CREATE TABLE plans (
    person bytea PRIMARY KEY CHECK (length(person) = 16),
    plan json NOT NULL,
    saved_at bigint NOT NULL  -- seconds since 1970, UTC
);

CREATE TABLE opt_outs (
    person bytea NOT NULL CHECK (length(person) = 16),
    kind text NOT NULL,  -- unasked or everything
    PRIMARY KEY (person, kind)
);

CREATE INDEX votes_of_voter ON votes (voter);
