-- Letters whose verdicts are judged again: what was missing may come, and a revocation may be told late.
CREATE TABLE review (
    filing   INTEGER NOT NULL PRIMARY KEY REFERENCES filing (id),
    filed_at INTEGER NOT NULL,
    next_at  INTEGER NOT NULL,
    -- 1: something that was asked for is missing.
    waits    INTEGER NOT NULL CHECK (waits IN (0, 1)),
    -- Since something was new.
    tries    INTEGER NOT NULL
) STRICT;
CREATE INDEX review_by_moment ON review (next_at);
CREATE INDEX review_by_age ON review (filed_at);
INSERT INTO review (filing, filed_at, next_at, waits, tries)
    SELECT id, filed_at, filed_at, CASE indication WHEN 'INDETERMINATE' THEN 1 ELSE 0 END, 0
    FROM filing WHERE indication IN ('INDETERMINATE', 'TOTAL-PASSED');

-- The trusted certificates and the policy by which the newest verdicts were made.
CREATE TABLE review_rules (
    one    INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    digest TEXT    NOT NULL
) STRICT;
