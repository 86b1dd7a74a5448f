-- What a clerk may do with a letter: every light that it ever had, the newest one counts.
CREATE TABLE light (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    filing   INTEGER NOT NULL REFERENCES filing (id),
    light    TEXT    NOT NULL CHECK (light IN ('green', 'amber', 'red')),
    facts    TEXT    NOT NULL,
    occasion TEXT    NOT NULL,
    made_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX light_of_filing ON light (filing, seq);
CREATE TRIGGER light_stands BEFORE UPDATE ON light
BEGIN
    SELECT RAISE(ABORT, 'lights are appended, never changed');
END;

-- The newest one's; NULL: none was made yet.
ALTER TABLE filing ADD COLUMN light TEXT CHECK (light IN ('green', 'amber', 'red'));
CREATE INDEX filing_of_light ON filing (light, id);
CREATE INDEX filing_of_branch_and_light ON filing (branch, light, id);

-- By which rules lights are made, and the letters up to which they still have to be made anew: newest first.
CREATE TABLE light_pass (
    one     INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    rules   TEXT    NOT NULL,
    -- 0: all are made.
    next_at INTEGER NOT NULL
) STRICT;

-- The request that a copy was made for: the same one again is the same copy.
ALTER TABLE reading ADD COLUMN request TEXT;
UPDATE reading SET request = (
    SELECT json_extract(field.value, '$.plain') FROM json_each(reading.facts, '$.fields') AS field
    WHERE json_extract(field.value, '$.kind') = 'request-id' LIMIT 1
);
CREATE INDEX reading_of_request ON reading (request) WHERE request IS NOT NULL;
