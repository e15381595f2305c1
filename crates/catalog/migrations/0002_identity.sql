-- Who may do what, and who did it. Secrets are never held, only their SHA-256; times are UTC to the millisecond, so that
-- they order as text.

CREATE TABLE users (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL UNIQUE,
    subject     TEXT UNIQUE,
    role        TEXT NOT NULL,
    soums       TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    created_by  TEXT NOT NULL,
    disabled_at TEXT
) STRICT;

CREATE TABLE api_keys (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    secret     TEXT NOT NULL,
    role       TEXT NOT NULL,
    actions    TEXT NOT NULL,
    soums      TEXT NOT NULL,
    label      TEXT NOT NULL,
    holder     TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    last_used  TEXT,
    replaces   TEXT
) STRICT;
CREATE INDEX api_keys_by_holder ON api_keys (holder, seq);

-- Answers to requests that carried an idempotency key, for a day; status 0 while the request is under way.
CREATE TABLE idempotency (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    caller     TEXT    NOT NULL,
    token      TEXT    NOT NULL,
    request    TEXT    NOT NULL,
    status     INTEGER NOT NULL,
    headers    TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    created_at TEXT    NOT NULL,
    UNIQUE (caller, token)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

ALTER TABLE audit ADD COLUMN actor TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_by_actor ON audit (actor, seq);

CREATE TRIGGER users_are_kept BEFORE DELETE ON users
BEGIN SELECT RAISE(ABORT, 'users are never deleted; disable them'); END;
CREATE TRIGGER api_keys_are_kept BEFORE DELETE ON api_keys
BEGIN SELECT RAISE(ABORT, 'keys are never deleted; revoke them'); END;
