"""The intentions of the store in SQLite's SQL."""

from __future__ import annotations

SET_VOTE = """
INSERT INTO votes (topic, resource, voter, helpful, guild, voted_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (topic, resource, voter) DO UPDATE
SET helpful = excluded.helpful, guild = excluded.guild, voted_at = excluded.voted_at
WHERE helpful <> excluded.helpful
"""
TAKE_HELPFUL_BACK = """
DELETE FROM votes WHERE topic = ? AND resource = ? AND voter = ? AND helpful = 1
"""
TALLY_TOPIC = """
SELECT resource, helpful, not_helpful FROM tallies
WHERE topic = :topic AND guild = coalesce(:guild, -1)
"""
TALLY_ALL = """
SELECT topic, resource, helpful, not_helpful FROM tallies WHERE guild = coalesce(:guild, -1)
"""
KEEP_GAP = """
INSERT INTO gaps (question, decision, candidates, asked_at) VALUES (?, ?, ?, ?)
"""
COUNT_PICK = """
INSERT INTO picks (gap, topic, times) SELECT number, ?, 1 FROM gaps WHERE number = ?
ON CONFLICT (gap, topic) DO UPDATE SET times = times + 1
"""
MARK_TOLD = "UPDATE gaps SET told = 1 WHERE number = ?"
LIST_GAPS = """
SELECT number, question, decision, candidates, told, asked_at,
       (SELECT json_group_object(topic, times) FROM picks WHERE gap = number)
FROM gaps ORDER BY number
"""
LIST_VOTED_IDS = """
SELECT topic FROM tallies WHERE topic <> ? UNION SELECT resource FROM tallies
"""
VOTES_UNDER_IDS = """
SELECT topic, resource, voter, helpful, guild, voted_at FROM votes
WHERE topic IN (SELECT value FROM json_each(:ids))
   OR resource IN (SELECT value FROM json_each(:ids))
"""
DROP_VOTE = "DELETE FROM votes WHERE topic = ? AND resource = ? AND voter = ?"
MERGE_VOTE = """
INSERT INTO votes (topic, resource, voter, helpful, guild, voted_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (topic, resource, voter) DO UPDATE
SET helpful = excluded.helpful, guild = excluded.guild, voted_at = excluded.voted_at
WHERE excluded.voted_at > voted_at
"""
HOLDS_NOTHING = """
SELECT NOT EXISTS (SELECT 1 FROM votes) AND NOT EXISTS (SELECT 1 FROM gaps)
   AND NOT EXISTS (SELECT 1 FROM remembered)
"""
PROVE_WRITABLE = "DELETE FROM votes WHERE false"  # BEGIN IMMEDIATE takes a read-only file too
READ_VALUE = "SELECT value FROM remembered WHERE name = ?"
ADD_VALUE = "INSERT INTO remembered (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING"
SET_VALUE = """
INSERT INTO remembered (name, value) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""

READ_GUILD = "SELECT paused, cooldown, link, link_label FROM guilds WHERE guild = ?"
READ_CHANNELS = "SELECT channel, duty FROM channels WHERE guild = ?"
SET_GUILD = """
INSERT INTO guilds (guild, paused, cooldown, link, link_label) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (guild) DO UPDATE
SET paused = excluded.paused, cooldown = excluded.cooldown, link = excluded.link,
    link_label = excluded.link_label
"""
DROP_CHANNELS = "DELETE FROM channels WHERE guild = ?"
ADD_CHANNEL = "INSERT INTO channels (guild, channel, duty) VALUES (?, ?, ?)"
COUNT_SHADOW = """
INSERT INTO shadows (guild, day, topic, decision, times) VALUES (?, ?, ?, ?, 1)
ON CONFLICT (guild, day, topic, decision) DO UPDATE SET times = times + 1
"""
LIST_SHADOWS = """
SELECT topic, decision, sum(times) FROM shadows WHERE guild = ? AND day >= ?
GROUP BY topic, decision ORDER BY sum(times) DESC, topic, decision
"""
CLAIM_UNASKED = """
INSERT INTO unasked (guild, person, answered_at) VALUES (:guild, :person, :now)
ON CONFLICT (guild, person) DO UPDATE SET answered_at = excluded.answered_at
WHERE answered_at <= :now - :cooldown
"""
LIST_GUILDS = """
SELECT guild FROM guilds UNION SELECT guild FROM channels UNION SELECT guild FROM shadows
UNION SELECT guild FROM unasked UNION SELECT guild FROM tallies WHERE guild > 0 ORDER BY guild
"""
FORGET_GUILD = (
    "DELETE FROM guilds WHERE guild = ?",
    "DELETE FROM channels WHERE guild = ?",
    "DELETE FROM shadows WHERE guild = ?",
    "DELETE FROM unasked WHERE guild = ?",
    "UPDATE votes SET guild = 0 WHERE guild = ?",
)

READ_PLAN = "SELECT plan FROM plans WHERE person = ?"
SET_PLAN = """
INSERT INTO plans (person, plan, saved_at) VALUES (?, ?, ?)
ON CONFLICT (person) DO UPDATE SET plan = excluded.plan, saved_at = excluded.saved_at
"""
LIST_OPT_OUTS = "SELECT kind FROM opt_outs WHERE person = ?"
ADD_OPT_OUT = "INSERT INTO opt_outs (person, kind) VALUES (?, ?) ON CONFLICT DO NOTHING"
DROP_OPT_OUT = "DELETE FROM opt_outs WHERE person = ? AND kind = ?"
VOTES_OF = """
SELECT topic, resource, helpful, guild, voted_at FROM votes WHERE voter = ?
ORDER BY voted_at, topic, resource
"""
UNASKED_OF = "SELECT guild, answered_at FROM unasked WHERE person = ? ORDER BY guild"
FORGET = (
    "DELETE FROM votes WHERE voter = ?",
    "DELETE FROM plans WHERE person = ?",
    "DELETE FROM opt_outs WHERE person = ?",
    "DELETE FROM unasked WHERE person = ?",
)
CUT_FROM_PEOPLE = (
    "DELETE FROM plans",
    "DELETE FROM opt_outs",
    "DELETE FROM unasked",
    "UPDATE votes SET voter = randomblob(16)",
)
COUNT_VOTES = "SELECT count(*) FROM votes"
EXPIRE_GAPS = "DELETE FROM gaps WHERE asked_at < ?"
EXPIRE_SHADOWS = "DELETE FROM shadows WHERE day < ?"
EXPIRE_UNASKED = "DELETE FROM unasked WHERE answered_at < ?"
