-- Times are milliseconds since 1970. A migration that was released is never changed: its sum is compared at every start.
-- COLLATE "C" where texts are compared and sorted: as SQLite does, and whatever language the database was made with.
CREATE TABLE orders (
    order_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    next_at BIGINT,
    created_at BIGINT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX orders_next_at ON orders (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX orders_created_at ON orders (created_at, order_id);
CREATE INDEX orders_status ON orders (status, created_at, order_id);

CREATE TABLE entries (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id TEXT COLLATE "C" NOT NULL REFERENCES orders (order_id),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX entries_order_id ON entries (order_id, id);

CREATE TABLE out_trade_nos (
    out_trade_no TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    order_id TEXT COLLATE "C" NOT NULL REFERENCES orders (order_id)
);

CREATE TABLE transaction_ids (
    transaction_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    order_id TEXT COLLATE "C" NOT NULL REFERENCES orders (order_id)
);

CREATE TABLE idempotency_keys (
    order_id TEXT COLLATE "C" NOT NULL REFERENCES orders (order_id),
    idempotency_key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (order_id, idempotency_key)
);

CREATE TABLE logins (
    state_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    order_id TEXT COLLATE "C" NOT NULL REFERENCES orders (order_id),
    page_url TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX logins_expires_at ON logins (expires_at);

CREATE TABLE unmatched (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
);
