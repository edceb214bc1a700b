-- The first schema. Moments are Unix milliseconds, zero for none. Kinds are
-- words, so that the file can be read without the program.

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
) STRICT;
CREATE INDEX customers_search ON customers (search);
CREATE INDEX customers_blocked ON customers (blocked_at) WHERE blocked_at > 0;

CREATE TABLE tags (
	customer_id INTEGER NOT NULL REFERENCES customers (id),
	tag         TEXT    NOT NULL,
	PRIMARY KEY (customer_id, tag)
) STRICT, WITHOUT ROWID;

-- A chat is the row of the list: what it shows, and where it stands.
CREATE TABLE chats (
	customer_id INTEGER PRIMARY KEY REFERENCES customers (id),
	last_at     INTEGER NOT NULL DEFAULT 0,
	preview     TEXT    NOT NULL DEFAULT '',
	unread      INTEGER NOT NULL DEFAULT 0,
	marked      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX chats_place ON chats (last_at DESC, customer_id DESC);
CREATE INDEX chats_unread ON chats (last_at DESC, customer_id DESC) WHERE unread > 0 OR marked > 0;

-- Nothing that came in is erased: clearing and discarding mark the row, so
-- that a repeated delivery revives nothing.
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
) STRICT;
CREATE UNIQUE INDEX messages_remote ON messages (remote_id) WHERE remote_id <> '';
CREATE INDEX messages_whatsapp ON messages (whatsapp_id) WHERE whatsapp_id <> '';
CREATE INDEX messages_shown ON messages (customer_id, at, id) WHERE cleared_at = 0 AND hold IN (0, 2);
CREATE INDEX messages_held ON messages (customer_id, at, id) WHERE hold = 1;

-- Events are append-only and chained: each carries the SHA-256 of the one
-- before. The head of the chain has a row of its own, so that a cut tail shows.
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
CREATE INDEX events_timeline ON events (customer_id, at, seq);
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;

CREATE TABLE chain (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	seq   INTEGER NOT NULL,
	count INTEGER NOT NULL,
	hash  BLOB    NOT NULL
) STRICT;
INSERT INTO chain (id, seq, count, hash) VALUES (1, 0, 0, x'');

-- What changed, for whoever follows: other windows, other processes.
CREATE TABLE changes (
	seq         INTEGER PRIMARY KEY AUTOINCREMENT,
	kind        TEXT    NOT NULL,
	customer_id INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE drafts (
	customer_id INTEGER PRIMARY KEY REFERENCES customers (id),
	text        TEXT    NOT NULL
) STRICT;

CREATE TABLE agents (
	name TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
