-- Times are milliseconds since 1970. A migration that was released is never changed: its sum is compared at every start.
CREATE TABLE orders (
    order_id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    next_at INTEGER,
    created_at INTEGER NOT NULL,
    doc TEXT NOT NULL
) STRICT;
CREATE INDEX orders_next_at ON orders (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX orders_created_at ON orders (created_at, order_id);
CREATE INDEX orders_status ON orders (status, created_at, order_id);

CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (order_id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX entries_order_id ON entries (order_id, id);

CREATE TABLE out_trade_nos (
    out_trade_no TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (order_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE transaction_ids (
    transaction_id TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (order_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
    order_id TEXT NOT NULL REFERENCES orders (order_id),
    idempotency_key TEXT NOT NULL,
    PRIMARY KEY (order_id, idempotency_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE logins (
    state_hash TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (order_id),
    page_url TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX logins_expires_at ON logins (expires_at);

CREATE TABLE unmatched (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
