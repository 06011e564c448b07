-- A database as version 1 of the schema left it; dumped, and never edited.
PRAGMA application_id = 1463898701;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
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
CREATE TABLE picks (
    gap INTEGER NOT NULL REFERENCES gaps (number) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times > 0),
    PRIMARY KEY (gap, topic)
) STRICT, WITHOUT ROWID;
INSERT INTO "picks" VALUES(1,'reading',1);
CREATE TABLE remembered (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "remembered" VALUES('voter_key','00ff');
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('gaps',1);
COMMIT;
