-- What the service works on: files being uploaded and what becomes of them, jobs, terms and fates of data sets,
-- addresses that are told of changes.

-- An upload, then a draft: the bytes, what the analyst says of them, what was seen in them.
CREATE TABLE uploads (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    owner      TEXT    NOT NULL,
    file_name  TEXT    NOT NULL,
    meta       TEXT    NOT NULL,
    length     INTEGER NOT NULL CHECK (length >= 0),
    received   INTEGER NOT NULL CHECK (received >= 0 AND received <= length),
    state      TEXT    NOT NULL CHECK (state IN ('receiving', 'received', 'accepted', 'discarded', 'expired')),
    blob       TEXT,
    options    TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    preview    TEXT,
    datasets   TEXT    NOT NULL,
    created_at TEXT    NOT NULL,
    changed_at TEXT    NOT NULL,
    expires_at TEXT    NOT NULL
) STRICT;
CREATE INDEX uploads_by_owner ON uploads (owner, seq);

-- Work that outlives the request that asked for it. Times of leases are milliseconds since 1970.
CREATE TABLE jobs (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    kind        TEXT    NOT NULL,
    lane        TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    request     TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('accepted', 'running', 'successful', 'failed', 'dismissed')),
    attempts    INTEGER NOT NULL,
    worker      TEXT    NOT NULL,
    lease_until INTEGER NOT NULL,
    stage       TEXT    NOT NULL,
    done        INTEGER NOT NULL,
    total       INTEGER NOT NULL,
    result      TEXT,
    problem     TEXT,
    created_at  TEXT    NOT NULL,
    changed_at  TEXT    NOT NULL
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, lane, seq);
CREATE INDEX jobs_by_subject ON jobs (subject, seq);

-- What was said of a data set after it was added; the last row of a data set counts. Append-only.
CREATE TABLE dataset_terms (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset     TEXT NOT NULL REFERENCES datasets (digest),
    licence     TEXT NOT NULL,
    attribution TEXT NOT NULL,
    visibility  TEXT NOT NULL CHECK (visibility IN ('public', 'platform', 'private')),
    actor       TEXT NOT NULL,
    at          TEXT NOT NULL
) STRICT;
CREATE INDEX dataset_terms_by_dataset ON dataset_terms (dataset, seq);

CREATE TABLE dataset_events (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset   TEXT NOT NULL REFERENCES datasets (digest),
    action    TEXT NOT NULL CHECK (action IN ('supersede', 'retract')),
    successor TEXT REFERENCES datasets (digest),
    reason    TEXT NOT NULL,
    actor     TEXT NOT NULL,
    at        TEXT NOT NULL
) STRICT;
CREATE INDEX dataset_events_by_dataset ON dataset_events (dataset, seq);

CREATE TABLE webhooks (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    address    TEXT    NOT NULL,
    secret     TEXT    NOT NULL,
    active     INTEGER NOT NULL,
    actor      TEXT    NOT NULL,
    created_at TEXT    NOT NULL
) STRICT;

-- One row for each event and address: told, or to be told again.
CREATE TABLE deliveries (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    webhook    TEXT    NOT NULL REFERENCES webhooks (id),
    event      TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up')),
    attempts   INTEGER NOT NULL,
    due        INTEGER NOT NULL,
    said       TEXT    NOT NULL,
    created_at TEXT    NOT NULL
) STRICT;
CREATE INDEX deliveries_due ON deliveries (state, due);

CREATE TRIGGER dataset_terms_stay BEFORE UPDATE ON dataset_terms
BEGIN SELECT RAISE(ABORT, 'what was said of a data set stays'); END;
CREATE TRIGGER dataset_terms_are_kept BEFORE DELETE ON dataset_terms
BEGIN SELECT RAISE(ABORT, 'what was said of a data set stays'); END;
CREATE TRIGGER dataset_events_stay BEFORE UPDATE ON dataset_events
BEGIN SELECT RAISE(ABORT, 'what became of a data set stays'); END;
CREATE TRIGGER dataset_events_are_kept BEFORE DELETE ON dataset_events
BEGIN SELECT RAISE(ABORT, 'what became of a data set stays'); END;
