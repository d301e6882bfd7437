-- What the shop is told: of an order, written with it, or of a day, without one; kept after it has arrived. `number` is the sequence of writing.
CREATE TABLE webhooks (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    order_id TEXT REFERENCES orders (order_id),
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    next_at INTEGER,
    tries INTEGER NOT NULL,
    last_at INTEGER,
    last_status INTEGER,
    last_error TEXT,
    delivered_at INTEGER
) STRICT;
CREATE INDEX webhooks_next_at ON webhooks (next_at, number) WHERE next_at IS NOT NULL;
CREATE INDEX webhooks_order_id ON webhooks (order_id, number);
CREATE INDEX webhooks_state ON webhooks (state, number);
