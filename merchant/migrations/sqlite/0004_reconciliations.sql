-- When each payment was made, by the platform's clock: the orders of a day are found by it. NULL where it was written by a version
-- that did not keep it; the program fills it in.
ALTER TABLE transaction_ids ADD COLUMN success_time INTEGER;
CREATE INDEX transaction_ids_success_time ON transaction_ids (success_time, order_id);

-- When money of an order went back: the same for refunds.
CREATE TABLE refund_times (
    order_id TEXT NOT NULL REFERENCES orders (order_id),
    at INTEGER NOT NULL,
    PRIMARY KEY (at, order_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reconciliations (
    date TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    next_at INTEGER,
    differences INTEGER NOT NULL,
    report TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
