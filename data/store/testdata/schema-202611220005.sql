-- A database as the schema of version 0.1.0 keeps it: the first one, migrated by
-- the desk, and beside it an account, what it is to be told, and the mark of a
-- request. SQLite wrote it out; it is never changed.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE `migrations` (`id` text,PRIMARY KEY (`id`));
INSERT INTO migrations VALUES('202611220001_first');
INSERT INTO migrations VALUES('202611220002_terms');
INSERT INTO migrations VALUES('202611220003_blocked');
INSERT INTO migrations VALUES('202611220004_outbox');
INSERT INTO migrations VALUES('202611220005_once');
CREATE TABLE customers (
	id             INTEGER PRIMARY KEY,
	phone          TEXT    NOT NULL UNIQUE,
	name           TEXT    NOT NULL DEFAULT '',
	search         TEXT    NOT NULL DEFAULT '', -- folded name, a line break, the digits of the phone
	version        INTEGER NOT NULL DEFAULT 1,
	blocked_at     INTEGER NOT NULL DEFAULT 0,
	blocked_by     TEXT    NOT NULL DEFAULT '',
	blocked_kind   TEXT    NOT NULL DEFAULT '',
	blocked_way    TEXT    NOT NULL DEFAULT '',
	blocked_reason TEXT    NOT NULL DEFAULT '',
	blocked_note   TEXT    NOT NULL DEFAULT '',
	blocked_until  INTEGER NOT NULL DEFAULT 0,
	held           INTEGER NOT NULL DEFAULT 0
, blocked_review INTEGER NOT NULL DEFAULT 0, blocked_asked INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO customers VALUES(1,'+919137979401','Riya Das',replace('riya das\n919137979401','\n',char(10)),5,0,'','','','','',0,0,0,0);
INSERT INTO customers VALUES(2,'+46701234567','प्रिया',replace('प्रिया\n46701234567','\n',char(10)),2,1784548187000,'Asha Rao','agent','window','Abuse','',1816084187000,1,0,0);
INSERT INTO customers VALUES(3,'+442079460958','',replace('\n442079460958','\n',char(10)),2,1784548307000,'Asha Rao','agent','window','','',0,0,0,0);
INSERT INTO customers VALUES(4,'+12025550123','محمد',replace('محمد\n12025550123','\n',char(10)),1,0,'','','','','',0,0,0,0);
CREATE TABLE tags (
	customer_id INTEGER NOT NULL REFERENCES customers (id),
	tag         TEXT    NOT NULL,
	PRIMARY KEY (customer_id, tag)
) STRICT, WITHOUT ROWID;
INSERT INTO tags VALUES(1,'Köln');
INSERT INTO tags VALUES(1,'vip');
CREATE TABLE chats (
	customer_id INTEGER PRIMARY KEY REFERENCES customers (id),
	last_at     INTEGER NOT NULL DEFAULT 0,
	preview     TEXT    NOT NULL DEFAULT '',
	unread      INTEGER NOT NULL DEFAULT 0,
	marked      INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO chats VALUES(1,1784547947000,'Renamed from Riya D to Riya Das by Asha Rao',3,0);
INSERT INTO chats VALUES(2,1784548187000,'Customer blocked by Asha Rao',1,0);
INSERT INTO chats VALUES(4,1784548427000,'You: Not sent',1,1);
CREATE TABLE messages (
	id           INTEGER PRIMARY KEY,
	customer_id  INTEGER NOT NULL REFERENCES customers (id),
	direction    TEXT    NOT NULL,
	at           INTEGER NOT NULL,
	recorded_at  INTEGER NOT NULL,
	kind         TEXT    NOT NULL,
	text         TEXT    NOT NULL DEFAULT '',
	file         TEXT    NOT NULL DEFAULT '',
	url          TEXT    NOT NULL DEFAULT '',
	remote_id    TEXT    NOT NULL DEFAULT '',
	whatsapp_id  TEXT    NOT NULL DEFAULT '',
	business     TEXT    NOT NULL DEFAULT '',
	reply_to     TEXT    NOT NULL DEFAULT '',
	author       TEXT    NOT NULL DEFAULT '',
	tick         INTEGER NOT NULL DEFAULT 0,
	failure      TEXT    NOT NULL DEFAULT '',
	hold         INTEGER NOT NULL DEFAULT 0,
	cleared_at   INTEGER NOT NULL DEFAULT 0
, released_by INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO messages VALUES(1,1,'in',1784547647000,1784547647000,'text','How to proceed with that?','','','3c176d90-844c-4ac2-a267-5744bb5c1db7','wamid.HBgM1','918888888888','','',0,'',0,0,0);
INSERT INTO messages VALUES(2,1,'in',1784547707000,1784547707000,'image','The box, it''s "open"','IMG_1.jpg','https://media.example/1.jpg','r-2','wamid.HBgM2','918888888888','wamid.HBgM1','',0,'',0,0,0);
INSERT INTO messages VALUES(3,1,'out',1784547767000,1784547767000,'text','A new box is on its way.','','','9a923132-6898-4c84-ab4f-19d75e86fc66','','','','Asha Rao',4,'',0,0,0);
INSERT INTO messages VALUES(4,1,'in',1784547887000,1784547887000,'text','Held, then released','','','r-3','','918888888888','','',0,'',2,0,0);
INSERT INTO messages VALUES(5,2,'in',1784548007000,1784548007000,'text','नमस्ते','','','r-4','','918888888888','','',0,'',0,1784548067000,0);
INSERT INTO messages VALUES(6,2,'in',1784548127000,1784548127000,'text','मेरा पार्सल?','','','r-5','','918888888888','','',0,'',0,0,0);
INSERT INTO messages VALUES(7,2,'in',1784548247000,1784548247000,'text','Held still','','','r-6','','918888888888','','',0,'',1,0,0);
INSERT INTO messages VALUES(8,4,'in',1784548367000,1784548367000,'text','مرحبا','','','r-7','','918888888888','','',0,'',0,0,0);
INSERT INTO messages VALUES(9,4,'note',1784548427000,1784548427000,'text','He called, too.','','','r-8','','','','Björn',0,'',0,0,0);
INSERT INTO messages VALUES(10,4,'in',1784548427000,1784548427000,'text','Discarded','','','r-9','','','','',0,'',3,0,0);
INSERT INTO messages VALUES(11,4,'out',1784548427000,1784548427000,'text','Not sent','','','r-10','wamid.HBgM3','','','Björn',5,'131047',0,0,0);
CREATE TABLE events (
	seq         INTEGER PRIMARY KEY,
	at          INTEGER NOT NULL,
	recorded_at INTEGER NOT NULL,
	kind        TEXT    NOT NULL,
	customer_id INTEGER NOT NULL REFERENCES customers (id),
	phone       TEXT    NOT NULL,
	actor_kind  TEXT    NOT NULL,
	actor       TEXT    NOT NULL,
	way         TEXT    NOT NULL,
	detail      TEXT    NOT NULL,
	prev        BLOB    NOT NULL,
	hash        BLOB    NOT NULL
) STRICT;
INSERT INTO events VALUES(1,1784547827000,1784547827000,'blocked',1,'+919137979401','agent','Asha Rao','window','{"note":"Wrote\ntwice","reason":"Spam"}',X'',X'9e543864e1f8348c2e89ff6386e795153fb07bd15895574cf950d164c4252751');
INSERT INTO events VALUES(2,1784547947000,1784547947000,'unblocked',1,'+919137979401','api','','api','{"held":1,"note":"a mistake"}',X'9e543864e1f8348c2e89ff6386e795153fb07bd15895574cf950d164c4252751',X'66338583d76a196b90afe70c443238672988b89c50e5ccecb18051bd156f7c9c');
INSERT INTO events VALUES(3,1784547947000,1784547947000,'renamed',1,'+919137979401','agent','Asha Rao','window','{"from":"Riya D","to":"Riya Das"}',X'66338583d76a196b90afe70c443238672988b89c50e5ccecb18051bd156f7c9c',X'df76dfeab9ac1401419904e1e00db20115a84e297b9676d7d20e96fc1ba3b65f');
INSERT INTO events VALUES(4,1784548067000,1784548067000,'cleared',2,'+46701234567','agent','Asha Rao','window','{}',X'df76dfeab9ac1401419904e1e00db20115a84e297b9676d7d20e96fc1ba3b65f',X'f2cb30989ea1121ddcae8814549ddc0c70f29d79d5a56ccc8b0fd2cbc4be351c');
INSERT INTO events VALUES(5,1784548187000,1784548187000,'blocked',2,'+46701234567','agent','Asha Rao','window','{"reason":"Abuse","until":1816084187000}',X'f2cb30989ea1121ddcae8814549ddc0c70f29d79d5a56ccc8b0fd2cbc4be351c',X'2029c5cb8a620f08dec8f4f0dfaeb902979cc71cc2365c760ebcba37b8061417');
INSERT INTO events VALUES(6,1784548307000,1784548307000,'blocked',3,'+442079460958','agent','Asha Rao','window','{}',X'2029c5cb8a620f08dec8f4f0dfaeb902979cc71cc2365c760ebcba37b8061417',X'a51de23ffb52895a3fcb1a7b0ea4122138f07770f8ea991f37c86da900841153');
CREATE TABLE chain (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	seq   INTEGER NOT NULL,
	count INTEGER NOT NULL,
	hash  BLOB    NOT NULL
) STRICT;
INSERT INTO chain VALUES(1,6,6,X'a51de23ffb52895a3fcb1a7b0ea4122138f07770f8ea991f37c86da900841153');
CREATE TABLE changes (
	seq         INTEGER PRIMARY KEY AUTOINCREMENT,
	kind        TEXT    NOT NULL,
	customer_id INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO changes VALUES(1,'settings',0);
INSERT INTO changes VALUES(2,'settings',0);
INSERT INTO changes VALUES(3,'message',1);
INSERT INTO changes VALUES(4,'message',1);
INSERT INTO changes VALUES(5,'message',1);
INSERT INTO changes VALUES(6,'message',1);
INSERT INTO changes VALUES(7,'customer',1);
INSERT INTO changes VALUES(8,'message',1);
INSERT INTO changes VALUES(9,'customer',1);
INSERT INTO changes VALUES(10,'customer',1);
INSERT INTO changes VALUES(11,'customer',1);
INSERT INTO changes VALUES(12,'draft',1);
INSERT INTO changes VALUES(13,'message',2);
INSERT INTO changes VALUES(14,'message',2);
INSERT INTO changes VALUES(15,'message',2);
INSERT INTO changes VALUES(16,'customer',2);
INSERT INTO changes VALUES(17,'message',2);
INSERT INTO changes VALUES(18,'customer',3);
INSERT INTO changes VALUES(19,'customer',3);
INSERT INTO changes VALUES(20,'message',4);
INSERT INTO changes VALUES(21,'read',4);
INSERT INTO changes VALUES(22,'read',4);
CREATE TABLE drafts (
	customer_id INTEGER PRIMARY KEY REFERENCES customers (id),
	text        TEXT    NOT NULL
) STRICT;
INSERT INTO drafts VALUES(1,replace('Dear Riya,\n','\n',char(10)));
CREATE TABLE agents (
	name TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO agents VALUES('Asha Rao');
INSERT INTO agents VALUES('Björn');
CREATE TABLE settings (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO settings VALUES('account_base','https://public.doubletick.io');
INSERT INTO settings VALUES('account_joined','1784540000000');
INSERT INTO settings VALUES('account_link','{"State":"paused","Since":1784548400000,"Why":"","Chats":0,"Failed":0}');
INSERT INTO settings VALUES('account_number','+918888888888');
INSERT INTO settings VALUES('account_paused','true');
INSERT INTO settings VALUES('agent','Björn');
INSERT INTO settings VALUES('country','SE');
INSERT INTO settings VALUES('height','900');
INSERT INTO settings VALUES('notify','false');
INSERT INTO settings VALUES('split','400');
INSERT INTO settings VALUES('theme','light');
INSERT INTO settings VALUES('width','1200');
CREATE TABLE outbox (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	customer_id INTEGER NOT NULL REFERENCES customers (id),
	act         TEXT    NOT NULL,
	event_seq   INTEGER NOT NULL DEFAULT 0,
	message_id  INTEGER NOT NULL DEFAULT 0,
	at          INTEGER NOT NULL,
	state       TEXT    NOT NULL,
	tries       INTEGER NOT NULL DEFAULT 0,
	lost        INTEGER NOT NULL DEFAULT 0, -- it was sent and no answer came: it may have arrived
	due_at      INTEGER NOT NULL DEFAULT 0,
	code        INTEGER NOT NULL DEFAULT 0,
	answer      TEXT    NOT NULL DEFAULT ''
) STRICT;
INSERT INTO outbox VALUES(1,2,'block',5,0,1784548187000,'done',1,0,1784548187000,201,'');
INSERT INTO outbox VALUES(2,3,'block',6,0,1784548307000,'refused',1,0,1784548307000,404,'Invalid Customer');
INSERT INTO outbox VALUES(3,4,'text',0,11,1784548400000,'waiting',2,0,1784548460000,500,'DoubleTick has trouble of its own (500)');
CREATE TABLE fetched (
	chat TEXT    PRIMARY KEY,
	at   INTEGER NOT NULL -- of the last message
) STRICT, WITHOUT ROWID;
CREATE TABLE once (
	key    TEXT PRIMARY KEY,
	at     INTEGER NOT NULL,
	sum    TEXT    NOT NULL,
	answer TEXT    NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
INSERT INTO once VALUES('a-key',1784548187000,'0000','{}');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('changes',22);
INSERT INTO sqlite_sequence VALUES('outbox',3);
CREATE INDEX customers_search ON customers (search);
CREATE INDEX customers_blocked ON customers (blocked_at) WHERE blocked_at > 0;
CREATE INDEX chats_place ON chats (last_at DESC, customer_id DESC);
CREATE INDEX chats_unread ON chats (last_at DESC, customer_id DESC) WHERE unread > 0 OR marked > 0;
CREATE UNIQUE INDEX messages_remote ON messages (remote_id) WHERE remote_id <> '';
CREATE INDEX messages_whatsapp ON messages (whatsapp_id) WHERE whatsapp_id <> '';
CREATE INDEX messages_shown ON messages (customer_id, at, id) WHERE cleared_at = 0 AND hold IN (0, 2);
CREATE INDEX messages_held ON messages (customer_id, at, id) WHERE hold = 1;
CREATE INDEX events_timeline ON events (customer_id, at, seq);
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
CREATE INDEX customers_due ON customers (blocked_until) WHERE blocked_until > 0;
CREATE INDEX customers_review ON customers (blocked_review) WHERE blocked_review > 0;
CREATE INDEX messages_released ON messages (released_by) WHERE released_by > 0;
CREATE INDEX events_ends ON events (seq, kind) WHERE kind IN ('unblocked', 'block_ended', 'undone');
CREATE INDEX outbox_open ON outbox (customer_id, id) WHERE state IN ('waiting', 'asked');
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state IN ('waiting', 'asked');
CREATE INDEX outbox_refused ON outbox (customer_id, id) WHERE state = 'refused';
CREATE INDEX outbox_status ON outbox (customer_id, id) WHERE act IN ('block', 'unblock');
CREATE INDEX outbox_message ON outbox (message_id) WHERE message_id > 0;
CREATE INDEX messages_ticks ON messages (at) WHERE direction = 'out' AND tick IN (2, 3) AND business <> '';
CREATE INDEX once_at ON once (at);
COMMIT;
