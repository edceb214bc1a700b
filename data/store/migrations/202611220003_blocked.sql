-- The view of past blocks walks the events that end one, newest first, however
-- many other events there are.

CREATE INDEX events_ends ON events (seq, kind) WHERE kind IN ('unblocked', 'block_ended', 'undone');
