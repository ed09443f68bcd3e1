SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    kept jsonb;
    erasable text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        kept := to_jsonb(OLD);
        FOREACH erasable IN ARRAY coalesce(TG_ARGV, '{}') LOOP
            IF to_jsonb(NEW) -> erasable = 'null' THEN
                kept := jsonb_set(kept, ARRAY[erasable], 'null');
            END IF;
        END LOOP;
        IF to_jsonb(NEW) = kept THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' only grows';
END $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.answers (
    number bigint NOT NULL,
    task text NOT NULL,
    at timestamp with time zone NOT NULL,
    by_person text NOT NULL,
    role text NOT NULL,
    outcome text NOT NULL,
    together boolean NOT NULL,
    given text,
    note text,
    caught text,
    amends timestamp with time zone
);
CREATE SEQUENCE public.answers_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.answers_number_seq OWNED BY public.answers.number;
CREATE TABLE public.arrangements (
    kind text NOT NULL,
    key text NOT NULL,
    clinic text NOT NULL,
    by_person text NOT NULL,
    at timestamp with time zone NOT NULL,
    detail text NOT NULL,
    ended_at timestamp with time zone,
    revision integer NOT NULL
);
CREATE TABLE public.asked (
    task text NOT NULL,
    asking integer NOT NULL,
    rung integer NOT NULL,
    card text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.cases (
    code text NOT NULL,
    clinic text NOT NULL,
    playbook text NOT NULL,
    digest text NOT NULL,
    opened timestamp with time zone NOT NULL,
    booked timestamp with time zone NOT NULL,
    consult timestamp with time zone NOT NULL,
    starts timestamp with time zone NOT NULL,
    sessions text NOT NULL,
    facts text NOT NULL,
    said text NOT NULL,
    assigned text NOT NULL,
    cancelled timestamp with time zone,
    closed_at timestamp with time zone,
    shadow boolean NOT NULL,
    revision integer NOT NULL,
    history_count integer NOT NULL,
    history_head character varying(64) NOT NULL,
    sealed_count integer NOT NULL,
    asks_at timestamp with time zone,
    extra text
);
CREATE TABLE public.history (
    code text NOT NULL,
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    by_person text NOT NULL,
    detail text,
    salt character varying(32),
    content_digest character varying(64) NOT NULL,
    link character varying(64) NOT NULL
);
CREATE TABLE public.history_keys (
    number integer NOT NULL,
    proof character varying(64) NOT NULL
);
CREATE TABLE public.identities (
    code text NOT NULL,
    sealed text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.inbox (
    once text NOT NULL,
    said text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.kept_playbooks (
    digest text NOT NULL,
    playbook text NOT NULL,
    texts text NOT NULL
);
CREATE TABLE public.leases (
    name text NOT NULL,
    holder text NOT NULL,
    until timestamp with time zone NOT NULL
);
CREATE TABLE public.overrides (
    number bigint NOT NULL,
    code text NOT NULL,
    session integer NOT NULL,
    gate text NOT NULL,
    by_person text NOT NULL,
    at timestamp with time zone NOT NULL,
    covers text NOT NULL,
    reason text
);
CREATE SEQUENCE public.overrides_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.overrides_number_seq OWNED BY public.overrides.number;
CREATE TABLE public.parcels (
    number bigint NOT NULL,
    id text NOT NULL,
    key text NOT NULL,
    card text NOT NULL,
    verb text NOT NULL,
    at timestamp with time zone NOT NULL,
    text text NOT NULL,
    state text NOT NULL,
    free_at timestamp with time zone,
    attempts integer NOT NULL,
    unsure boolean NOT NULL,
    why text NOT NULL,
    ended_at timestamp with time zone,
    heard_at timestamp with time zone
);
CREATE SEQUENCE public.parcels_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.parcels_number_seq OWNED BY public.parcels.number;
CREATE TABLE public.posting_lines (
    "position" bigint NOT NULL,
    card text NOT NULL,
    task text NOT NULL
);
CREATE SEQUENCE public.posting_lines_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.posting_lines_position_seq OWNED BY public.posting_lines."position";
CREATE TABLE public.postings (
    key text NOT NULL,
    clinic text NOT NULL,
    kind text NOT NULL,
    to_platform text NOT NULL,
    to_account text NOT NULL,
    to_channel text NOT NULL,
    person text NOT NULL,
    code text NOT NULL,
    session integer NOT NULL,
    day date,
    ref_platform text,
    ref_channel text,
    ref_message text,
    closed boolean NOT NULL
);
CREATE TABLE public.seals (
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    lines bigint NOT NULL,
    heads text NOT NULL,
    heads_digest character varying(64) NOT NULL,
    link character varying(64) NOT NULL
);
CREATE TABLE public.signatures (
    clinic text NOT NULL,
    playbook text NOT NULL,
    number integer NOT NULL,
    digest text NOT NULL,
    by_person text NOT NULL,
    name text NOT NULL,
    at timestamp with time zone NOT NULL,
    next_review date NOT NULL,
    link character varying(64) NOT NULL
);
CREATE TABLE public.tasks (
    key text NOT NULL,
    code text NOT NULL,
    clinic text NOT NULL,
    step text NOT NULL,
    session integer NOT NULL,
    occurrence integer NOT NULL,
    status text NOT NULL,
    due timestamp with time zone NOT NULL,
    floor timestamp with time zone NOT NULL,
    anchored timestamp with time zone,
    late boolean NOT NULL,
    on_call boolean NOT NULL,
    reopened boolean NOT NULL,
    answer text,
    decision text,
    asking integer NOT NULL,
    rung integer NOT NULL,
    next_prompt_at timestamp with time zone,
    revision integer NOT NULL,
    holder text,
    acknowledged timestamp with time zone,
    ladder text,
    snoozed boolean,
    first text,
    tried integer,
    held timestamp with time zone
);
ALTER TABLE ONLY public.answers ALTER COLUMN number SET DEFAULT nextval('public.answers_number_seq'::regclass);
ALTER TABLE ONLY public.overrides ALTER COLUMN number SET DEFAULT nextval('public.overrides_number_seq'::regclass);
ALTER TABLE ONLY public.parcels ALTER COLUMN number SET DEFAULT nextval('public.parcels_number_seq'::regclass);
ALTER TABLE ONLY public.posting_lines ALTER COLUMN "position" SET DEFAULT nextval('public.posting_lines_position_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0004');
INSERT INTO public.answers VALUES (1, 'K7Q2:skin_exam:1:1', '2027-01-04 09:30:00+00', 'jo', 'nurse', 'confirmed', false, '{"tan":"no"}', '', NULL, NULL);
INSERT INTO public.answers VALUES (2, 'K7Q2:skin_exam:1:1', '2027-01-04 09:31:00+00', 'jo', 'nurse', 'confirmed', false, '{"tan":"no"}', 'asked again', 'medicine', '2027-01-04 09:30:00+00');
INSERT INTO public.arrangements VALUES ('rooms', 'riverside:2027-01-04', 'riverside', 'kit', '2027-01-04 09:30:00+00', '{}', NULL, 1);
INSERT INTO public.asked VALUES ('K7Q2:skin_exam:1:1', 1, 0, 'prep:K7Q2:1:jo', '2027-01-04 09:30:00+00');
INSERT INTO public.cases VALUES ('K7Q2', 'riverside', 'abl', '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f', '2027-01-04 09:30:00+00', '2027-01-01 09:30:00+00', '2026-12-25 09:30:00+00', '2027-02-03 09:30:00+00', '[{"arrived":null,"booked":null,"cancelled":null,"delay":0,"device":"","finished":null,"held":"","minutes":60,"number":1,"room":"room-2","start":{"$moment":"2027-02-03T09:30:00+00:00"},"started":null}]', '{"age":52,"areas":{"$tuple":["face"]},"last_dose":{"$date":"2026-07-01"},"slot":{"$time":"09:05:00"},"weight":61.5}', '{"last_dose":[{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"","settles":false,"value":{"$date":"2026-07-01"},"where":"booking"},{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"jo","settles":true,"value":{"$date":"2026-08-01"},"where":"abl.isotretinoin"}]}', '{"nurse":"jo"}', NULL, '2027-01-04 09:31:00+00', false, 2, 3, 'cf29ea3f692a738fed699ab3460d2f64c4091dd92fabea1d9c72225a34af1f5a', 3, NULL, NULL);
INSERT INTO public.cases VALUES ('M4TR', 'riverside', 'abl', '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f', '2027-01-04 09:30:00+00', '2027-01-01 09:30:00+00', '2026-12-25 09:30:00+00', '2027-02-03 09:30:00+00', '[{"arrived":null,"booked":null,"cancelled":null,"delay":0,"device":"","finished":null,"held":"","minutes":60,"number":1,"room":"room-2","start":{"$moment":"2027-02-03T09:30:00+00:00"},"started":null}]', '{"age":52,"areas":{"$tuple":["face"]},"last_dose":{"$date":"2026-07-01"},"slot":{"$time":"09:05:00"},"weight":61.5}', '{"last_dose":[{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"","settles":false,"value":{"$date":"2026-07-01"},"where":"booking"},{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"jo","settles":true,"value":{"$date":"2026-08-01"},"where":"abl.isotretinoin"}]}', '{"nurse":"jo"}', NULL, NULL, false, 0, 1, '8c39297427d6f6ca319ba51522b5fefe2c00906039ddee7e1c21cc8a7a103357', 1, NULL, NULL);
INSERT INTO public.history VALUES ('K7Q2', 1, '2027-01-04 09:30:00+00', 'opened', 'jo', '{}', '643dfa970aa973b5c8050b8a7a03c184', '42158e1310c71784ca3ec65793a44cc179bd36dfc7c93ece5054e901c0b51bb9', '63f3828b4e6bd9aec7a48714ab6cb6e74e234f1fc1d6ad74d2a8d9f433dc4d01');
INSERT INTO public.history VALUES ('M4TR', 1, '2027-01-04 09:30:00+00', 'opened', 'jo', '{}', 'fddd454c3cba44f282169e7a346e08b4', 'fd234217bc85f15a0c8a147b8a2b76ba97c94a90fbc9d3e1f13933afa8ff4edf', '19d429a11f01338135cf88087644d256b12296b16959aa288fbb0d1a5b8d59f4');
INSERT INTO public.history VALUES ('K7Q2', 2, '2027-01-04 09:30:00+00', 'answered', 'jo', '{"changed":{"K7Q2:skin_exam:1:1":"open>done"}}', 'd09a06e2d9b5c7dbf630db88366a8503', 'dabeec833c3890ef9f34e4739c1daf21a36b8a212d2cf064c52e809cc8868f2a', 'cf1d5cb3973c210d4bfaf66d9148c6c53c4da35f138070838184bedf92d13b1a');
INSERT INTO public.history VALUES ('K7Q2', 3, '2027-01-04 09:30:00+00', 'amended', 'jo', '{"why":"a slip"}', '469e46b4d50f9b5989f2a6a8d79b38d0', '5ed3a4beb5d83bf4172446a583629f8a7417d9c81c7aced9e1aa481e1a124d06', '5c9ebae47328bca6e04405d966118ed717fa73a10f3163372fb5d5ac9217aac1');
INSERT INTO public.history_keys VALUES (1, '5d4c5589c437f92eccbafa5631d1c75af53bfe33a6a03a32a99237ae69f336ff');
INSERT INTO public.identities VALUES ('K7Q2', 'gAAAAABrA6YQW7Wo33WU_A1joeP1nAjhn4Kjk-AtzahR-Bbk7aASkpEN-iVtQ2FDtEIPzGQkWlwgjaO0vvdiomi2zbrTcYxYHf-ibMfwyDmQCv1BYApCyby6fkyHRhfhWA_4SZib5lak', '2027-01-04 09:30:00+00');
INSERT INTO public.inbox VALUES ('click:1', 'Thanks', '2027-01-04 09:30:00+00');
INSERT INTO public.kept_playbooks VALUES ('0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f', 'abl', '{"abl.yaml":"playbook: abl\ntitle: \u201cCO\u2082\u201d\n"}');
INSERT INTO public.leases VALUES ('sweep:riverside', 'serve-1', '2027-01-04 09:31:00+00');
INSERT INTO public.overrides VALUES (1, 'K7Q2', 1, 'huddle', 'ali', '2027-01-04 09:30:00+00', '{"$tuple":["consent"]}', 'a good one');
INSERT INTO public.parcels VALUES (1, 'b80ca02c5a6e6732', 'ask:1', 'prep:K7Q2:1:jo', 'draw', '2027-01-04 09:30:00+00', '', 'waiting', '2027-01-04 09:30:00+00', 0, false, '', NULL, NULL);
INSERT INTO public.parcels VALUES (2, '4435e32d5928033d', 'nudge:1', 'prep:K7Q2:1:jo', 'nudge', '2027-01-04 09:30:00+00', 'Still open: Skin exam · K7Q2.', 'waiting', '2027-01-04 09:30:00+00', 0, false, '', NULL, '2027-01-04 09:30:00+00');
INSERT INTO public.posting_lines VALUES (1, 'prep:K7Q2:1:jo', 'K7Q2:skin_exam:1:1');
INSERT INTO public.posting_lines VALUES (2, 'prep:K7Q2:1:jo', 'K7Q2:consent:1:1');
INSERT INTO public.postings VALUES ('prep:K7Q2:1:jo', 'riverside', 'prep', 'local', 'jo', '', 'jo', 'K7Q2', 0, '2027-01-04', 'local', 'dm-jo', 'm1', false);
INSERT INTO public.seals VALUES (1, '2027-01-04 09:31:00+00', 4, '[["K7Q2",3,"5c9ebae47328bca6e04405d966118ed717fa73a10f3163372fb5d5ac9217aac1"],["M4TR",1,"19d429a11f01338135cf88087644d256b12296b16959aa288fbb0d1a5b8d59f4"],["riverside/abl",1,"451f31da96adb445dbec677d3260b5c0320e03a9760029da43ad2734529e9c8a"]]', '3a692a67b2da44f9e57a888a62b925fe741e48e609eb13e374f513ffa4f6424d', 'ae843329e3ada55bd3c16766a2ff1efa99dd1d50ba3f900a234dd7ef4e5c1782');
INSERT INTO public.signatures VALUES ('riverside', 'abl', 1, '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f', 'ali', 'Dr Ali', '2027-01-04 09:30:00+00', '2028-01-04', '451f31da96adb445dbec677d3260b5c0320e03a9760029da43ad2734529e9c8a');
INSERT INTO public.tasks VALUES ('K7Q2:skin_exam:1:1', 'K7Q2', 'riverside', 'skin_exam', 1, 1, 'done', '2027-01-04 09:30:00+00', '2027-01-04 09:30:00+00', NULL, false, false, false, '{"amends":null,"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"jo","caught":null,"note":"","outcome":"confirmed","role":"nurse","together":false,"values":{"tan":"no"}}', NULL, 1, 0, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.tasks VALUES ('K7Q2:consent:1:1', 'K7Q2', 'riverside', 'consent', 1, 1, 'open', '2027-01-04 09:30:00+00', '2027-01-04 09:30:00+00', NULL, false, false, false, NULL, NULL, 1, 0, '2027-01-04 09:30:00+00', 0, 'jo', NULL, '{"$tuple":[30,60]}', NULL, '{"amends":null,"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"sam","caught":null,"note":"","outcome":"confirmed","role":"nurse","together":false,"values":{"tan":"no"}}', 1, NULL);
INSERT INTO public.tasks VALUES ('M4TR:skin_exam:1:1', 'M4TR', 'riverside', 'skin_exam', 1, 1, 'open', '2027-01-04 09:30:00+00', '2027-01-04 09:30:00+00', NULL, false, false, false, NULL, NULL, 1, 0, '2027-01-04 09:30:00+00', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT pg_catalog.setval('public.answers_number_seq', 2, true);
SELECT pg_catalog.setval('public.overrides_number_seq', 1, true);
SELECT pg_catalog.setval('public.parcels_number_seq', 2, true);
SELECT pg_catalog.setval('public.posting_lines_position_seq', 2, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.answers
    ADD CONSTRAINT pk_answers PRIMARY KEY (number);
ALTER TABLE ONLY public.arrangements
    ADD CONSTRAINT pk_arrangements PRIMARY KEY (kind, key);
ALTER TABLE ONLY public.asked
    ADD CONSTRAINT pk_asked PRIMARY KEY (task, asking, rung);
ALTER TABLE ONLY public.cases
    ADD CONSTRAINT pk_cases PRIMARY KEY (code);
ALTER TABLE ONLY public.history
    ADD CONSTRAINT pk_history PRIMARY KEY (code, seq);
ALTER TABLE ONLY public.history_keys
    ADD CONSTRAINT pk_history_keys PRIMARY KEY (number);
ALTER TABLE ONLY public.identities
    ADD CONSTRAINT pk_identities PRIMARY KEY (code);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (once);
ALTER TABLE ONLY public.kept_playbooks
    ADD CONSTRAINT pk_kept_playbooks PRIMARY KEY (digest);
ALTER TABLE ONLY public.leases
    ADD CONSTRAINT pk_leases PRIMARY KEY (name);
ALTER TABLE ONLY public.overrides
    ADD CONSTRAINT pk_overrides PRIMARY KEY (number);
ALTER TABLE ONLY public.parcels
    ADD CONSTRAINT pk_parcels PRIMARY KEY (number);
ALTER TABLE ONLY public.posting_lines
    ADD CONSTRAINT pk_posting_lines PRIMARY KEY ("position");
ALTER TABLE ONLY public.postings
    ADD CONSTRAINT pk_postings PRIMARY KEY (key);
ALTER TABLE ONLY public.seals
    ADD CONSTRAINT pk_seals PRIMARY KEY (seq);
ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT pk_signatures PRIMARY KEY (clinic, playbook, number);
ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT pk_tasks PRIMARY KEY (key);
ALTER TABLE ONLY public.parcels
    ADD CONSTRAINT uq_parcels_id UNIQUE (id);
ALTER TABLE ONLY public.parcels
    ADD CONSTRAINT uq_parcels_key UNIQUE (key);
CREATE INDEX ix_answers_at ON public.answers USING btree (at);
CREATE INDEX ix_answers_by_person ON public.answers USING btree (by_person, at);
CREATE INDEX ix_answers_task ON public.answers USING btree (task);
CREATE INDEX ix_arrangements_standing ON public.arrangements USING btree (clinic, kind, at) WHERE (ended_at IS NULL);
CREATE INDEX ix_cases_asks ON public.cases USING btree (asks_at, clinic) WHERE (asks_at IS NOT NULL);
CREATE INDEX ix_cases_open ON public.cases USING btree (clinic, starts) WHERE (closed_at IS NULL);
CREATE INDEX ix_cases_unsealed ON public.cases USING btree (code) WHERE (history_count > sealed_count);
CREATE INDEX ix_overrides_code ON public.overrides USING btree (code);
CREATE INDEX ix_parcels_card ON public.parcels USING btree (card, at, number) WHERE (free_at IS NOT NULL);
CREATE INDEX ix_parcels_free ON public.parcels USING btree (free_at) WHERE (free_at IS NOT NULL);
CREATE INDEX ix_parcels_heard ON public.parcels USING btree (heard_at) WHERE (heard_at IS NOT NULL);
CREATE INDEX ix_posting_lines_task ON public.posting_lines USING btree (task);
CREATE INDEX ix_postings_ref ON public.postings USING btree (ref_message, ref_channel, ref_platform) WHERE (ref_message IS NOT NULL);
CREATE INDEX ix_tasks_code ON public.tasks USING btree (code);
CREATE INDEX ix_tasks_due ON public.tasks USING btree (due, clinic);
CREATE INDEX ix_tasks_prompts ON public.tasks USING btree (next_prompt_at, clinic) WHERE (next_prompt_at IS NOT NULL);
CREATE INDEX ix_tasks_waiting ON public.tasks USING btree (clinic, due) WHERE (status = ANY (ARRAY['open'::text, 'blocked'::text]));
CREATE UNIQUE INDEX uq_posting_lines ON public.posting_lines USING btree (card, task);
CREATE TRIGGER answers_grows BEFORE DELETE OR UPDATE ON public.answers FOR EACH ROW EXECUTE FUNCTION public.append_only('given', 'note');
CREATE TRIGGER answers_stays BEFORE TRUNCATE ON public.answers FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();
CREATE TRIGGER history_grows BEFORE DELETE OR UPDATE ON public.history FOR EACH ROW EXECUTE FUNCTION public.append_only('detail', 'salt');
CREATE TRIGGER history_stays BEFORE TRUNCATE ON public.history FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();
CREATE TRIGGER kept_playbooks_grows BEFORE DELETE OR UPDATE ON public.kept_playbooks FOR EACH ROW EXECUTE FUNCTION public.append_only();
CREATE TRIGGER kept_playbooks_stays BEFORE TRUNCATE ON public.kept_playbooks FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();
CREATE TRIGGER overrides_grows BEFORE DELETE OR UPDATE ON public.overrides FOR EACH ROW EXECUTE FUNCTION public.append_only('reason');
CREATE TRIGGER overrides_stays BEFORE TRUNCATE ON public.overrides FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();
CREATE TRIGGER seals_grows BEFORE DELETE OR UPDATE ON public.seals FOR EACH ROW EXECUTE FUNCTION public.append_only();
CREATE TRIGGER seals_stays BEFORE TRUNCATE ON public.seals FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();
CREATE TRIGGER signatures_grows BEFORE DELETE OR UPDATE ON public.signatures FOR EACH ROW EXECUTE FUNCTION public.append_only();
CREATE TRIGGER signatures_stays BEFORE TRUNCATE ON public.signatures FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();
ALTER TABLE ONLY public.answers
    ADD CONSTRAINT fk_answers_task FOREIGN KEY (task) REFERENCES public.tasks(key);
ALTER TABLE ONLY public.history
    ADD CONSTRAINT fk_history_code FOREIGN KEY (code) REFERENCES public.cases(code);
ALTER TABLE ONLY public.identities
    ADD CONSTRAINT fk_identities_code FOREIGN KEY (code) REFERENCES public.cases(code);
ALTER TABLE ONLY public.overrides
    ADD CONSTRAINT fk_overrides_code FOREIGN KEY (code) REFERENCES public.cases(code);
ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT fk_signatures_digest FOREIGN KEY (digest) REFERENCES public.kept_playbooks(digest);
ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT fk_tasks_code FOREIGN KEY (code) REFERENCES public.cases(code);
