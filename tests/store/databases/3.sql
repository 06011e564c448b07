-- A database as version 3 of the schema left it; dumped, and never edited.
PRAGMA application_id = 1463898701;
PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE channels (
    guild INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    duty TEXT NOT NULL,  -- question, watch, suggest, shadow or silent
    PRIMARY KEY (guild, channel)
) STRICT, WITHOUT ROWID;
INSERT INTO "channels" VALUES(1234567890123456789,11,'watch');
CREATE TABLE gaps (
    -- AUTOINCREMENT: a button on an old message must never reach a later question.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    question TEXT NOT NULL,
    decision TEXT NOT NULL,
    candidates TEXT NOT NULL CHECK (json_valid(candidates)),  -- topics, best first
    told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),  -- its author told the maintainers
    asked_at INTEGER NOT NULL  -- seconds since 1970, UTC
) STRICT;
INSERT INTO "gaps" VALUES(1,'how do I bake bread','suggest','["cost", "reading"]',1,1795000000);
CREATE TABLE guilds (
    guild INTEGER PRIMARY KEY NOT NULL,
    paused INTEGER NOT NULL CHECK (paused IN (0, 1)),
    cooldown INTEGER NOT NULL CHECK (cooldown >= 0),  -- seconds between unasked answers to a person
    link TEXT NOT NULL,  -- the server's own, shown on cards; '' is none
    link_label TEXT NOT NULL
) STRICT;
INSERT INTO "guilds" VALUES(1234567890123456789,0,60,'https://example.org','#beginners');
CREATE TABLE opt_outs (
    person BLOB NOT NULL CHECK (length(person) = 16),
    kind TEXT NOT NULL,  -- unasked or everything
    PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO "opt_outs" VALUES(X'61616161616161616161616161616161','unasked');
CREATE TABLE picks (
    gap INTEGER NOT NULL REFERENCES gaps (number) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times > 0),
    PRIMARY KEY (gap, topic)
) STRICT, WITHOUT ROWID;
INSERT INTO "picks" VALUES(1,'reading',1);
CREATE TABLE plans (
    person BLOB PRIMARY KEY NOT NULL CHECK (length(person) = 16),
    plan TEXT NOT NULL CHECK (json_valid(plan)),
    saved_at INTEGER NOT NULL  -- seconds since 1970, UTC
) STRICT, WITHOUT ROWID;
INSERT INTO "plans" VALUES(X'61616161616161616161616161616161','{}',1795000000);
CREATE TABLE remembered (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "remembered" VALUES('voter_key','00ff');
CREATE TABLE shadows (
    guild INTEGER NOT NULL,
    day INTEGER NOT NULL,  -- days since 1970, UTC
    topic TEXT NOT NULL,  -- '' where it would have said nothing
    decision TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times > 0),
    PRIMARY KEY (guild, day, topic, decision)
) STRICT, WITHOUT ROWID;
INSERT INTO "shadows" VALUES(1234567890123456789,20775,'cost','answer',3);
CREATE TABLE tallies (
    topic TEXT NOT NULL,
    resource TEXT NOT NULL,
    guild INTEGER NOT NULL,  -- where they were cast; 0: no guild, -1: all together
    helpful INTEGER NOT NULL,
    not_helpful INTEGER NOT NULL,
    PRIMARY KEY (topic, resource, guild)
) STRICT, WITHOUT ROWID;
INSERT INTO "tallies" VALUES('_resource','edx',-1,1,0);
INSERT INTO "tallies" VALUES('_resource','edx',0,1,0);
INSERT INTO "tallies" VALUES('cost','fast-ai',-1,1,0);
INSERT INTO "tallies" VALUES('cost','fast-ai',1234567890123456789,1,0);
INSERT INTO "tallies" VALUES('cost','keras',-1,1,1);
INSERT INTO "tallies" VALUES('cost','keras',0,0,1);
INSERT INTO "tallies" VALUES('cost','keras',1234567890123456789,1,0);
CREATE TABLE unasked (
    guild INTEGER NOT NULL,
    person BLOB NOT NULL CHECK (length(person) = 16),
    answered_at INTEGER NOT NULL,  -- seconds since 1970, UTC
    PRIMARY KEY (guild, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "unasked" VALUES(1234567890123456789,X'61616161616161616161616161616161',1795000000);
CREATE TABLE votes (
    topic TEXT NOT NULL,  -- '_resource' outside a topic's card
    resource TEXT NOT NULL,
    voter BLOB NOT NULL CHECK (length(voter) = 16),
    helpful INTEGER NOT NULL CHECK (helpful IN (0, 1)),
    guild INTEGER NOT NULL,  -- where the vote was cast; 0: no guild
    voted_at INTEGER NOT NULL,  -- seconds since 1970, UTC
    PRIMARY KEY (topic, resource, voter)
) STRICT, WITHOUT ROWID;
INSERT INTO "votes" VALUES('_resource','edx',X'62626262626262626262626262626262',1,0,1795000000);
INSERT INTO "votes" VALUES('cost','fast-ai',X'61616161616161616161616161616161',1,1234567890123456789,1795000000);
INSERT INTO "votes" VALUES('cost','keras',X'61616161616161616161616161616161',1,1234567890123456789,1795000000);
INSERT INTO "votes" VALUES('cost','keras',X'62626262626262626262626262626262',0,0,1795000000);
CREATE INDEX votes_of_voter ON votes (voter);
CREATE TRIGGER vote_cast AFTER INSERT ON votes BEGIN
    INSERT INTO tallies VALUES
        (new.topic, new.resource, new.guild, new.helpful, 1 - new.helpful),
        (new.topic, new.resource, -1, new.helpful, 1 - new.helpful)
    ON CONFLICT (topic, resource, guild) DO UPDATE
    SET helpful = helpful + excluded.helpful, not_helpful = not_helpful + excluded.not_helpful;
END;
CREATE TRIGGER vote_deleted AFTER DELETE ON votes BEGIN
    UPDATE tallies SET helpful = helpful - old.helpful, not_helpful = not_helpful - (1 - old.helpful)
    WHERE topic = old.topic AND resource = old.resource AND guild IN (old.guild, -1);
    DELETE FROM tallies
    WHERE topic = old.topic AND resource = old.resource AND helpful = 0 AND not_helpful = 0;
END;
CREATE TRIGGER vote_changed AFTER UPDATE OF topic, resource, helpful, guild ON votes BEGIN
    INSERT INTO tallies VALUES
        (new.topic, new.resource, new.guild, new.helpful, 1 - new.helpful),
        (new.topic, new.resource, -1, new.helpful, 1 - new.helpful)
    ON CONFLICT (topic, resource, guild) DO UPDATE
    SET helpful = helpful + excluded.helpful, not_helpful = not_helpful + excluded.not_helpful;
    UPDATE tallies SET helpful = helpful - old.helpful, not_helpful = not_helpful - (1 - old.helpful)
    WHERE topic = old.topic AND resource = old.resource AND guild IN (old.guild, -1);
    DELETE FROM tallies
    WHERE topic = old.topic AND resource = old.resource AND helpful = 0 AND not_helpful = 0;
END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('gaps',1);
COMMIT;
