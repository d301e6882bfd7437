-- Which of the shops an order is of, and who is told. What is here already is of the only shop there was, which is called so.
ALTER TABLE orders ADD COLUMN shop TEXT NOT NULL DEFAULT 'shop';
CREATE INDEX orders_shop ON orders (shop, created_at, order_id);
CREATE INDEX orders_shop_status ON orders (shop, status, created_at, order_id);

ALTER TABLE webhooks ADD COLUMN shop TEXT NOT NULL DEFAULT 'shop';
CREATE INDEX webhooks_shop ON webhooks (shop, number);
