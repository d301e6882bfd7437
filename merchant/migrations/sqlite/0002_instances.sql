-- When an order was last written, by the database's clock, which several instances share.
ALTER TABLE orders ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX orders_changed_at ON orders (changed_at);

-- Programs that run on this database, and when each was last seen by the same clock.
CREATE TABLE instances (
    instance TEXT NOT NULL PRIMARY KEY,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
