-- What is held and what was computed. Blobs are files named by their SHA-256; rows refer to them by digest.

CREATE TABLE workspace (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    format INTEGER NOT NULL
) STRICT;
INSERT INTO workspace (id, format) VALUES (1, 1);

-- One harmonised data set each. `seq` is the order of arrival; the digest is of what the data set says.
CREATE TABLE datasets (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    digest        TEXT    NOT NULL UNIQUE,
    kind          TEXT    NOT NULL,
    level         TEXT,
    product       TEXT,
    date          TEXT,
    state         TEXT    NOT NULL CHECK (state IN ('ready', 'needs_metadata', 'superseded')),
    source_name   TEXT    NOT NULL,
    source_digest TEXT    NOT NULL,
    blob          TEXT    NOT NULL,
    records       INTEGER NOT NULL CHECK (records >= 0),
    meta          TEXT    NOT NULL,
    findings      TEXT    NOT NULL,
    created_at    TEXT    NOT NULL
) STRICT;
CREATE INDEX datasets_by_kind ON datasets (kind, level, seq);

-- Assessments never change once stored.
CREATE TABLE assessments (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL UNIQUE,
    cycle         TEXT NOT NULL,
    scheme_id     TEXT NOT NULL,
    scheme_digest TEXT NOT NULL,
    manifest      TEXT NOT NULL,
    result        TEXT NOT NULL,
    created_at    TEXT NOT NULL
) STRICT;

-- What was public when: the last row of a cycle says what is public now.
CREATE TABLE publications (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    cycle      TEXT NOT NULL,
    assessment TEXT NOT NULL REFERENCES assessments (id),
    action     TEXT NOT NULL CHECK (action IN ('publish', 'withdraw')),
    supersedes TEXT REFERENCES assessments (id),
    at         TEXT NOT NULL
) STRICT;
CREATE INDEX publications_by_cycle ON publications (cycle, seq);

CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject, seq);

CREATE TRIGGER assessments_stay BEFORE UPDATE ON assessments
BEGIN SELECT RAISE(ABORT, 'assessments never change'); END;
CREATE TRIGGER assessments_are_kept BEFORE DELETE ON assessments
BEGIN SELECT RAISE(ABORT, 'assessments are never deleted'); END;
CREATE TRIGGER publications_stay BEFORE UPDATE ON publications
BEGIN SELECT RAISE(ABORT, 'publications are append-only'); END;
CREATE TRIGGER publications_are_kept BEFORE DELETE ON publications
BEGIN SELECT RAISE(ABORT, 'publications are append-only'); END;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER datasets_are_kept BEFORE DELETE ON datasets
BEGIN SELECT RAISE(ABORT, 'data sets are never deleted; mark them superseded'); END;
CREATE TRIGGER datasets_say_the_same BEFORE UPDATE OF
    seq, digest, kind, level, product, date, source_name, source_digest, blob, records, meta, findings, created_at
ON datasets
BEGIN SELECT RAISE(ABORT, 'only the state of a data set may change'); END;
