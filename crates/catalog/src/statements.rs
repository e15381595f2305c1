//! Every SQL statement of the program, written for SQLite and PostgreSQL alike.
//!
//! Placeholders are numbered, absent words compare as empty text, and the order of rows is always given.

macro_rules! dataset_columns {
    () => {
        "seq, digest, kind, level, product, date, state, source_name, source_digest, blob, records, meta, findings, \
         created_at"
    };
}
macro_rules! assessment_columns {
    () => {
        "a.id, a.cycle, a.scheme_id, a.scheme_digest, a.manifest, a.result, a.created_at"
    };
}
macro_rules! current_publications {
    () => {
        " FROM publications p JOIN assessments a ON a.id = p.assessment WHERE p.action = 'publish' \
         AND p.seq = (SELECT MAX(q.seq) FROM publications q WHERE q.cycle = p.cycle) "
    };
}

pub(crate) const FORMAT: &str = "SELECT format FROM workspace WHERE id = 1";

pub(crate) const ADD_DATASET: &str = "INSERT INTO datasets (digest, kind, level, product, date, state, source_name, \
     source_digest, blob, records, meta, findings, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (digest) DO NOTHING";
pub(crate) const DATASET: &str = concat!("SELECT ", dataset_columns!(), " FROM datasets WHERE digest = $1");
pub(crate) const DATASETS: &str = concat!(
    "SELECT ",
    dataset_columns!(),
    " FROM datasets WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR level = $2) AND ($3 = '' OR state = $3) ",
    "AND ($4 = '' OR product = $4) ORDER BY kind, COALESCE(product, ''), COALESCE(date, ''), digest"
);
pub(crate) const LATEST_DATASET: &str = concat!(
    "SELECT ",
    dataset_columns!(),
    " FROM datasets WHERE kind = $1 AND ($2 = '' OR level = $2) AND state = 'ready' ORDER BY seq DESC LIMIT 1"
);
pub(crate) const SET_DATASET_STATE: &str = "UPDATE datasets SET state = $2 WHERE digest = $1";

pub(crate) const ADD_ASSESSMENT: &str = "INSERT INTO assessments (id, cycle, scheme_id, scheme_digest, manifest, \
     result, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
pub(crate) const ASSESSMENT: &str = concat!("SELECT ", assessment_columns!(), " FROM assessments a WHERE a.id = $1");
pub(crate) const ASSESSMENTS: &str = concat!("SELECT ", assessment_columns!(), " FROM assessments a ORDER BY a.seq");

pub(crate) const ADD_PUBLICATION: &str =
    "INSERT INTO publications (cycle, assessment, action, supersedes, at) VALUES ($1, $2, $3, $4, $5)";
pub(crate) const PUBLISHED: &str =
    concat!("SELECT ", assessment_columns!(), current_publications!(), "AND p.cycle = $1");
pub(crate) const CYCLES: &str =
    concat!("SELECT p.cycle, p.assessment, p.at", current_publications!(), "ORDER BY p.cycle");
pub(crate) const CYCLES_OF: &str =
    concat!("SELECT p.cycle", current_publications!(), "AND p.assessment = $1 ORDER BY p.cycle");
pub(crate) const HISTORY: &str =
    "SELECT cycle, assessment, action, supersedes, at FROM publications WHERE cycle = $1 ORDER BY seq";

pub(crate) const ADD_AUDIT: &str = "INSERT INTO audit (action, subject, detail, at, actor) VALUES ($1, $2, $3, $4, $5)";
pub(crate) const AUDIT: &str = "SELECT seq, actor, action, subject, detail, at FROM audit \
     WHERE ($1 = '' OR subject = $1) AND ($2 = '' OR actor = $2) AND ($3 = '' OR action = $3) AND seq < $4 \
     ORDER BY seq DESC LIMIT $5";

pub(crate) const ADD_USER: &str = "INSERT INTO users (name, subject, role, soums, created_at, created_by) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
pub(crate) const USERS: &str = "SELECT name, subject, role, soums, created_at, created_by, disabled_at FROM users \
     WHERE ($1 = '' OR name = $1) AND ($2 = '' OR subject = $2) ORDER BY name";
pub(crate) const DISABLE_USER: &str = "UPDATE users SET disabled_at = $2 WHERE name = $1 AND disabled_at IS NULL";

pub(crate) const ADD_KEY: &str = "INSERT INTO api_keys (id, secret, role, actions, soums, label, holder, created_at, \
     created_by, expires_at, replaces) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
pub(crate) const KEYS: &str = "SELECT k.id, k.secret, k.role, k.actions, k.soums, k.label, k.holder, k.created_at, \
     k.created_by, k.expires_at, k.revoked_at, k.last_used, k.replaces, u.disabled_at AS holder_disabled_at \
     FROM api_keys k LEFT JOIN users u ON u.name = k.holder WHERE ($1 = '' OR k.id = $1) ORDER BY k.seq";
pub(crate) const SHORTEN_KEY: &str =
    "UPDATE api_keys SET expires_at = CASE WHEN expires_at < $2 THEN expires_at ELSE $2 END WHERE id = $1";
pub(crate) const REVOKE_KEY: &str = "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
pub(crate) const TOUCH_KEY: &str = "UPDATE api_keys SET last_used = $2 WHERE id = $1";

pub(crate) const FORGET_REQUESTS: &str =
    "DELETE FROM idempotency WHERE created_at < $1 OR (status = 0 AND created_at < $2)";
pub(crate) const ADD_REQUEST: &str = "INSERT INTO idempotency (caller, token, request, status, headers, body, \
     created_at) VALUES ($1, $2, $3, 0, '[]', '', $4) ON CONFLICT (caller, token) DO NOTHING";
pub(crate) const REQUEST: &str =
    "SELECT request, status, headers, body FROM idempotency WHERE caller = $1 AND token = $2";
pub(crate) const ANSWER_REQUEST: &str =
    "UPDATE idempotency SET status = $3, headers = $4, body = $5 WHERE caller = $1 AND token = $2";
pub(crate) const FORGET_REQUEST: &str = "DELETE FROM idempotency WHERE caller = $1 AND token = $2";

/// The rows that the doctor digests, each as text columns in order of arrival; users, keys and the audit trail are
/// left out.
pub(crate) const DIGESTED: [(&str, &str); 4] = [
    ("workspace", "SELECT CAST(format AS TEXT) FROM workspace ORDER BY id"),
    (
        "datasets",
        "SELECT digest, kind, level, product, date, state, source_name, source_digest, blob, CAST(records AS TEXT), \
         meta, findings, created_at FROM datasets ORDER BY seq",
    ),
    (
        "assessments",
        "SELECT id, cycle, scheme_id, scheme_digest, manifest, result, created_at FROM assessments ORDER BY seq",
    ),
    ("publications", "SELECT cycle, assessment, action, supersedes, at FROM publications ORDER BY seq"),
];

/// Starts a transaction that will write; SQLite only, so that it never waits half way through.
pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";
/// SQLite's own look at its pages; one row `ok` when all is well.
pub(crate) const INTEGRITY: &str = "PRAGMA integrity_check(20)";
/// Rows that point nowhere; SQLite only.
pub(crate) const FOREIGN_KEYS: &str = "SELECT \"table\" FROM pragma_foreign_key_check";
