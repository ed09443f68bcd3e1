BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE answers (
	number INTEGER NOT NULL, 
	task TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	by_person TEXT NOT NULL, 
	role TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	together BOOLEAN NOT NULL, 
	given TEXT, 
	note TEXT, 
	CONSTRAINT pk_answers PRIMARY KEY (number), 
	CONSTRAINT fk_answers_task FOREIGN KEY(task) REFERENCES tasks ("key")
);
INSERT INTO "answers" VALUES(1,'K7Q2:skin_exam:1:1','2027-01-04 09:30:00.000000','jo','nurse','confirmed',0,'{"tan":"no"}','');
INSERT INTO "answers" VALUES(2,'K7Q2:skin_exam:1:1','2027-01-04 09:31:00.000000','jo','nurse','confirmed',0,'{"tan":"no"}','asked again');
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
	sealed_count INTEGER NOT NULL, 
	CONSTRAINT pk_cases PRIMARY KEY (code)
);
INSERT INTO "cases" VALUES('K7Q2','riverside','abl','0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f','2027-01-04 09:30:00.000000','2027-01-01 09:30:00.000000','2026-12-25 09:30:00.000000','2027-02-03 09:30:00.000000','[{"arrived":null,"booked":null,"cancelled":null,"delay":0,"device":"","finished":null,"held":"","minutes":60,"number":1,"room":"room-2","start":{"$moment":"2027-02-03T09:30:00+00:00"},"started":null}]','{"age":52,"areas":{"$tuple":["face"]},"last_dose":{"$date":"2026-07-01"},"slot":{"$time":"09:05:00"},"weight":61.5}','{"last_dose":[{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"","settles":false,"value":{"$date":"2026-07-01"},"where":"booking"},{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"jo","settles":true,"value":{"$date":"2026-08-01"},"where":"abl.isotretinoin"}]}','{"nurse":"jo"}',NULL,'2027-01-04 09:31:00.000000',0,2,3,'a971b47d98bdf4b3db17c37b9840710c2ce5b90126f97653a0c7748ec1d164ee',3);
INSERT INTO "cases" VALUES('M4TR','riverside','abl','0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f','2027-01-04 09:30:00.000000','2027-01-01 09:30:00.000000','2026-12-25 09:30:00.000000','2027-02-03 09:30:00.000000','[{"arrived":null,"booked":null,"cancelled":null,"delay":0,"device":"","finished":null,"held":"","minutes":60,"number":1,"room":"room-2","start":{"$moment":"2027-02-03T09:30:00+00:00"},"started":null}]','{"age":52,"areas":{"$tuple":["face"]},"last_dose":{"$date":"2026-07-01"},"slot":{"$time":"09:05:00"},"weight":61.5}','{"last_dose":[{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"","settles":false,"value":{"$date":"2026-07-01"},"where":"booking"},{"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"jo","settles":true,"value":{"$date":"2026-08-01"},"where":"abl.isotretinoin"}]}','{"nurse":"jo"}',NULL,NULL,0,0,1,'9f05ccbaee0ef409976eb87f87cb3d4aeccf0e5f34da1858ee43abf15a3c4cdd',1);
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
INSERT INTO "history" VALUES('K7Q2',1,'2027-01-04 09:30:00.000000','opened','jo','{}','ebcf5c2fdb95aecebaf7fcd720a92bc5','b604b5bb6c4eb44559adf4cef9dabfb3594927c2dc858f59f4560ae18b9bad49','a81805d6f41328072efaf01ed0eed8092a63bb040191be26af42704efb5f908a');
INSERT INTO "history" VALUES('M4TR',1,'2027-01-04 09:30:00.000000','opened','jo','{}','5d219767b7eec09afcc82230f59604fc','1b2f74d50ffe821de54bc1e9c1c7c15fe5a4902f095be3f6f9ab1eb1818e6d2f','363995269dfbbd92cbb111b22073b084a8ad3269d5eab1f619107da7e84bbe1a');
INSERT INTO "history" VALUES('K7Q2',2,'2027-01-04 09:30:00.000000','answered','jo','{"changed":{"K7Q2:skin_exam:1:1":"open>done"}}','4bbeac80626e133e13df847dc58f9fda','9d1bc24f7d4594c62e5750cf105167308c346370eac179f6695d419574a42ea1','bae452655e43cedb68e49dd38ebd0338e543a7c2b1244f372a3a577b6863c1d2');
INSERT INTO "history" VALUES('K7Q2',3,'2027-01-04 09:30:00.000000','amended','jo','{"why":"a slip"}','844a80687df5f0eee1f41a4edd6282ba','c8c4d45eb6a7c7b659d39e0e724bb1b86f342b8bf22612ca1b0aa2e95fb667c8','42b8e73ab3ae23d3c7fdad45f56e57c89806bf64a14bc6d42ad424f6f333eb45');
CREATE TABLE history_keys (
	number INTEGER NOT NULL, 
	proof VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_history_keys PRIMARY KEY (number)
);
INSERT INTO "history_keys" VALUES(1,'5d4c5589c437f92eccbafa5631d1c75af53bfe33a6a03a32a99237ae69f336ff');
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
	ended_at DATETIME, 
	CONSTRAINT pk_parcels PRIMARY KEY (number), 
	CONSTRAINT uq_parcels_id UNIQUE (id), 
	CONSTRAINT uq_parcels_key UNIQUE ("key")
);
INSERT INTO "parcels" VALUES(1,'b80ca02c5a6e6732','ask:1','prep:K7Q2:1:jo','draw','2027-01-04 09:30:00.000000','','waiting','2027-01-04 09:30:00.000000',0,0,'',NULL);
INSERT INTO "parcels" VALUES(2,'4435e32d5928033d','nudge:1','prep:K7Q2:1:jo','nudge','2027-01-04 09:30:00.000000','Still open: Skin exam · K7Q2.','waiting','2027-01-04 09:30:00.000000',0,0,'',NULL);
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
INSERT INTO "seals" VALUES(1,'2027-01-04 09:31:00.000000',4,'[["K7Q2",3,"42b8e73ab3ae23d3c7fdad45f56e57c89806bf64a14bc6d42ad424f6f333eb45"],["M4TR",1,"363995269dfbbd92cbb111b22073b084a8ad3269d5eab1f619107da7e84bbe1a"],["riverside/abl",1,"451f31da96adb445dbec677d3260b5c0320e03a9760029da43ad2734529e9c8a"]]','f5f293c171d294fb865a2c4127af07e75213d5d2cedffcaaa616f65bd6f508ca','9c7acdc74c808931739a06ec128f3db81ba11d2719f04f3b63a7c5222e98585b');
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
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_tasks PRIMARY KEY ("key"), 
	CONSTRAINT fk_tasks_code FOREIGN KEY(code) REFERENCES cases (code)
);
INSERT INTO "tasks" VALUES('K7Q2:skin_exam:1:1','K7Q2','riverside','skin_exam',1,1,'done','2027-01-04 09:30:00.000000','2027-01-04 09:30:00.000000',NULL,0,0,0,'{"amends":null,"at":{"$moment":"2027-01-04T09:30:00+00:00"},"by":"jo","caught":null,"note":"","outcome":"confirmed","role":"nurse","together":false,"values":{"tan":"no"}}',NULL,1,0,NULL,1);
INSERT INTO "tasks" VALUES('K7Q2:consent:1:1','K7Q2','riverside','consent',1,1,'open','2027-01-04 09:30:00.000000','2027-01-04 09:30:00.000000',NULL,0,0,0,NULL,NULL,1,0,'2027-01-04 09:30:00.000000',0);
INSERT INTO "tasks" VALUES('M4TR:skin_exam:1:1','M4TR','riverside','skin_exam',1,1,'open','2027-01-04 09:30:00.000000','2027-01-04 09:30:00.000000',NULL,0,0,0,NULL,NULL,1,0,'2027-01-04 09:30:00.000000',0);
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
COMMIT;
