-- Marks the database as Warmstart's and says which of these files it has seen.
CREATE TABLE warmstart (schema integer NOT NULL);
INSERT INTO warmstart VALUES (0);

-- One vote per (topic, resource, voter). The voter is a keyed hash, never an id.
CREATE TABLE votes (
    topic text NOT NULL,  -- '_resource' outside a topic's card
    resource text NOT NULL,
    voter bytea NOT NULL CHECK (length(voter) = 16),
    helpful boolean NOT NULL,
    guild bigint NOT NULL,  -- where the vote was cast; 0: no guild
    voted_at bigint NOT NULL,  -- seconds since 1970, UTC
    PRIMARY KEY (topic, resource, voter)
);

-- Questions without a good answer, scrubbed and without author.
CREATE TABLE gaps (
    -- An identity is never used twice: a button on an old message must not reach a later question.
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    question text NOT NULL,
    decision text NOT NULL,
    candidates json NOT NULL,  -- topics, best first
    told boolean NOT NULL DEFAULT false,  -- its author told the maintainers
    asked_at bigint NOT NULL  -- seconds since 1970, UTC
);

-- Which topics answered a kept question after all, and how often each was picked.
CREATE TABLE picks (
    gap bigint NOT NULL REFERENCES gaps (number) ON DELETE CASCADE,
    topic text NOT NULL,
    times integer NOT NULL CHECK (times > 0),
    PRIMARY KEY (gap, topic)
);

-- Small values by name: the voter key's fingerprint, that of the synced commands.
CREATE TABLE remembered (
    name text PRIMARY KEY,
    value text NOT NULL
);
