-- What verdicts rest on, each object once, under the SHA-256 of its bytes. Certificates and responses are small and many:
-- they are here. Revocation lists are large and shared: `der` is NULL, and the blob of that digest has the bytes.
CREATE TABLE proof (
    digest TEXT NOT NULL PRIMARY KEY,
    kind   TEXT NOT NULL CHECK (kind IN ('certificate', 'crl', 'ocsp')),
    der    BLOB,
    CHECK ((der IS NULL) = (kind = 'crl'))
) STRICT;
CREATE INDEX proof_in_blob ON proof (digest) WHERE der IS NULL;
CREATE TRIGGER proof_stands BEFORE UPDATE ON proof
BEGIN
    SELECT RAISE(ABORT, 'what a verdict rests on is never changed');
END;

CREATE TABLE verdict_proof (
    verdict INTEGER NOT NULL REFERENCES verdict (seq),
    place   INTEGER NOT NULL,
    digest  TEXT    NOT NULL REFERENCES proof (digest),
    role    TEXT    NOT NULL,
    origin  TEXT    NOT NULL,
    PRIMARY KEY (verdict, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_proof_of_digest ON verdict_proof (digest);
