-- Visits at a counter: a clerk expects a letter of a service's documents, now. At most one letter belongs to a visit, and at
-- most one visit to a letter.
CREATE TABLE visit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    branch     TEXT    NOT NULL REFERENCES branch (id),
    service    TEXT    NOT NULL REFERENCES service (id),
    -- Who is expected, as it was typed: a name (or nothing), a РНОКПП.
    name       TEXT    NOT NULL,
    rnokpp     TEXT,
    opened_at  INTEGER NOT NULL,
    -- The moment at which it is over by itself.
    until      INTEGER NOT NULL,
    closed_at  INTEGER,
    -- Its one-time code: the token, what a scanner reads, and the code whose session its letter answers.
    token      INTEGER UNIQUE,
    payload    TEXT    UNIQUE,
    code       INTEGER REFERENCES code (id),
    -- The letter that it claimed.
    filing     INTEGER UNIQUE REFERENCES filing (id),
    claimed_at INTEGER,
    CHECK ((token IS NULL) = (payload IS NULL) AND (token IS NULL) = (code IS NULL)),
    CHECK ((filing IS NULL) = (claimed_at IS NULL))
) STRICT;
CREATE INDEX visit_of_branch ON visit (branch, id);
CREATE INDEX visit_of_service ON visit (service);
CREATE INDEX visit_of_code ON visit (code) WHERE code IS NOT NULL;
-- What is open now is a handful beside all that ever was.
CREATE INDEX visit_not_closed ON visit (until) WHERE closed_at IS NULL;
CREATE INDEX filing_of_receipt ON filing (branch, received_at);
