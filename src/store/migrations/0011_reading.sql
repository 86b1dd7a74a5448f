-- What the pages of a copy say, and how they were read.
CREATE TABLE reading (
    filing   INTEGER NOT NULL,
    place    INTEGER NOT NULL,
    -- What read it: the revision of the program, and of the alphabet; and how many letters that did not know.
    program  INTEGER NOT NULL,
    letters  INTEGER NOT NULL,
    unread   INTEGER NOT NULL,
    -- Why nothing, or not everything, was read.
    trouble  TEXT,
    facts    TEXT    NOT NULL,
    made_at  INTEGER NOT NULL,
    PRIMARY KEY (filing, place),
    FOREIGN KEY (filing, place) REFERENCES copy (filing, place)
) STRICT, WITHOUT ROWID;

-- Pictures of a document, once for all letters that bring it; `digest` names the blob with the PNG file.
CREATE TABLE picture (
    document TEXT    NOT NULL,
    place    INTEGER NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind IN ('thumbnail', 'photo', 'preview')),
    width    INTEGER NOT NULL,
    height   INTEGER NOT NULL,
    digest   TEXT    NOT NULL,
    PRIMARY KEY (document, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX picture_blob ON picture (digest);

-- Shapes of letters: which shape, what is known of it, whether it is read by. The revision grows when that changes.
CREATE TABLE alphabet (
    shape   TEXT    NOT NULL PRIMARY KEY,
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    facts   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE alphabet_revision (
    one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO alphabet_revision (one, revision) VALUES (1, 0);

-- The folded words of every filing, column by column: the search index is made of them, and made anew from them when a
-- copy is read again. `parts` are the fields of its copies, by which a search says where it found what.
CREATE TABLE filing_words (
    filing    INTEGER NOT NULL PRIMARY KEY REFERENCES filing (id),
    sender    TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    files     TEXT    NOT NULL,
    documents TEXT    NOT NULL,
    branch    TEXT    NOT NULL,
    service   TEXT    NOT NULL,
    token     TEXT    NOT NULL,
    received  TEXT    NOT NULL,
    mailbox   TEXT    NOT NULL,
    body      TEXT    NOT NULL,
    names     TEXT    NOT NULL,
    rnokpp    TEXT    NOT NULL,
    numbers   TEXT    NOT NULL,
    born      TEXT    NOT NULL,
    fields    TEXT    NOT NULL,
    page      TEXT    NOT NULL,
    marks     TEXT    NOT NULL,
    parts     TEXT    NOT NULL
) STRICT;

-- The words of letters that are filed already are in the old index alone: it gives them back, in their order.
CREATE VIRTUAL TABLE old_word USING fts5vocab (filing_text, 'instance');
CREATE TABLE old_column (doc INTEGER NOT NULL, col TEXT NOT NULL, words TEXT NOT NULL, PRIMARY KEY (doc, col)) WITHOUT ROWID;
INSERT INTO old_column SELECT doc, col, group_concat(term, ' ' ORDER BY offset) FROM old_word GROUP BY doc, col;
INSERT INTO filing_words
    SELECT filing.id,
        COALESCE((SELECT words FROM old_column WHERE doc = filing.id AND col = 'sender'), ''),
        COALESCE((SELECT words FROM old_column WHERE doc = filing.id AND col = 'subject'), ''),
        COALESCE((SELECT words FROM old_column WHERE doc = filing.id AND col = 'files'), ''),
        COALESCE((SELECT words FROM old_column WHERE doc = filing.id AND col = 'documents'), ''),
        COALESCE((SELECT words FROM old_column WHERE doc = filing.id AND col = 'branch'), ''),
        COALESCE((SELECT words FROM old_column WHERE doc = filing.id AND col = 'service'), ''),
        COALESCE((SELECT words FROM old_column WHERE doc = filing.id AND col = 'token'), ''),
        COALESCE((SELECT words || ' ' || substr(words, 1, 4) || substr(words, 6, 2) || ' ' || replace(words, ' ', '')
            FROM old_column WHERE doc = filing.id AND col = 'received'), ''),
        COALESCE((SELECT words FROM old_column WHERE doc = filing.id AND col = 'mailbox'), ''),
        COALESCE((SELECT words FROM old_column WHERE doc = filing.id AND col = 'body'), ''),
        '', '', '', '', '', '', '', '[]'
    FROM filing;

-- Words of five letters and more: a beginning is looked for as the words that it begins. It is the beginning of many
-- rows, and the index would read all of them to tell the newest.
CREATE TABLE word (
    word TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO word SELECT DISTINCT term FROM old_word WHERE length(term) >= 5 AND NOT term GLOB '[0-9]*';

-- Words of which one letter may be typed wrongly: each under itself and under itself without one of its letters. Two
-- words that differ by one letter meet there.
CREATE TABLE near_word (
    variant TEXT NOT NULL,
    word    TEXT NOT NULL,
    PRIMARY KEY (variant, word)
) STRICT, WITHOUT ROWID;
WITH RECURSIVE
    near (word) AS (
        SELECT DISTINCT term FROM old_word
        WHERE col IN ('sender', 'subject', 'documents', 'branch', 'service')
            AND length(term) BETWEEN 4 AND 32 AND NOT term GLOB '*[0-9]*'
    ),
    at (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < 32)
INSERT INTO near_word
    SELECT word, word FROM near
    UNION
    SELECT substr(word, 1, n - 1) || substr(word, n + 1), word FROM near JOIN at ON n <= length(word);

DROP TABLE old_column;
DROP TABLE old_word;
DROP TABLE filing_text;

-- As before: rowid is the filing's id, so that «newest first» is the index's own order. A number stands there with all
-- its ends of four digits and more, so that any part of it is a beginning of one. Short beginnings have their own indexes.
CREATE VIRTUAL TABLE filing_text USING fts5 (
    sender, subject, files, documents, branch, service, token, received, mailbox, body,
    names, rnokpp, numbers, born, fields, page, marks,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4'
);
INSERT INTO filing_text (rowid, sender, subject, files, documents, branch, service, token, received, mailbox, body,
        names, rnokpp, numbers, born, fields, page, marks)
    SELECT filing, sender, subject, files, documents, branch, service, token, received, mailbox, body,
        names, rnokpp, numbers, born, fields, page, marks
    FROM filing_words;
