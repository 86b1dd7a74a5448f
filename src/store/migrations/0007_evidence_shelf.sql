-- What was fetched for verdicts: OCSP responses, revocation lists, issuers' certificates. A cache; nothing rests on it.
CREATE TABLE evidence_shelf (
    -- Of the need: its kind, URL and request.
    key           TEXT    NOT NULL PRIMARY KEY,
    kind          TEXT    NOT NULL,
    url           TEXT    NOT NULL,
    -- The OCSPRequest; NULL for the other kinds.
    request       BLOB,
    bytes         BLOB    NOT NULL,
    fetched_at    INTEGER NOT NULL,
    confirmed_at  INTEGER NOT NULL,
    fresh_until   INTEGER NOT NULL,
    next_update   INTEGER,
    etag          TEXT,
    last_modified TEXT,
    -- When a letter last needed it, to the hour, and in how many different hours.
    wanted_at     INTEGER NOT NULL,
    wanted        INTEGER NOT NULL
) STRICT;
CREATE INDEX evidence_shelf_by_want ON evidence_shelf (wanted_at);
