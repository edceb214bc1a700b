-- Chats that were exported elsewhere and brought in. An import is an event, which
-- its messages name; what an undone one brought stays as rows that nobody sees.
-- There is no index over the messages: making one reads all of them. What an import
-- brought is found through its customer.

CREATE TABLE chat_imports (
	event       INTEGER PRIMARY KEY, -- the sequence of the event that stands for it
	customer_id INTEGER NOT NULL REFERENCES customers (id),
	undone_by   INTEGER NOT NULL DEFAULT 0 -- the sequence of an event
) STRICT;
ALTER TABLE messages ADD COLUMN imported_by INTEGER NOT NULL DEFAULT 0; -- the sequence of an event
