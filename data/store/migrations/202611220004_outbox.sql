-- What DoubleTick is to be told. An errand is written in the transaction of the
-- act that it tells of, and never removed. The account and how things stand with
-- it are settings.

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
CREATE INDEX outbox_open ON outbox (customer_id, id) WHERE state IN ('waiting', 'asked');
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state IN ('waiting', 'asked');
CREATE INDEX outbox_refused ON outbox (customer_id, id) WHERE state = 'refused';
CREATE INDEX outbox_status ON outbox (customer_id, id) WHERE act IN ('block', 'unblock');
CREATE INDEX outbox_message ON outbox (message_id) WHERE message_id > 0;

-- How far the account's chats are fetched; the one without a name is all of them.
CREATE TABLE fetched (
	chat TEXT    PRIMARY KEY,
	at   INTEGER NOT NULL -- of the last message
) STRICT, WITHOUT ROWID;

-- Texts that are on their way, whose ticks are asked for.
CREATE INDEX messages_ticks ON messages (at) WHERE direction = 'out' AND tick IN (2, 3) AND business <> '';
