-- Two customers may be the same person: they are a pair, until somebody decides.
-- While nobody has, a block of one holds for the other, whose row borrows it. Who was
-- joined keeps the row, which points to the one it was joined into: the events of
-- then stay with it, and so do messages that nobody can see any more.

CREATE TABLE pairs (
	id          INTEGER PRIMARY KEY,
	first_id    INTEGER NOT NULL REFERENCES customers (id),
	second_id   INTEGER NOT NULL REFERENCES customers (id),
	reason      TEXT    NOT NULL,
	at          INTEGER NOT NULL,
	state       TEXT    NOT NULL,
	decided_at  INTEGER NOT NULL DEFAULT 0,
	stricter_id INTEGER NOT NULL DEFAULT 0, -- of two who were both blocked, whose block ended later
	kept        TEXT    NOT NULL DEFAULT '' -- of a join, in JSON: what a split gives back
) STRICT;
CREATE UNIQUE INDEX pairs_customers ON pairs (first_id, second_id);
CREATE INDEX pairs_second ON pairs (second_id);
CREATE INDEX pairs_state ON pairs (state, id) WHERE state IN ('found', 'open');

ALTER TABLE customers ADD COLUMN paired_with INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN blocked_borrowed INTEGER NOT NULL DEFAULT 0; -- the customer whose block it is; zero for the own
ALTER TABLE customers ADD COLUMN joined_into INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN joined_address TEXT NOT NULL DEFAULT ''; -- what phone was before
CREATE INDEX customers_joined ON customers (joined_into) WHERE joined_into > 0;

-- Customers whose addresses are spellings of one line were two until now.
INSERT INTO pairs (first_id, second_id, reason, at, state)
	SELECT DISTINCT f.first_id, i.customer_id, 'key', unixepoch() * 1000, 'found'
	FROM (SELECT match_key, min(customer_id) AS first_id FROM identities WHERE moved_at = 0
		GROUP BY match_key HAVING min(customer_id) < max(customer_id)) f
	JOIN identities i ON i.match_key = f.match_key AND i.moved_at = 0 AND i.customer_id > f.first_id
	ORDER BY f.first_id, i.customer_id;
