-- Who is reminded of codes that end.
ALTER TABLE organisation ADD COLUMN admins TEXT NOT NULL DEFAULT '[]';
ALTER TABLE branch ADD COLUMN admins TEXT NOT NULL DEFAULT '[]';

-- A mail with one or several notices for one recipient. AUTOINCREMENT: the number is part of its Message-ID.
CREATE TABLE notice_mail (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id   TEXT    NOT NULL UNIQUE,
    recipient    TEXT    NOT NULL,
    claimed_at   INTEGER NOT NULL,
    -- Nobody (else) hands it to a server before: the lease of whoever sends it, or the wait after a failure.
    not_before   INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    -- First handed to a server; taken by it. Two facts: a crash may lie between them.
    fired_at     INTEGER,
    delivered_at INTEGER,
    failure      TEXT,
    -- A try ended without an answer: the mail may have arrived, so it keeps its content and its Message-ID.
    unclear      INTEGER NOT NULL CHECK (unclear IN (0, 1)),
    CHECK (delivered_at IS NULL OR fired_at IS NOT NULL)
) STRICT;
CREATE INDEX notice_mail_open ON notice_mail (recipient, id) WHERE delivered_at IS NULL;

-- One step of the ladder of one code for one recipient: claimed before it is sent, and never claimed twice.
CREATE TABLE notice (
    code           INTEGER NOT NULL REFERENCES code (id),
    rung           TEXT    NOT NULL,
    recipient      TEXT    NOT NULL,
    claimed_at     INTEGER NOT NULL,
    -- The mail that carries it; NULL when it was passed over before there was one.
    mail           INTEGER REFERENCES notice_mail (id),
    passed_over_at INTEGER,
    PRIMARY KEY (code, rung, recipient),
    CHECK (mail IS NOT NULL OR passed_over_at IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_of_mail ON notice (mail) WHERE mail IS NOT NULL;
CREATE INDEX notice_newest ON notice (claimed_at);
