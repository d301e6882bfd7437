-- How payers fared: visits of a day in China by what happened in them (stage), the way to pay and the cashier's layout (surface).
CREATE TABLE funnel (
    day TEXT NOT NULL,
    stage TEXT NOT NULL,
    method TEXT NOT NULL,
    surface TEXT NOT NULL,
    visits INTEGER NOT NULL,
    PRIMARY KEY (day, stage, method, surface)
) STRICT, WITHOUT ROWID;
