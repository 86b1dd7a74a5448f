-- People who use the pages. What is secret of theirs is kept as a hash only.

CREATE TABLE person (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    login       TEXT    NOT NULL UNIQUE,
    name        TEXT    NOT NULL,
    role        TEXT    NOT NULL CHECK (role IN ('clerk', 'branch-admin', 'organisation-admin')),
    -- As argon2 writes it, with its parameters; NULL: not set yet.
    password    TEXT,
    added_at    INTEGER NOT NULL,
    -- NULL: may sign in.
    disabled_at INTEGER
) STRICT;

-- What a person sees.
CREATE TABLE person_branch (
    person INTEGER NOT NULL REFERENCES person (id),
    branch TEXT    NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
    PRIMARY KEY (person, branch)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_branch_of_branch ON person_branch (branch);
CREATE TABLE person_organisation (
    person       INTEGER NOT NULL REFERENCES person (id),
    organisation TEXT    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    PRIMARY KEY (person, organisation)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_organisation_of_organisation ON person_organisation (organisation);

-- A link by which a person sets a password, once; the SHA-256 of its secret.
CREATE TABLE person_link (
    digest  TEXT    NOT NULL PRIMARY KEY,
    person  INTEGER NOT NULL REFERENCES person (id),
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX person_link_of_person ON person_link (person);

-- Somebody who is signed in; the SHA-256 of the secret in the cookie.
CREATE TABLE web_session (
    digest   TEXT    NOT NULL PRIMARY KEY,
    person   INTEGER NOT NULL REFERENCES person (id),
    begun_at INTEGER NOT NULL,
    -- To the minute.
    seen_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX web_session_of_person ON web_session (person);
