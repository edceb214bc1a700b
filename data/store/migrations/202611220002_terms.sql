-- Blocks that are looked at again, requests to be unblocked, and undo: which
-- event brought a held message into the chat, so that it can go back.

ALTER TABLE customers ADD COLUMN blocked_review INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN blocked_asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN released_by INTEGER NOT NULL DEFAULT 0; -- the sequence of an event
CREATE INDEX customers_due ON customers (blocked_until) WHERE blocked_until > 0;
CREATE INDEX customers_review ON customers (blocked_review) WHERE blocked_review > 0;
CREATE INDEX messages_released ON messages (released_by) WHERE released_by > 0;
