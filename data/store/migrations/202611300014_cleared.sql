-- What was cleared together is found without reading all messages.
CREATE INDEX messages_cleared ON messages (customer_id, cleared_at) WHERE cleared_at > 0;
