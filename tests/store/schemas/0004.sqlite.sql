BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE answers (
	number INTEGER NOT NULL, 
	task TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	by_person TEXT NOT NULL, 
	role TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	together BOOLEAN NOT NULL, 
	given TEXT, 
	note TEXT, caught TEXT, amends DATETIME, 
	CONSTRAINT pk_answers PRIMARY KEY (number), 
	CONSTRAINT fk_answers_task FOREIGN KEY(task) REFERENCES tasks ("key")
);
INSERT INTO "answers" VALUES(1,'K7Q2:skin_exam:1:1','2027-01-04 09:30:00.000000','jo','nurse','confirmed',0,'{"tan":"no"}','',NULL,NULL);
INSERT INTO "answers" VALUES(2,'K7Q2:skin_exam:1:1','2027-01-04 09:31:00.000000','jo','nurse','confirmed',0,'{"tan":"no"}','asked again','medicine','2027-01-04 09:30:00.000000');
CREATE TABLE arrangements (
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	clinic TEXT NOT NULL, 
	by_person TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	detail TEXT NOT NULL, 
	ended_at DATETIME, 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_arrangements PRIMARY KEY (kind, "key")
);
INSERT INTO "arrangements" VALUES('rooms','riverside:2027-01-04','riverside','kit','2027-01-04 09:30:00.000000','{}',NULL,1);
CREATE TABLE asked (
	task TEXT NOT NULL, 
	asking INTEGER NOT NULL, 
	rung INTEGER NOT NULL, 
	card TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_asked PRIMARY KEY (task, asking, rung)
);
INSERT INTO "asked" VALUES('K7Q2:skin_exam:1:1',1,0,'prep:K7Q2:1:jo','2027-01-04 09:30:00.000000');
CREATE TABLE cases (
	code TEXT NOT NULL, 
	clinic TEXT NOT NULL, 
	playbook TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	opened DATETIME NOT NULL, 
	booked DATETIME NOT NULL, 
	consult DATETIME NOT NULL, 
	starts DATETIME NOT NULL, 
	sessions TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	said TEXT NOT NULL, 
	assigned TEXT NOT NULL, 
	cancelled DATETIME, 
	closed_at DATETIME, 
	shadow BOOLEAN NOT NULL, 
	revision INTEGER NOT NULL, 
	history_count INTEGER NOT NULL, 
	history_head VARCHAR(64) NOT NULL, 
	sealed_count INTEGER NOT NULL, asks_at DATETIME, extra TEXT, 
	CONSTRAINT pk_cases PRIMARY KEY (code)
);
INSERT INTO "cases" VALUES('K7Q2','riverside','abl','0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f','2027-01-04 09:30:00.000000','2027-01-01 09:30:00.000000','2026-12-25 09:30:00.000000','2027-02-03 09:30:00.000000','[{"arrived":null,"booked":null,"cancelled":null,"delay":0,"device":"","finished":null,"held":"","minutes":60,"number":1,"room":"room-2","start":{"$moment":"2027-02-03T09:30:00+00:00"},"started":null}]','{"age":52,"areas":{"$tuple":["face"]},"last_dose":{"$date":"2026-07-01"},"slot":{"$time":"09:05:00"},"weight":61.5}','{"last_dose":[{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"","settles":false,"value":{"$date":"2026-07-01"},"where":"booking"},{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"jo","settles":true,"value":{"$date":"2026-08-01"},"where":"abl.isotretinoin"}]}','{"nurse":"jo"}',NULL,'2027-01-04 09:31:00.000000',0,2,3,'39441651c224ee5a86c8fac4325a9ae506410a750a7dc90270d438f2f8a522c1',3,NULL,NULL);
INSERT INTO "cases" VALUES('M4TR','riverside','abl','0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f','2027-01-04 09:30:00.000000','2027-01-01 09:30:00.000000','2026-12-25 09:30:00.000000','2027-02-03 09:30:00.000000','[{"arrived":null,"booked":null,"cancelled":null,"delay":0,"device":"","finished":null,"held":"","minutes":60,"number":1,"room":"room-2","start":{"$moment":"2027-02-03T09:30:00+00:00"},"started":null}]','{"age":52,"areas":{"$tuple":["face"]},"last_dose":{"$date":"2026-07-01"},"slot":{"$time":"09:05:00"},"weight":61.5}','{"last_dose":[{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"","settles":false,"value":{"$date":"2026-07-01"},"where":"booking"},{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"jo","settles":true,"value":{"$date":"2026-08-01"},"where":"abl.isotretinoin"}]}','{"nurse":"jo"}',NULL,NULL,0,0,1,'988ae31b561b3c63d04f3472f454b008cf1b05ad682ddcec3ba01ddd308f21f7',1,NULL,NULL);
CREATE TABLE history (
	code TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	kind TEXT NOT NULL, 
	by_person TEXT NOT NULL, 
	detail TEXT, 
	salt VARCHAR(32), 
	content_digest VARCHAR(64) NOT NULL, 
	link VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_history PRIMARY KEY (code, seq), 
	CONSTRAINT fk_history_code FOREIGN KEY(code) REFERENCES cases (code)
);
INSERT INTO "history" VALUES('K7Q2',1,'2027-01-04 09:30:00.000000','opened','jo','{}','936054c0fea6debe1e6d38154fc713ba','2340ea8917a232a696e67b2c469f8e53b400f4b0494682c48e7f6aab72bab80d','887b3e4be604d7daaca7e9ebfb64fe1c7d0f4e84aa69469a7fbd74bf415ec7ed');
INSERT INTO "history" VALUES('M4TR',1,'2027-01-04 09:30:00.000000','opened','jo','{}','7ec3ec3293984a55ad97b4a122aeea58','47e6b81e524e031ee61fb0fed06eaf593c4703a6beb55b35bfac16ce5c89d9dc','a638dcd26ec9673eb95dd7a04658f46c2f43c29f8585b45d8d7c4f0e05456091');
INSERT INTO "history" VALUES('K7Q2',2,'2027-01-04 09:30:00.000000','answered','jo','{"changed":{"K7Q2:skin_exam:1:1":"open>done"}}','e92a790f07912c1551da269ec174dbdb','a6497b08064569ecda995b221a40cfb87a05588c23940d084826ed4783bda40a','fb5fe7ae22caed877acb8a7649ee32a37c3a7053e2c5a1e1d01fcf9b7495c87d');
INSERT INTO "history" VALUES('K7Q2',3,'2027-01-04 09:30:00.000000','amended','jo','{"why":"a slip"}','d9a7985e14b3f239aa7e70729cc3171d','ecfa16863ca7e4c330a635dbe74de8d92f2a63c232f4c0c3b132e917f2f69898','64c35546a4d5a10ff276c8e3f84594585129b24f3860739a79846b97d41630e3');
CREATE TABLE history_keys (
	number INTEGER NOT NULL, 
	proof VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_history_keys PRIMARY KEY (number)
);
INSERT INTO "history_keys" VALUES(1,'5d4c5589c437f92eccbafa5631d1c75af53bfe33a6a03a32a99237ae69f336ff');
CREATE TABLE identities (
	code TEXT NOT NULL, 
	sealed TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_identities PRIMARY KEY (code), 
	CONSTRAINT fk_identities_code FOREIGN KEY(code) REFERENCES cases (code)
);
INSERT INTO "identities" VALUES('K7Q2','gAAAAABrA6YLLtC9j88Hs6g2omXTArF7JZWN-O9tXVnApUjmVLc-jauDnk25vwFyOeSJb54oRcDYUzdASidKSOIp_DOcjyTUc5VOUV__Vol3UgLowY7P2n6BFXkyWZdbu72_rTVHCFKg','2027-01-04 09:30:00.000000');
CREATE TABLE inbox (
	once TEXT NOT NULL, 
	said TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_inbox PRIMARY KEY (once)
);
INSERT INTO "inbox" VALUES('click:1','Thanks','2027-01-04 09:30:00.000000');
CREATE TABLE kept_playbooks (
	digest TEXT NOT NULL, 
	playbook TEXT NOT NULL, 
	texts TEXT NOT NULL, 
	CONSTRAINT pk_kept_playbooks PRIMARY KEY (digest)
);
INSERT INTO "kept_playbooks" VALUES('0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f','abl','{"abl.yaml":"playbook: abl\ntitle: \u201cCO\u2082\u201d\n"}');
CREATE TABLE leases (
	name TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	until DATETIME NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
);
INSERT INTO "leases" VALUES('sweep:riverside','serve-1','2027-01-04 09:31:00.000000');
CREATE TABLE overrides (
	number INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	session INTEGER NOT NULL, 
	gate TEXT NOT NULL, 
	by_person TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	covers TEXT NOT NULL, 
	reason TEXT, 
	CONSTRAINT pk_overrides PRIMARY KEY (number), 
	CONSTRAINT fk_overrides_code FOREIGN KEY(code) REFERENCES cases (code)
);
INSERT INTO "overrides" VALUES(1,'K7Q2',1,'huddle','ali','2027-01-04 09:30:00.000000','{"$tuple":["consent"]}','a good one');
CREATE TABLE parcels (
	number INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	card TEXT NOT NULL, 
	verb TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	text TEXT NOT NULL, 
	state TEXT NOT NULL, 
	free_at DATETIME, 
	attempts INTEGER NOT NULL, 
	unsure BOOLEAN NOT NULL, 
	why TEXT NOT NULL, 
	ended_at DATETIME, heard_at DATETIME, 
	CONSTRAINT pk_parcels PRIMARY KEY (number), 
	CONSTRAINT uq_parcels_id UNIQUE (id), 
	CONSTRAINT uq_parcels_key UNIQUE ("key")
);
INSERT INTO "parcels" VALUES(1,'b80ca02c5a6e6732','ask:1','prep:K7Q2:1:jo','draw','2027-01-04 09:30:00.000000','','waiting','2027-01-04 09:30:00.000000',0,0,'',NULL,NULL);
INSERT INTO "parcels" VALUES(2,'4435e32d5928033d','nudge:1','prep:K7Q2:1:jo','nudge','2027-01-04 09:30:00.000000','Still open: Skin exam · K7Q2.','waiting','2027-01-04 09:30:00.000000',0,0,'',NULL,'2027-01-04 09:30:00.000000');
CREATE TABLE posting_lines (
	position INTEGER NOT NULL, 
	card TEXT NOT NULL, 
	task TEXT NOT NULL, 
	CONSTRAINT pk_posting_lines PRIMARY KEY (position)
);
INSERT INTO "posting_lines" VALUES(1,'prep:K7Q2:1:jo','K7Q2:skin_exam:1:1');
INSERT INTO "posting_lines" VALUES(2,'prep:K7Q2:1:jo','K7Q2:consent:1:1');
CREATE TABLE postings (
	"key" TEXT NOT NULL, 
	clinic TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	to_platform TEXT NOT NULL, 
	to_account TEXT NOT NULL, 
	to_channel TEXT NOT NULL, 
	person TEXT NOT NULL, 
	code TEXT NOT NULL, 
	session INTEGER NOT NULL, 
	day DATE, 
	ref_platform TEXT, 
	ref_channel TEXT, 
	ref_message TEXT, 
	closed BOOLEAN NOT NULL, 
	CONSTRAINT pk_postings PRIMARY KEY ("key")
);
INSERT INTO "postings" VALUES('prep:K7Q2:1:jo','riverside','prep','local','jo','','jo','K7Q2',0,'2027-01-04','local','dm-jo','m1',0);
CREATE TABLE seals (
	seq INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	lines BIGINT NOT NULL, 
	heads TEXT NOT NULL, 
	heads_digest VARCHAR(64) NOT NULL, 
	link VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_seals PRIMARY KEY (seq)
);
INSERT INTO "seals" VALUES(1,'2027-01-04 09:31:00.000000',4,'[["K7Q2",3,"64c35546a4d5a10ff276c8e3f84594585129b24f3860739a79846b97d41630e3"],["M4TR",1,"a638dcd26ec9673eb95dd7a04658f46c2f43c29f8585b45d8d7c4f0e05456091"],["riverside/abl",1,"451f31da96adb445dbec677d3260b5c0320e03a9760029da43ad2734529e9c8a"]]','df54b20e50799c993fd7084da6108ec0aa73f2f0eae51766432b56c77b574cfd','2eb60d764851bd730c52052510e40044091ad2296c8ee7039ad8d6c262df030e');
CREATE TABLE signatures (
	clinic TEXT NOT NULL, 
	playbook TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	by_person TEXT NOT NULL, 
	name TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	next_review DATE NOT NULL, 
	link VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_signatures PRIMARY KEY (clinic, playbook, number), 
	CONSTRAINT fk_signatures_digest FOREIGN KEY(digest) REFERENCES kept_playbooks (digest)
);
INSERT INTO "signatures" VALUES('riverside','abl',1,'0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f','ali','Dr Ali','2027-01-04 09:30:00.000000','2028-01-04','451f31da96adb445dbec677d3260b5c0320e03a9760029da43ad2734529e9c8a');
CREATE TABLE tasks (
	"key" TEXT NOT NULL, 
	code TEXT NOT NULL, 
	clinic TEXT NOT NULL, 
	step TEXT NOT NULL, 
	session INTEGER NOT NULL, 
	occurrence INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	due DATETIME NOT NULL, 
	floor DATETIME NOT NULL, 
	anchored DATETIME, 
	late BOOLEAN NOT NULL, 
	on_call BOOLEAN NOT NULL, 
	reopened BOOLEAN NOT NULL, 
	answer TEXT, 
	decision TEXT, 
	asking INTEGER NOT NULL, 
	rung INTEGER NOT NULL, 
	next_prompt_at DATETIME, 
	revision INTEGER NOT NULL, holder TEXT, acknowledged DATETIME, ladder TEXT, snoozed BOOLEAN, first TEXT, tried INTEGER, held DATETIME, 
	CONSTRAINT pk_tasks PRIMARY KEY ("key"), 
	CONSTRAINT fk_tasks_code FOREIGN KEY(code) REFERENCES cases (code)
);
INSERT INTO "tasks" VALUES('K7Q2:skin_exam:1:1','K7Q2','riverside','skin_exam',1,1,'done','2027-01-04 09:30:00.000000','2027-01-04 09:30:00.000000',NULL,0,0,0,'{"amends":null,"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"jo","caught":null,"note":"","outcome":"confirmed","role":"nurse","together":false,"values":{"tan":"no"}}',NULL,1,0,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES('K7Q2:consent:1:1','K7Q2','riverside','consent',1,1,'open','2027-01-04 09:30:00.000000','2027-01-04 09:30:00.000000',NULL,0,0,0,NULL,NULL,1,0,'2027-01-04 09:30:00.000000',0,'jo',NULL,'{"$tuple":[30,60]}',NULL,'{"amends":null,"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"sam","caught":null,"note":"","outcome":"confirmed","role":"nurse","together":false,"values":{"tan":"no"}}',1,NULL);
INSERT INTO "tasks" VALUES('M4TR:skin_exam:1:1','M4TR','riverside','skin_exam',1,1,'open','2027-01-04 09:30:00.000000','2027-01-04 09:30:00.000000',NULL,0,0,0,NULL,NULL,1,0,'2027-01-04 09:30:00.000000',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE INDEX ix_cases_open ON cases (clinic, starts) WHERE closed_at IS NULL;
CREATE INDEX ix_cases_unsealed ON cases (code) WHERE history_count > sealed_count;
CREATE INDEX ix_tasks_code ON tasks (code);
CREATE INDEX ix_tasks_prompts ON tasks (next_prompt_at, clinic) WHERE next_prompt_at IS NOT NULL;
CREATE INDEX ix_answers_task ON answers (task);
CREATE INDEX ix_overrides_code ON overrides (code);
CREATE INDEX ix_postings_ref ON postings (ref_message, ref_channel, ref_platform) WHERE ref_message IS NOT NULL;
CREATE INDEX ix_posting_lines_task ON posting_lines (task);
CREATE UNIQUE INDEX uq_posting_lines ON posting_lines (card, task);
CREATE INDEX ix_parcels_free ON parcels (free_at) WHERE free_at IS NOT NULL;
CREATE INDEX ix_parcels_card ON parcels (card, at, number) WHERE free_at IS NOT NULL;
CREATE TRIGGER history_grows BEFORE UPDATE ON history WHEN NOT (NEW.code IS OLD.code AND NEW.seq IS OLD.seq AND NEW.at IS OLD.at AND NEW.kind IS OLD.kind AND NEW.by_person IS OLD.by_person AND NEW.content_digest IS OLD.content_digest AND NEW.link IS OLD.link AND (NEW.detail IS NULL OR NEW.detail IS OLD.detail) AND (NEW.salt IS NULL OR NEW.salt IS OLD.salt)) BEGIN SELECT RAISE(ABORT, 'history only grows'); END;
CREATE TRIGGER history_stays BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history only grows'); END;
CREATE TRIGGER seals_grows BEFORE UPDATE ON seals WHEN NOT (NEW.seq IS OLD.seq AND NEW.at IS OLD.at AND NEW.lines IS OLD.lines AND NEW.heads IS OLD.heads AND NEW.heads_digest IS OLD.heads_digest AND NEW.link IS OLD.link) BEGIN SELECT RAISE(ABORT, 'seals only grows'); END;
CREATE TRIGGER seals_stays BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'seals only grows'); END;
CREATE TRIGGER answers_stays BEFORE DELETE ON answers BEGIN SELECT RAISE(ABORT, 'answers only grows'); END;
CREATE TRIGGER overrides_grows BEFORE UPDATE ON overrides WHEN NOT (NEW.number IS OLD.number AND NEW.code IS OLD.code AND NEW.session IS OLD.session AND NEW.gate IS OLD.gate AND NEW.by_person IS OLD.by_person AND NEW.at IS OLD.at AND NEW.covers IS OLD.covers AND (NEW.reason IS NULL OR NEW.reason IS OLD.reason)) BEGIN SELECT RAISE(ABORT, 'overrides only grows'); END;
CREATE TRIGGER overrides_stays BEFORE DELETE ON overrides BEGIN SELECT RAISE(ABORT, 'overrides only grows'); END;
CREATE TRIGGER kept_playbooks_grows BEFORE UPDATE ON kept_playbooks WHEN NOT (NEW.digest IS OLD.digest AND NEW.playbook IS OLD.playbook AND NEW.texts IS OLD.texts) BEGIN SELECT RAISE(ABORT, 'kept_playbooks only grows'); END;
CREATE TRIGGER kept_playbooks_stays BEFORE DELETE ON kept_playbooks BEGIN SELECT RAISE(ABORT, 'kept_playbooks only grows'); END;
CREATE TRIGGER signatures_grows BEFORE UPDATE ON signatures WHEN NOT (NEW.clinic IS OLD.clinic AND NEW.playbook IS OLD.playbook AND NEW.number IS OLD.number AND NEW.digest IS OLD.digest AND NEW.by_person IS OLD.by_person AND NEW.name IS OLD.name AND NEW.at IS OLD.at AND NEW.next_review IS OLD.next_review AND NEW.link IS OLD.link) BEGIN SELECT RAISE(ABORT, 'signatures only grows'); END;
CREATE TRIGGER signatures_stays BEFORE DELETE ON signatures BEGIN SELECT RAISE(ABORT, 'signatures only grows'); END;
CREATE INDEX ix_tasks_due ON tasks (due, clinic);
CREATE INDEX ix_tasks_waiting ON tasks (clinic, due) WHERE status IN ('open', 'blocked');
CREATE INDEX ix_parcels_heard ON parcels (heard_at) WHERE heard_at IS NOT NULL;
CREATE INDEX ix_arrangements_standing ON arrangements (clinic, kind, at) WHERE ended_at IS NULL;
CREATE INDEX ix_cases_asks ON cases (asks_at, clinic) WHERE asks_at IS NOT NULL;
CREATE INDEX ix_answers_at ON answers (at);
CREATE TRIGGER answers_grows BEFORE UPDATE ON answers WHEN NOT (NEW.number IS OLD.number AND NEW.task IS OLD.task AND NEW.at IS OLD.at AND NEW.by_person IS OLD.by_person AND NEW.role IS OLD.role AND NEW.outcome IS OLD.outcome AND NEW.together IS OLD.together AND NEW.caught IS OLD.caught AND NEW.amends IS OLD.amends AND (NEW.given IS NULL OR NEW.given IS OLD.given) AND (NEW.note IS NULL OR NEW.note IS OLD.note)) BEGIN SELECT RAISE(ABORT, 'answers only grows'); END;
CREATE INDEX ix_answers_by_person ON answers (by_person, at);
COMMIT;
