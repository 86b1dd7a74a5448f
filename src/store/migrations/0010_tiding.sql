-- A verdict that grew worse, or was made where there was none: people are told of it. Written with the verdict itself.
CREATE TABLE verdict_change (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    filing     INTEGER NOT NULL REFERENCES filing (id),
    changed_at INTEGER NOT NULL,
    -- Of each signed part: what it was and what it is.
    parts      TEXT    NOT NULL,
    -- When it was decided whom to tell; NULL: not yet.
    settled_at INTEGER
) STRICT;
CREATE INDEX verdict_change_open ON verdict_change (id) WHERE settled_at IS NULL;

-- What people are told of besides codes that end: a verdict that changed (its number in `verdict_change`), an anchor of
-- trust that ends (its fingerprint and the step of the ladder). Each once for each recipient; sent as notices are.
CREATE TABLE tiding (
    kind           TEXT    NOT NULL CHECK (kind IN ('verdict', 'anchor')),
    key            TEXT    NOT NULL,
    recipient      TEXT    NOT NULL,
    claimed_at     INTEGER NOT NULL,
    mail           INTEGER NOT NULL REFERENCES notice_mail (id),
    -- Nothing was left to tell before its mail was taken.
    passed_over_at INTEGER,
    PRIMARY KEY (kind, key, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX tiding_of_mail ON tiding (mail);
CREATE INDEX tiding_newest ON tiding (claimed_at);

-- The digest of the rules (trusted certificates and policy) that a verdict was judged by; NULL: from before it was kept.
ALTER TABLE verdict ADD COLUMN rules TEXT;
