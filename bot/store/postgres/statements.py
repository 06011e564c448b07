"""The intentions of the store in PostgreSQL's SQL; `bot.store.statements` has SQLite's."""

from __future__ import annotations

SET_VOTES = """
INSERT INTO votes (topic, resource, voter, helpful, guild, voted_at)
SELECT DISTINCT $1, resource, $3::bytea, $4::boolean, $5::bigint, $6::bigint
FROM unnest($2::text[]) AS resource ORDER BY resource
ON CONFLICT (topic, resource, voter) DO UPDATE
SET helpful = excluded.helpful, guild = excluded.guild, voted_at = excluded.voted_at
WHERE votes.helpful <> excluded.helpful
"""
TAKE_HELPFUL_BACK = """
DELETE FROM votes WHERE topic = $1 AND resource = $2 AND voter = $3 AND helpful
"""
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
WAIT_FOR_TURN = "SELECT pg_advisory_lock(hashtextextended($1, 0))"
END_TURN = "SELECT pg_advisory_unlock(hashtextextended($1, 0))"
TALLY_TOPIC = """
SELECT resource, helpful, not_helpful FROM tallies
WHERE topic = $1 AND guild = coalesce($2::bigint, -1)
"""
TALLY_ALL = """
SELECT topic, resource, helpful, not_helpful FROM tallies WHERE guild = coalesce($1::bigint, -1)
"""
KEEP_GAP = """
INSERT INTO gaps (question, decision, candidates, asked_at) VALUES ($1, $2, $3, $4)
RETURNING number
"""
COUNT_PICK = """
INSERT INTO picks (gap, topic, times) SELECT number, $1, 1 FROM gaps WHERE number = $2
ON CONFLICT (gap, topic) DO UPDATE SET times = picks.times + 1
"""
MARK_TOLD = "UPDATE gaps SET told = true WHERE number = $1"
LIST_GAPS = """
SELECT number, question, decision, candidates, told, asked_at,
       (SELECT coalesce(json_object_agg(topic, times), '{}') FROM picks WHERE gap = number)
FROM gaps ORDER BY number
"""
LIST_VOTED_IDS = """
SELECT topic FROM tallies WHERE topic <> $1 UNION SELECT resource FROM tallies
"""
ANY_VOTE_UNDER_IDS = """
SELECT 1 FROM tallies WHERE topic = ANY($1) OR resource = ANY($1) LIMIT 1
"""
VOTES_UNDER_IDS = """
SELECT topic, resource, voter, helpful, guild, voted_at FROM votes
WHERE topic = ANY($1) OR resource = ANY($1)
"""
# Who changes votes of many topics holds up those who cast one: else each may wait for the other.
KEEP_VOTES_STILL = "LOCK TABLE votes IN SHARE ROW EXCLUSIVE MODE"
DROP_VOTES_UNDER_IDS = "DELETE FROM votes WHERE topic = ANY($1) OR resource = ANY($1)"
MERGE_VOTES = """
INSERT INTO votes (topic, resource, voter, helpful, guild, voted_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::boolean[], $5::bigint[], $6::bigint[])
ON CONFLICT (topic, resource, voter) DO UPDATE
SET helpful = excluded.helpful, guild = excluded.guild, voted_at = excluded.voted_at
WHERE excluded.voted_at > votes.voted_at
"""
READ_VALUE = "SELECT value FROM remembered WHERE name = $1"
ADD_VALUE = "INSERT INTO remembered (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING"
SET_VALUE = """
INSERT INTO remembered (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""

READ_GUILD = "SELECT paused, cooldown, link, link_label FROM guilds WHERE guild = $1"
READ_CHANNELS = "SELECT channel, duty FROM channels WHERE guild = $1"
SET_GUILD = """
INSERT INTO guilds (guild, paused, cooldown, link, link_label) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (guild) DO UPDATE
SET paused = excluded.paused, cooldown = excluded.cooldown, link = excluded.link,
    link_label = excluded.link_label
"""
DROP_CHANNELS = "DELETE FROM channels WHERE guild = $1"
ADD_CHANNEL = "INSERT INTO channels (guild, channel, duty) VALUES ($1, $2, $3)"
COUNT_SHADOW = """
INSERT INTO shadows (guild, day, topic, decision, times) VALUES ($1, $2, $3, $4, 1)
ON CONFLICT (guild, day, topic, decision) DO UPDATE SET times = shadows.times + 1
"""
LIST_SHADOWS = """
SELECT topic, decision, sum(times)::bigint FROM shadows WHERE guild = $1 AND day >= $2
GROUP BY topic, decision ORDER BY sum(times) DESC, topic COLLATE "C", decision COLLATE "C"
"""
CLAIM_UNASKED = """
INSERT INTO unasked (guild, person, answered_at) VALUES ($1, $2, $3)
ON CONFLICT (guild, person) DO UPDATE SET answered_at = excluded.answered_at
WHERE unasked.answered_at <= $3 - $4::bigint
"""
LIST_GUILDS = """
SELECT guild FROM guilds UNION SELECT guild FROM channels UNION SELECT guild FROM shadows
UNION SELECT guild FROM unasked UNION SELECT guild FROM tallies WHERE guild > 0 ORDER BY guild
"""
FORGET_GUILD = (
    "DELETE FROM guilds WHERE guild = $1",
    "DELETE FROM channels WHERE guild = $1",
    "DELETE FROM shadows WHERE guild = $1",
    "DELETE FROM unasked WHERE guild = $1",
    "UPDATE votes SET guild = 0 WHERE guild = $1",
)

READ_PLAN = "SELECT plan FROM plans WHERE person = $1"
SET_PLAN = """
INSERT INTO plans (person, plan, saved_at) VALUES ($1, $2, $3)
ON CONFLICT (person) DO UPDATE SET plan = excluded.plan, saved_at = excluded.saved_at
"""
LIST_OPT_OUTS = "SELECT kind FROM opt_outs WHERE person = $1"
ADD_OPT_OUT = "INSERT INTO opt_outs (person, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING"
DROP_OPT_OUT = "DELETE FROM opt_outs WHERE person = $1 AND kind = $2"
VOTES_OF = """
SELECT topic, resource, helpful, guild, voted_at FROM votes WHERE voter = $1
ORDER BY voted_at, topic COLLATE "C", resource COLLATE "C"
"""
UNASKED_OF = "SELECT guild, answered_at FROM unasked WHERE person = $1 ORDER BY guild"
FORGET = (
    "DELETE FROM votes WHERE voter = $1",
    "DELETE FROM plans WHERE person = $1",
    "DELETE FROM opt_outs WHERE person = $1",
    "DELETE FROM unasked WHERE person = $1",
)
CUT_FROM_PEOPLE = (
    "UPDATE votes SET voter = uuid_send(gen_random_uuid())",  # 122 random bits
    "DELETE FROM plans",
    "DELETE FROM opt_outs",
    "DELETE FROM unasked",
)
COUNT_VOTES = "SELECT count(*) FROM votes"
EXPIRE_GAPS = "DELETE FROM gaps WHERE asked_at < $1"
EXPIRE_SHADOWS = "DELETE FROM shadows WHERE day < $1"
EXPIRE_UNASKED = "DELETE FROM unasked WHERE answered_at < $1"
