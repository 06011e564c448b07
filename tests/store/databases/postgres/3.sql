-- A database as version 3 of the schema left it; dumped with pg_dump, and never edited.
CREATE FUNCTION public.count_votes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
CREATE TABLE public.channels (
    guild bigint NOT NULL,
    channel bigint NOT NULL,
    duty text NOT NULL
);
CREATE TABLE public.gaps (
    number bigint NOT NULL,
    question text NOT NULL,
    decision text NOT NULL,
    candidates json NOT NULL,
    told boolean DEFAULT false NOT NULL,
    asked_at bigint NOT NULL
);
ALTER TABLE public.gaps ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.gaps_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.guilds (
    guild bigint NOT NULL,
    paused boolean NOT NULL,
    cooldown integer NOT NULL,
    link text NOT NULL,
    link_label text NOT NULL,
    CONSTRAINT guilds_cooldown_check CHECK ((cooldown >= 0))
);
CREATE TABLE public.opt_outs (
    person bytea NOT NULL,
    kind text NOT NULL,
    CONSTRAINT opt_outs_person_check CHECK ((length(person) = 16))
);
CREATE TABLE public.picks (
    gap bigint NOT NULL,
    topic text NOT NULL,
    times integer NOT NULL,
    CONSTRAINT picks_times_check CHECK ((times > 0))
);
CREATE TABLE public.plans (
    person bytea NOT NULL,
    plan json NOT NULL,
    saved_at bigint NOT NULL,
    CONSTRAINT plans_person_check CHECK ((length(person) = 16))
);
CREATE TABLE public.remembered (
    name text NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.shadows (
    guild bigint NOT NULL,
    day integer NOT NULL,
    topic text NOT NULL,
    decision text NOT NULL,
    times integer NOT NULL,
    CONSTRAINT shadows_times_check CHECK ((times > 0))
);
CREATE TABLE public.tallies (
    topic text NOT NULL,
    resource text NOT NULL,
    guild bigint NOT NULL,
    helpful bigint NOT NULL,
    not_helpful bigint NOT NULL
);
CREATE TABLE public.unasked (
    guild bigint NOT NULL,
    person bytea NOT NULL,
    answered_at bigint NOT NULL,
    CONSTRAINT unasked_person_check CHECK ((length(person) = 16))
);
CREATE TABLE public.votes (
    topic text NOT NULL,
    resource text NOT NULL,
    voter bytea NOT NULL,
    helpful boolean NOT NULL,
    guild bigint NOT NULL,
    voted_at bigint NOT NULL,
    CONSTRAINT votes_voter_check CHECK ((length(voter) = 16))
);
CREATE TABLE public.warmstart (
    schema integer NOT NULL
);
INSERT INTO public.channels VALUES (7, 71, 'watch');
INSERT INTO public.gaps OVERRIDING SYSTEM VALUE VALUES (1, 'how do I bake bread', 'suggest', '["cost", "reading"]', true, 1795000000);
INSERT INTO public.guilds VALUES (7, true, 60, '', '');
INSERT INTO public.opt_outs VALUES ('\x61616161616161616161616161616161', 'everything');
INSERT INTO public.picks VALUES (1, 'reading', 1);
INSERT INTO public.plans VALUES ('\x61616161616161616161616161616161', '{}', 1795000000);
INSERT INTO public.remembered VALUES ('voter_key', '00ff');
INSERT INTO public.shadows VALUES (7, 20775, 'cost', 'answer', 3);
INSERT INTO public.tallies VALUES ('cost', 'fast-ai', 1234567890123456789, 1, 0);
INSERT INTO public.tallies VALUES ('cost', 'keras', 1234567890123456789, 1, 0);
INSERT INTO public.tallies VALUES ('cost', 'keras', 0, 0, 1);
INSERT INTO public.tallies VALUES ('_resource', 'edx', 0, 1, 0);
INSERT INTO public.tallies VALUES ('_resource', 'edx', -1, 1, 0);
INSERT INTO public.tallies VALUES ('cost', 'keras', -1, 1, 1);
INSERT INTO public.tallies VALUES ('cost', 'fast-ai', -1, 1, 0);
INSERT INTO public.unasked VALUES (7, '\x61616161616161616161616161616161', 1795000000);
INSERT INTO public.votes VALUES ('_resource', 'edx', '\x62626262626262626262626262626262', true, 0, 1795000000);
INSERT INTO public.votes VALUES ('cost', 'fast-ai', '\x61616161616161616161616161616161', true, 1234567890123456789, 1795000000);
INSERT INTO public.votes VALUES ('cost', 'keras', '\x61616161616161616161616161616161', true, 1234567890123456789, 1795000000);
INSERT INTO public.votes VALUES ('cost', 'keras', '\x62626262626262626262626262626262', false, 0, 1795000000);
INSERT INTO public.warmstart VALUES (3);
SELECT pg_catalog.setval('public.gaps_number_seq', 1, true);
ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_pkey PRIMARY KEY (guild, channel);
ALTER TABLE ONLY public.gaps
    ADD CONSTRAINT gaps_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.guilds
    ADD CONSTRAINT guilds_pkey PRIMARY KEY (guild);
ALTER TABLE ONLY public.opt_outs
    ADD CONSTRAINT opt_outs_pkey PRIMARY KEY (person, kind);
ALTER TABLE ONLY public.picks
    ADD CONSTRAINT picks_pkey PRIMARY KEY (gap, topic);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (person);
ALTER TABLE ONLY public.remembered
    ADD CONSTRAINT remembered_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.shadows
    ADD CONSTRAINT shadows_pkey PRIMARY KEY (guild, day, topic, decision);
ALTER TABLE ONLY public.tallies
    ADD CONSTRAINT tallies_pkey PRIMARY KEY (topic, resource, guild);
ALTER TABLE ONLY public.unasked
    ADD CONSTRAINT unasked_pkey PRIMARY KEY (guild, person);
ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_pkey PRIMARY KEY (topic, resource, voter);
CREATE INDEX votes_of_voter ON public.votes USING btree (voter);
CREATE TRIGGER votes_cast AFTER INSERT ON public.votes REFERENCING NEW TABLE AS cast_votes FOR EACH STATEMENT EXECUTE FUNCTION public.count_votes();
CREATE TRIGGER votes_changed AFTER UPDATE ON public.votes REFERENCING OLD TABLE AS former_votes NEW TABLE AS cast_votes FOR EACH STATEMENT EXECUTE FUNCTION public.count_votes();
CREATE TRIGGER votes_deleted AFTER DELETE ON public.votes REFERENCING OLD TABLE AS former_votes FOR EACH STATEMENT EXECUTE FUNCTION public.count_votes();
ALTER TABLE ONLY public.picks
    ADD CONSTRAINT picks_gap_fkey FOREIGN KEY (gap) REFERENCES public.gaps(number) ON DELETE CASCADE;
