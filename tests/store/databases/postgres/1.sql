-- A database as version 1 of the schema left it; dumped with pg_dump, and never edited.
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
CREATE TABLE public.picks (
    gap bigint NOT NULL,
    topic text NOT NULL,
    times integer NOT NULL,
    CONSTRAINT picks_times_check CHECK ((times > 0))
);
CREATE TABLE public.remembered (
    name text NOT NULL,
    value text NOT NULL
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
INSERT INTO public.gaps OVERRIDING SYSTEM VALUE VALUES (1, 'how do I bake bread', 'suggest', '["cost", "reading"]', true, 1795000000);
INSERT INTO public.picks VALUES (1, 'reading', 1);
INSERT INTO public.remembered VALUES ('voter_key', '00ff');
INSERT INTO public.votes VALUES ('_resource', 'edx', '\x62626262626262626262626262626262', true, 0, 1795000000);
INSERT INTO public.votes VALUES ('cost', 'fast-ai', '\x61616161616161616161616161616161', true, 1234567890123456789, 1795000000);
INSERT INTO public.votes VALUES ('cost', 'keras', '\x61616161616161616161616161616161', true, 1234567890123456789, 1795000000);
INSERT INTO public.votes VALUES ('cost', 'keras', '\x62626262626262626262626262626262', false, 0, 1795000000);
INSERT INTO public.warmstart VALUES (1);
SELECT pg_catalog.setval('public.gaps_number_seq', 1, true);
ALTER TABLE ONLY public.gaps
    ADD CONSTRAINT gaps_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.picks
    ADD CONSTRAINT picks_pkey PRIMARY KEY (gap, topic);
ALTER TABLE ONLY public.remembered
    ADD CONSTRAINT remembered_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_pkey PRIMARY KEY (topic, resource, voter);
ALTER TABLE ONLY public.picks
    ADD CONSTRAINT picks_gap_fkey FOREIGN KEY (gap) REFERENCES public.gaps(number) ON DELETE CASCADE;
