-- Each message keeps a checksum of what came in, and each customer how many messages
-- have one and the sum of these (data/store/checksum.go), so that a message that is
-- changed, removed or put in beside the program is noticed. Messages that are here
-- already have none (-1) until they are filled in the background.

ALTER TABLE messages ADD COLUMN checksum INTEGER NOT NULL DEFAULT -1;
ALTER TABLE customers ADD COLUMN messages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN messages_sum INTEGER NOT NULL DEFAULT 0;
