-- The report of each day, of the merchant's own number, which is an empty one here, or of each sub-merchant of a service provider's. What
-- is in "reconciliations" stays there for a program of before, which knows of no other number.
CREATE TABLE reports (
    sub_mchid TEXT NOT NULL,
    date TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    next_at BIGINT,
    differences BIGINT NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (sub_mchid, date)
);
INSERT INTO reports (sub_mchid, date, state, made_at, next_at, differences, report)
    SELECT '', date, state, made_at, next_at, differences, report FROM reconciliations;
