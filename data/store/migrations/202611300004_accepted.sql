-- When DoubleTick accepted what it was told: a message that came in after an
-- accepted block shows that the block does not hold there. Zero where it is not
-- known, as for all entries of before.

ALTER TABLE outbox ADD COLUMN accepted_at INTEGER NOT NULL DEFAULT 0;
