-- The votes counted, so that a card reads a few rows however many have voted. Triggers keep it;
-- a count of nothing has no row.
CREATE TABLE tallies (
    topic TEXT NOT NULL,
    resource TEXT NOT NULL,
    guild INTEGER NOT NULL,  -- where they were cast; 0: no guild, -1: all together
    helpful INTEGER NOT NULL,
    not_helpful INTEGER NOT NULL,
    PRIMARY KEY (topic, resource, guild)
) STRICT, WITHOUT ROWID;

INSERT INTO tallies
SELECT topic, resource, guild, sum(helpful), sum(1 - helpful) FROM votes
GROUP BY topic, resource, guild
UNION ALL
SELECT topic, resource, -1, sum(helpful), sum(1 - helpful) FROM votes GROUP BY topic, resource;

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
