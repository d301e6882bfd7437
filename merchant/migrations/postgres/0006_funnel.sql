-- How payers fared: visits of a day in China by what happened in them (stage), the way to pay and the cashier's layout (surface).
CREATE TABLE funnel (
    day TEXT COLLATE "C" NOT NULL,
    stage TEXT COLLATE "C" NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    surface TEXT COLLATE "C" NOT NULL,
    visits BIGINT NOT NULL,
    PRIMARY KEY (day, stage, method, surface)
);
