-- A join of before own blocks were kept has the block of each of the two with its
-- pair, and 202611300006_own_blocks gave both the block of the one. Here each has its
-- own again, so that a split gives it back: where nothing but the two was joined, and
-- nobody has changed the block since.
CREATE TEMP TABLE joined_before AS
	SELECT p.id, p.first_id, p.second_id, p.kept, c.blocked_until AS until,
		p.kept ->> '$.Blocks[0].At' > 0 AND p.kept ->> '$.Blocks[0].BorrowedFromID' = 0 AS first_own,
		p.kept ->> '$.Blocks[1].At' > 0 AND p.kept ->> '$.Blocks[1].BorrowedFromID' = 0 AS second_own
	FROM pairs p JOIN customers c ON c.id = p.first_id JOIN customers j ON j.id = p.second_id
	WHERE p.state = 'joined' AND iif(json_valid(p.kept), json_type(p.kept, '$.Blocks'), '') = 'array'
		AND c.joined_into = 0 AND j.joined_into = c.id
		AND NOT EXISTS (SELECT 1 FROM customers o WHERE o.joined_into IN (c.id, j.id) AND o.joined_into > 0 AND o.id <> j.id)
		AND c.blocked_at > 0 AND c.blocked_borrowed = 0
		AND (c.blocked_at, c.blocked_by, c.blocked_kind, c.blocked_way, c.blocked_reason, c.blocked_note, c.blocked_until, c.blocked_review, c.blocked_asked)
			= (p.kept ->> '$.Blocks[2].At', p.kept ->> '$.Blocks[2].By', p.kept ->> '$.Blocks[2].Kind', p.kept ->> '$.Blocks[2].Way', p.kept ->> '$.Blocks[2].Reason',
				p.kept ->> '$.Blocks[2].Note', p.kept ->> '$.Blocks[2].Until', p.kept ->> '$.Blocks[2].Review', p.kept ->> '$.Blocks[2].Asked');

INSERT OR REPLACE INTO own_blocks (customer_id, at, by, kind, way, reason, note, until, review, asked)
	SELECT iif(b.key = 0, first_id, second_id), b.value ->> '$.At', b.value ->> '$.By', b.value ->> '$.Kind', b.value ->> '$.Way',
		b.value ->> '$.Reason', b.value ->> '$.Note', until, b.value ->> '$.Review', b.value ->> '$.Asked'
	FROM joined_before, json_each(kept, '$.Blocks') b WHERE first_own AND second_own AND b.key < 2;
DELETE FROM own_blocks WHERE customer_id IN (SELECT second_id FROM joined_before WHERE first_own AND NOT second_own
	UNION ALL SELECT first_id FROM joined_before WHERE second_own AND NOT first_own);
DROP TABLE joined_before;

-- Whether the second was blocked when it was joined, as its history says.
UPDATE pairs SET kept = json_set(kept, '$.SecondBlocked', json(iif(kept ->> '$.Blocks[1].At' > 0, 'true', 'false')))
	WHERE state = 'joined' AND iif(json_valid(kept), json_type(kept, '$.Blocks'), '') = 'array' AND json_type(kept, '$.SecondBlocked') IS NULL;
