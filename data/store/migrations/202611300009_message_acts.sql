-- What is done to a message after it was written (a reaction, an edit, a deletion) is a
-- message itself, so that a block holds it like one. Here it is found by the id of the
-- message that it names, whichever of the two came first.

CREATE TABLE message_acts (
	message_id INTEGER PRIMARY KEY REFERENCES messages (id),
	target     TEXT    NOT NULL
) STRICT;
CREATE INDEX message_acts_target ON message_acts (target);

-- The delivery that a message was read from, as it came in, where what the message
-- carries was not understood.
CREATE TABLE message_raw (
	message_id INTEGER PRIMARY KEY REFERENCES messages (id),
	raw        BLOB    NOT NULL
) STRICT;

-- What brought the message did not say when it was written: at is by this desk's clock.
ALTER TABLE messages ADD COLUMN untimed INTEGER NOT NULL DEFAULT 0;

-- The business numbers that customers wrote to: what comes from one of them is an echo of
-- what was sent.
CREATE TABLE business_numbers (
	number TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO business_numbers SELECT DISTINCT business FROM identities WHERE business <> '';
