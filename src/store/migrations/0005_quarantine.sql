-- An attempt is written down before anybody looks into the letter. `begun` is 1 until it is settled: found so by the
-- next attempt, the program ended in between, which counts. The filing, or the quarantine, removes the row.
CREATE TABLE attempt (
    mailbox  TEXT    NOT NULL,
    digest   TEXT    NOT NULL,
    begun    INTEGER NOT NULL CHECK (begun IN (0, 1)),
    failures INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    -- NULL while nothing has failed.
    fault    TEXT,
    PRIMARY KEY (mailbox, digest)
) STRICT, WITHOUT ROWID;

-- A letter that was given up. Its bytes are the blob of that digest; nothing here is ever removed.
CREATE TABLE quarantine (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox        TEXT    NOT NULL,
    digest         TEXT    NOT NULL,
    source         TEXT    NOT NULL,
    received_at    INTEGER NOT NULL,
    bytes          INTEGER NOT NULL,
    first_at       INTEGER NOT NULL,
    quarantined_at INTEGER NOT NULL,
    failures       INTEGER NOT NULL,
    fault          TEXT    NOT NULL,
    -- Filed by a retry.
    filing         INTEGER REFERENCES filing (id),
    -- Taken by a person.
    released_at    INTEGER,
    UNIQUE (mailbox, digest)
) STRICT;
CREATE INDEX quarantine_of_filing ON quarantine (filing) WHERE filing IS NOT NULL;

-- The account (login@host:port) belongs to a letter's place: another server may by chance have the same numbers for other
-- letters. What is here from before has none and is fetched once more, to be known by its digest. A letter is accounted
-- for by its filing or by its quarantine.
CREATE TABLE ledger_imap_of_account (
    mailbox      TEXT    NOT NULL,
    account      TEXT    NOT NULL,
    folder       TEXT    NOT NULL,
    uid_validity INTEGER NOT NULL,
    uid          INTEGER NOT NULL,
    filing       INTEGER REFERENCES filing (id),
    quarantine   INTEGER REFERENCES quarantine (id),
    PRIMARY KEY (mailbox, account, folder, uid_validity, uid),
    CHECK ((filing IS NULL) <> (quarantine IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO ledger_imap_of_account (mailbox, account, folder, uid_validity, uid, filing)
    SELECT mailbox, '', folder, uid_validity, uid, filing FROM ledger_imap;
DROP TABLE ledger_imap;
ALTER TABLE ledger_imap_of_account RENAME TO ledger_imap;
CREATE INDEX ledger_imap_of_filing ON ledger_imap (filing);
CREATE INDEX ledger_imap_of_quarantine ON ledger_imap (quarantine) WHERE quarantine IS NOT NULL;

CREATE TABLE ledger_drop_or_quarantine (
    mailbox    TEXT    NOT NULL,
    file       TEXT    NOT NULL,
    digest     TEXT    NOT NULL,
    filing     INTEGER REFERENCES filing (id),
    quarantine INTEGER REFERENCES quarantine (id),
    PRIMARY KEY (mailbox, file, digest),
    CHECK ((filing IS NULL) <> (quarantine IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO ledger_drop_or_quarantine (mailbox, file, digest, filing)
    SELECT mailbox, file, digest, filing FROM ledger_drop;
DROP TABLE ledger_drop;
ALTER TABLE ledger_drop_or_quarantine RENAME TO ledger_drop;
CREATE INDEX ledger_drop_of_filing ON ledger_drop (filing);
CREATE INDEX ledger_drop_of_quarantine ON ledger_drop (quarantine) WHERE quarantine IS NOT NULL;
