-- What was let go of before a message kept the event that did it: it was the first end
-- of a block after the message came in. The demo's stories begin without events.

UPDATE messages SET released_by = coalesce((SELECT min(seq) FROM events
		WHERE customer_id = messages.customer_id AND kind IN ('unblocked', 'block_ended', 'undone') AND recorded_at >= messages.recorded_at), 0)
	WHERE hold IN (2, 3) AND released_by = 0 AND NOT EXISTS (SELECT 1 FROM settings WHERE key = 'demo');
