-- When each payment was made, by the platform's clock: the orders of a day are found by it. NULL where it was written by a version
-- that did not keep it; the program fills it in.
ALTER TABLE transaction_ids ADD COLUMN success_time BIGINT;
CREATE INDEX transaction_ids_success_time ON transaction_ids (success_time, order_id);

-- When money of an order went back: the same for refunds.
CREATE TABLE refund_times (
    order_id TEXT COLLATE "C" NOT NULL REFERENCES orders (order_id),
    at BIGINT NOT NULL,
    PRIMARY KEY (at, order_id)
);

CREATE TABLE reconciliations (
    date TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    next_at BIGINT,
    differences BIGINT NOT NULL,
    report TEXT NOT NULL
);

CREATE TABLE leases (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL
);
