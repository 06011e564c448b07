-- The votes counted, so that a card reads a few rows however many have voted. Triggers keep it;
-- a count of nothing has no row.
CREATE TABLE tallies (
    topic text NOT NULL,
    resource text NOT NULL,
    guild bigint NOT NULL,  -- where they were cast; 0: no guild, -1: all together
    helpful bigint NOT NULL,
    not_helpful bigint NOT NULL,
    PRIMARY KEY (topic, resource, guild)
);

LOCK TABLE votes IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO tallies
SELECT topic, resource, guild, count(*) FILTER (WHERE helpful), count(*) FILTER (WHERE NOT helpful)
FROM votes GROUP BY topic, resource, guild
UNION ALL
SELECT topic, resource, -1, count(*) FILTER (WHERE helpful), count(*) FILTER (WHERE NOT helpful)
FROM votes GROUP BY topic, resource;

-- Once a statement, over all the votes it touched, in the order of the key, and always with the
-- count of all together first: who has that one touches the others alone, so none block each other.
CREATE FUNCTION count_votes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT *, 1 AS sign FROM cast_votes'
        WHEN 'DELETE' THEN 'SELECT *, -1 AS sign FROM former_votes'
        ELSE 'SELECT *, 1 AS sign FROM cast_votes UNION ALL SELECT *, -1 FROM former_votes'
    END;
BEGIN
    EXECUTE 'INSERT INTO tallies
        SELECT topic, resource, place, sum(CASE WHEN helpful THEN sign ELSE 0 END),
            sum(CASE WHEN helpful THEN 0 ELSE sign END)
        FROM (' || changed || ') AS changed
        CROSS JOIN LATERAL (VALUES (guild), (-1::bigint)) AS places (place)
        GROUP BY topic, resource, place ORDER BY topic, resource, place
        ON CONFLICT (topic, resource, guild) DO UPDATE
        SET helpful = tallies.helpful + excluded.helpful,
            not_helpful = tallies.not_helpful + excluded.not_helpful';
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM tallies WHERE helpful = 0 AND not_helpful = 0
        AND (topic, resource) IN (SELECT topic, resource FROM former_votes);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER votes_cast AFTER INSERT ON votes REFERENCING NEW TABLE AS cast_votes
FOR EACH STATEMENT EXECUTE FUNCTION count_votes();
CREATE TRIGGER votes_deleted AFTER DELETE ON votes REFERENCING OLD TABLE AS former_votes
FOR EACH STATEMENT EXECUTE FUNCTION count_votes();
CREATE TRIGGER votes_changed AFTER UPDATE ON votes
REFERENCING OLD TABLE AS former_votes NEW TABLE AS cast_votes
FOR EACH STATEMENT EXECUTE FUNCTION count_votes();
