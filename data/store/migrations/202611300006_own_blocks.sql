-- Customers who may be one are blocked together, and a customer who was joined has no
-- block that anything reads. The block that each of them has of their own stands here
-- meanwhile, by their row, so that it is there again once they are parted. Who is
-- alone has it in the row of the customer, and none here.

CREATE TABLE own_blocks (
	customer_id INTEGER PRIMARY KEY REFERENCES customers (id),
	at          INTEGER NOT NULL,
	by          TEXT    NOT NULL,
	kind        TEXT    NOT NULL,
	way         TEXT    NOT NULL,
	reason      TEXT    NOT NULL,
	note        TEXT    NOT NULL,
	until       INTEGER NOT NULL,
	review      INTEGER NOT NULL,
	asked       INTEGER NOT NULL
) STRICT;
CREATE INDEX own_blocks_due ON own_blocks (until) WHERE until > 0;

-- Of those who are not alone already, the block of the one is that of all who were
-- joined into it.
WITH RECURSIVE person (id, root) AS (
		SELECT id, id FROM customers WHERE joined_into = 0
			AND id IN (SELECT first_id FROM pairs WHERE state IN ('open', 'joined') UNION SELECT second_id FROM pairs WHERE state = 'open')
		UNION ALL SELECT c.id, person.root FROM person JOIN customers c ON c.joined_into = person.id AND c.joined_into > 0)
	INSERT INTO own_blocks
	SELECT person.id, c.blocked_at, c.blocked_by, c.blocked_kind, c.blocked_way, c.blocked_reason, c.blocked_note, c.blocked_until, c.blocked_review, c.blocked_asked
	FROM person JOIN customers c ON c.id = person.root WHERE c.blocked_at > 0 AND c.blocked_borrowed = 0;
ALTER TABLE pairs DROP COLUMN stricter_id;

-- A join and a split move what is a customer's, and read no whole table for that.
CREATE INDEX outbox_texts ON outbox (customer_id) WHERE act NOT IN ('block', 'unblock');
CREATE INDEX chat_imports_customer ON chat_imports (customer_id);
