-- Who wrote a message in a group, by address, to the letter; empty where unknown and
-- outside of groups.
ALTER TABLE messages ADD COLUMN author_address TEXT NOT NULL DEFAULT '';

-- What was written in a group can be held by two blocks, the member's and the group's.
-- Here stands which messages the end of a block let go of, whether or not the other
-- block holds them from then on, so that its undo takes exactly those back.
CREATE TABLE released_in_groups (
	event      INTEGER NOT NULL, -- the sequence of the event that ended the block
	message_id INTEGER NOT NULL,
	PRIMARY KEY (event, message_id)
) STRICT, WITHOUT ROWID;
