-- Requests that must be done once though they come twice: the key and a sum of
-- what was asked, kept for a day in the transaction that did it.

CREATE TABLE once (
	key    TEXT PRIMARY KEY,
	at     INTEGER NOT NULL,
	sum    TEXT    NOT NULL,
	answer TEXT    NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX once_at ON once (at);
