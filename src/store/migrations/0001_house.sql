-- Time is microseconds since 1970 UTC; days are Kyiv days as `2026-03-15`; digests are hexadecimal; lists and facts are
-- JSON. A column may be NULL only where «none» is a fact of its own.

CREATE TABLE organisation (
    id            TEXT    NOT NULL PRIMARY KEY,
    place         INTEGER NOT NULL,
    closed        INTEGER NOT NULL CHECK (closed IN (0, 1)),
    name          TEXT    NOT NULL,
    edrpou        TEXT    NOT NULL,
    head_name     TEXT    NOT NULL,
    head_position TEXT    NOT NULL
) STRICT;

CREATE TABLE branch (
    id           TEXT    NOT NULL PRIMARY KEY,
    place        INTEGER NOT NULL,
    closed       INTEGER NOT NULL CHECK (closed IN (0, 1)),
    organisation TEXT    NOT NULL REFERENCES organisation (id),
    name         TEXT    NOT NULL,
    region       TEXT    NOT NULL,
    district     TEXT    NOT NULL,
    location     TEXT    NOT NULL,
    street       TEXT    NOT NULL,
    house        TEXT    NOT NULL,
    mailbox      TEXT    NOT NULL,
    known_as     TEXT    NOT NULL
) STRICT;
CREATE INDEX branch_of_mailbox ON branch (mailbox);
CREATE INDEX branch_of_organisation ON branch (organisation);

CREATE TABLE service (
    id             TEXT    NOT NULL PRIMARY KEY,
    place          INTEGER NOT NULL,
    closed         INTEGER NOT NULL CHECK (closed IN (0, 1)),
    organisation   TEXT    NOT NULL REFERENCES organisation (id),
    purpose        TEXT    NOT NULL,
    documents      TEXT    NOT NULL,
    legal_ground   TEXT    NOT NULL,
    retention_days INTEGER,
    responsible    TEXT    NOT NULL
) STRICT;
CREATE INDEX service_of_organisation ON service (organisation);

CREATE TABLE service_branch (
    service TEXT    NOT NULL REFERENCES service (id) ON DELETE CASCADE,
    branch  TEXT    NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    place   INTEGER NOT NULL,
    PRIMARY KEY (service, branch)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_branch_of_branch ON service_branch (branch);

-- AUTOINCREMENT: a number that was once on a poster or in a log is never given again.
CREATE TABLE code (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL CHECK (kind IN ('registered', 'own')),
    token       INTEGER UNIQUE,
    branch      TEXT    NOT NULL REFERENCES branch (id),
    documents   TEXT    NOT NULL,
    payload     TEXT    NOT NULL UNIQUE,
    issued_on   TEXT    NOT NULL,
    valid_until TEXT    NOT NULL,
    issued_at   INTEGER NOT NULL,
    retired_at  INTEGER,
    CHECK ((kind = 'own') = (token IS NOT NULL))
) STRICT;
CREATE INDEX code_of_branch ON code (branch, valid_until);

CREATE TABLE code_service (
    code    INTEGER NOT NULL REFERENCES code (id),
    service TEXT    NOT NULL REFERENCES service (id),
    place   INTEGER NOT NULL,
    PRIMARY KEY (code, service)
) STRICT, WITHOUT ROWID;
CREATE INDEX code_service_of_service ON code_service (service);

CREATE TABLE session (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    code INTEGER NOT NULL REFERENCES code (id),
    kind TEXT    NOT NULL CHECK (kind IN ('standing'))
) STRICT;
CREATE UNIQUE INDEX session_standing ON session (code) WHERE kind = 'standing';

CREATE TABLE filing (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox        TEXT    NOT NULL,
    digest         TEXT    NOT NULL,
    content_digest TEXT,
    source         TEXT    NOT NULL,
    received_at    INTEGER NOT NULL,
    filed_at       INTEGER NOT NULL,
    message_id     TEXT,
    sender_name    TEXT    NOT NULL,
    sender         TEXT    NOT NULL,
    subject        TEXT    NOT NULL,
    branch         TEXT    REFERENCES branch (id),
    session        INTEGER REFERENCES session (id),
    code           INTEGER REFERENCES code (id),
    matched        TEXT    NOT NULL,
    defects        TEXT    NOT NULL,
    documents      TEXT    NOT NULL,
    -- Who signed what passed.
    signers        TEXT    NOT NULL,
    unsigned       INTEGER NOT NULL,
    remarks        INTEGER NOT NULL,
    -- The worst of the newest verdicts; NULL when nothing is signed.
    indication     TEXT,
    sub_indication TEXT,
    duplicate_of   INTEGER REFERENCES filing (id),
    UNIQUE (mailbox, digest)
) STRICT;
CREATE INDEX filing_of_digest ON filing (digest);
CREATE INDEX filing_of_content ON filing (content_digest) WHERE content_digest IS NOT NULL;
CREATE INDEX filing_of_branch ON filing (branch, id);
CREATE INDEX filing_of_indication ON filing (indication, id);
CREATE INDEX filing_of_code ON filing (code);
CREATE INDEX filing_of_session ON filing (session);
CREATE INDEX filing_of_duplicate ON filing (duplicate_of) WHERE duplicate_of IS NOT NULL;

CREATE TABLE attachment (
    filing        INTEGER NOT NULL REFERENCES filing (id),
    place         INTEGER NOT NULL,
    file_name     TEXT    NOT NULL,
    declared_type TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    bytes         INTEGER NOT NULL,
    digest        TEXT    NOT NULL,
    depth         INTEGER NOT NULL,
    PRIMARY KEY (filing, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE copy (
    filing   INTEGER NOT NULL REFERENCES filing (id),
    place    INTEGER NOT NULL,
    document TEXT,
    digest   TEXT,
    facts    TEXT    NOT NULL,
    PRIMARY KEY (filing, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_of_digest ON copy (digest) WHERE digest IS NOT NULL;

CREATE TABLE verdict (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    filing         INTEGER NOT NULL REFERENCES filing (id),
    p7s_at         INTEGER NOT NULL,
    indication     TEXT    NOT NULL,
    sub_indication TEXT,
    judged_at      INTEGER NOT NULL,
    facts          TEXT    NOT NULL
) STRICT;
CREATE INDEX verdict_of_filing ON verdict (filing, p7s_at, seq);
CREATE TRIGGER verdict_stands BEFORE UPDATE ON verdict
BEGIN
    SELECT RAISE(ABORT, 'verdicts are appended, never changed');
END;

-- RFC 9051 §2.3.1.1: (folder, uid_validity, uid) names one letter of a mailbox for all time.
CREATE TABLE ledger_imap (
    mailbox      TEXT    NOT NULL,
    folder       TEXT    NOT NULL,
    uid_validity INTEGER NOT NULL,
    uid          INTEGER NOT NULL,
    filing       INTEGER NOT NULL REFERENCES filing (id),
    PRIMARY KEY (mailbox, folder, uid_validity, uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_imap_of_filing ON ledger_imap (filing);

CREATE TABLE ledger_drop (
    mailbox TEXT    NOT NULL,
    file    TEXT    NOT NULL,
    digest  TEXT    NOT NULL,
    filing  INTEGER NOT NULL REFERENCES filing (id),
    PRIMARY KEY (mailbox, file, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_drop_of_filing ON ledger_drop (filing);

-- Ids and facts of our own house; nothing that a visitor wrote.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    action  TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    detail  TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_of_subject ON audit (subject, id);
CREATE TRIGGER audit_stands BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit lines are appended, never changed');
END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit lines are appended, never removed');
END;
