-- What the shop is told: of an order, written with it, or of a day, without one; kept after it has arrived. `number` is the sequence of writing.
CREATE TABLE webhooks (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    order_id TEXT COLLATE "C" REFERENCES orders (order_id),
    type TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    next_at BIGINT,
    tries BIGINT NOT NULL,
    last_at BIGINT,
    last_status BIGINT,
    last_error TEXT,
    delivered_at BIGINT
);
CREATE INDEX webhooks_next_at ON webhooks (next_at, number) WHERE next_at IS NOT NULL;
CREATE INDEX webhooks_order_id ON webhooks (order_id, number);
CREATE INDEX webhooks_state ON webhooks (state, number);
