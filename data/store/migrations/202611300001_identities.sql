-- A customer has one address or several. The column phone of customers stays the
-- address that is written to; what else the customer is known by, and was, stands
-- here. A row is never removed: an address that passes to another customer leaves
-- its row, with the moment, and gets a new one there, so that the history can be
-- held against all addresses that were ever filed under a customer.

CREATE TABLE identities (
	id          INTEGER PRIMARY KEY,
	customer_id INTEGER NOT NULL REFERENCES customers (id),
	kind        TEXT    NOT NULL,
	address     TEXT    NOT NULL, -- to the letter
	match_key   TEXT    NOT NULL, -- what addresses are compared by
	portfolio   TEXT    NOT NULL DEFAULT '',
	business    TEXT    NOT NULL DEFAULT '',
	first_seen  INTEGER NOT NULL DEFAULT 0,
	last_seen   INTEGER NOT NULL DEFAULT 0,
	moved_at    INTEGER NOT NULL DEFAULT 0 -- zero while it is the customer's
) STRICT;

ALTER TABLE customers ADD COLUMN username TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN identity_id INTEGER NOT NULL DEFAULT 0; -- zero: of before there were identities
-- Whose block holds what a member wrote in a group; zero: the block of the chat's customer.
ALTER TABLE messages ADD COLUMN held_for INTEGER NOT NULL DEFAULT 0;
CREATE INDEX messages_held_for ON messages (held_for, at, id) WHERE held_for > 0;
ALTER TABLE outbox ADD COLUMN address TEXT NOT NULL DEFAULT ''; -- empty: the customer's

-- The rows are filed in Go, and the indexes of identities made after them (fileNumbers).
