-- A mailbox that was silent for too long, and what people were told of it. `mailbox` is an address, or `drop folder` and
-- a path.
CREATE TABLE incident (
    mailbox       TEXT    NOT NULL,
    opened_at     INTEGER NOT NULL,
    -- NULL: it was never read before.
    last_round_at INTEGER,
    reason        TEXT    NOT NULL,
    -- NULL: it lasts.
    closed_at     INTEGER,
    -- NULL: nobody was told (yet).
    told_open_at  INTEGER,
    told_close_at INTEGER,
    PRIMARY KEY (mailbox, opened_at)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX incident_open ON incident (mailbox) WHERE closed_at IS NULL;

-- Silence that was counted while the program ran; a mailbox that is read has no row.
CREATE TABLE silence (
    mailbox       TEXT    NOT NULL PRIMARY KEY,
    seconds       INTEGER NOT NULL,
    last_round_at INTEGER
) STRICT, WITHOUT ROWID;
