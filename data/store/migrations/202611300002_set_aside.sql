-- Deliveries that could not be understood, as they came in. The same one is kept
-- once. A row stays when its delivery was taken or dropped, so that a repeated one
-- revives nothing; only its raw text goes, and makes room.

CREATE TABLE set_aside (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	sum       BLOB    NOT NULL UNIQUE, -- SHA-256 of what came in
	state     TEXT    NOT NULL,
	at        INTEGER NOT NULL,
	last_at   INTEGER NOT NULL,
	count     INTEGER NOT NULL DEFAULT 1,
	size      INTEGER NOT NULL,
	reason    TEXT    NOT NULL,
	address   TEXT    NOT NULL DEFAULT '', -- of who wrote it, where that can be told
	done_at   INTEGER NOT NULL DEFAULT 0,
	done_by   TEXT    NOT NULL DEFAULT '',
	done_kind TEXT    NOT NULL DEFAULT '',
	done_way  TEXT    NOT NULL DEFAULT '',
	raw       BLOB    NOT NULL
) STRICT;
CREATE INDEX set_aside_kept ON set_aside (id) WHERE state = 'kept';

-- How much is kept. There is no row until something is.
CREATE TABLE set_aside_total (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	rows  INTEGER NOT NULL,
	bytes INTEGER NOT NULL
) STRICT;

-- The delivery that a message was read from after it had been set aside.
ALTER TABLE messages ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0;
