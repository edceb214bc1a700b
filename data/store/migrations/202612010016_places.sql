-- A chat stands in the list by its newest message (last_at), which an event never
-- moves. When that happened which the row shows is kept beside it. The rows that are
-- there are written in Go (data/store/places.go).

ALTER TABLE chats ADD COLUMN shown_at INTEGER NOT NULL DEFAULT 0;
