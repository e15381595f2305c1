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

/// One row; equal as long as no publication, data set or state of a data set is added or changed. The last column weighs
/// each data set that is not ready by its place, so that one leaving and another entering do not cancel out.
pub(crate) const PUBLICATION_STATE: &str = "SELECT (SELECT COALESCE(MAX(seq), 0) FROM publications) AS publications, \
     (SELECT COALESCE(MAX(seq), 0) FROM datasets) AS datasets, \
     (SELECT CAST(COALESCE(SUM(seq * seq * CASE state WHEN 'superseded' THEN 2 ELSE 1 END), 0) AS BIGINT) \
      FROM datasets WHERE state <> 'ready') AS not_ready, \
     (SELECT COALESCE(MAX(seq), 0) FROM dataset_terms) AS terms";

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

macro_rules! job_columns {
    () => {
        "seq, id, kind, lane, subject, owner, request, state, attempts, stage, done, total, result, problem, \
         created_at, changed_at"
    };
}
macro_rules! takeable {
    () => {
        "(state = 'accepted' OR (state = 'running' AND lease_until < "
    };
}

pub(crate) const ADD_JOB: &str = "INSERT INTO jobs (id, kind, lane, subject, owner, request, state, attempts, worker, \
     lease_until, stage, done, total, created_at, changed_at) \
     VALUES ($1, $2, $3, $4, $5, $6, 'accepted', 0, '', 0, '', 0, 0, $7, $7)";
pub(crate) const JOB: &str = concat!("SELECT ", job_columns!(), " FROM jobs WHERE id = $1");
pub(crate) const JOBS: &str = concat!(
    "SELECT ",
    job_columns!(),
    " FROM jobs WHERE ($1 = '' OR owner = $1) AND ($2 = '' OR state = $2) AND ($3 = '' OR kind = $3) ",
    "AND ($4 = '' OR subject = $4) AND ($5 = 0 OR seq < $5) ORDER BY seq DESC LIMIT $6"
);
pub(crate) const JOB_COUNTS: &str =
    "SELECT state, lane, COUNT(*) AS jobs FROM jobs GROUP BY state, lane ORDER BY state, lane";
pub(crate) const JOB_WAITS: &str =
    concat!("SELECT seq FROM jobs WHERE lane = $1 AND ", takeable!(), "$2)) ORDER BY seq LIMIT 1");
pub(crate) const TAKE_JOB: &str = concat!(
    "UPDATE jobs SET state = 'running', worker = $2, lease_until = $4, attempts = attempts + 1, changed_at = $5 ",
    "WHERE seq = (SELECT seq FROM jobs WHERE lane = $1 AND ",
    takeable!(),
    "$3)) ORDER BY seq LIMIT 1) RETURNING ",
    job_columns!()
);
pub(crate) const RENEW_JOB: &str = "UPDATE jobs SET lease_until = $3, stage = $4, done = $5, total = $6, \
     changed_at = $7 WHERE id = $1 AND worker = $2 AND state = 'running'";
pub(crate) const END_JOB: &str = "UPDATE jobs SET state = $3, result = $4, problem = $5, changed_at = $6, worker = '' \
     WHERE id = $1 AND worker = $2 AND state = 'running'";
pub(crate) const RETURN_JOB: &str = "UPDATE jobs SET state = 'accepted', attempts = attempts - $3, worker = '', \
     changed_at = $4 WHERE id = $1 AND worker = $2 AND state = 'running'";
pub(crate) const DISMISS_JOB: &str = "UPDATE jobs SET state = 'dismissed', changed_at = $2 \
     WHERE id = $1 AND state IN ('accepted', 'running')";
pub(crate) const RESUME_JOB: &str = "UPDATE jobs SET state = 'accepted', attempts = 0, worker = '', problem = NULL, \
     changed_at = $2 WHERE id = $1 AND state IN ('dismissed', 'failed')";

macro_rules! upload_columns {
    () => {
        "seq, id, owner, file_name, meta, length, received, state, blob, options, revision, preview, datasets, \
         created_at, changed_at, expires_at"
    };
}

pub(crate) const BEGIN_UPLOAD: &str = "INSERT INTO uploads (id, owner, file_name, meta, length, received, state, \
     options, revision, datasets, created_at, changed_at, expires_at) \
     VALUES ($1, $2, $3, $4, $5, 0, 'receiving', $6, 1, '[]', $7, $7, $8)";
pub(crate) const UPLOAD: &str = concat!("SELECT ", upload_columns!(), " FROM uploads WHERE id = $1");
pub(crate) const UPLOADS: &str = concat!(
    "SELECT ",
    upload_columns!(),
    " FROM uploads WHERE ($1 = '' OR owner = $1) AND ($2 = 0 OR seq < $2) ORDER BY seq DESC LIMIT $3"
);
pub(crate) const UPLOAD_USAGE: &str = "SELECT COUNT(*) AS uploads, CAST(COALESCE(SUM(length), 0) AS BIGINT) AS bytes \
     FROM uploads WHERE ($1 = '' OR owner = $1) AND state IN ('receiving', 'received')";
pub(crate) const COUNT_PIECE: &str = "UPDATE uploads SET received = $3, changed_at = $4 \
     WHERE id = $1 AND received = $2 AND state = 'receiving'";
pub(crate) const NAME_UPLOAD: &str = "UPDATE uploads SET blob = $2, changed_at = $3 WHERE id = $1";
pub(crate) const COMPLETE_UPLOAD: &str = "UPDATE uploads SET state = 'received', changed_at = $2 \
     WHERE id = $1 AND state = 'receiving' AND received = length";
pub(crate) const SET_UPLOAD_OPTIONS: &str = "UPDATE uploads SET options = $2, revision = revision + 1, preview = NULL, \
     changed_at = $3 WHERE id = $1 AND state = 'received' RETURNING revision";
pub(crate) const SET_UPLOAD_PREVIEW: &str =
    "UPDATE uploads SET preview = $3, changed_at = $4 WHERE id = $1 AND revision = $2 AND state = 'received'";
pub(crate) const ACCEPT_UPLOAD: &str =
    "UPDATE uploads SET state = 'accepted', datasets = $2, changed_at = $3 WHERE id = $1 AND state = 'received'";
pub(crate) const DISCARD_UPLOAD: &str =
    "UPDATE uploads SET state = 'discarded', changed_at = $2 WHERE id = $1 AND state IN ('receiving', 'received')";
pub(crate) const EXPIRE_UPLOADS: &str = "UPDATE uploads SET state = 'expired', changed_at = $1 \
     WHERE state = 'receiving' AND expires_at < $1 RETURNING id";
/// Blobs that uploads name, for the doctor: what became a draft or data sets must still be there.
pub(crate) const UPLOAD_BLOBS: &str =
    "SELECT blob FROM uploads WHERE state IN ('received', 'accepted') AND blob IS NOT NULL ORDER BY seq";

pub(crate) const ADD_TERMS: &str = "INSERT INTO dataset_terms (dataset, licence, attribution, visibility, actor, at) \
     VALUES ($1, $2, $3, $4, $5, $6)";
pub(crate) const TERMS: &str = "SELECT licence, attribution, visibility, actor, at FROM dataset_terms \
     WHERE dataset = $1 ORDER BY seq DESC LIMIT 1";
pub(crate) const END_DATASET: &str = "UPDATE datasets SET state = $2 WHERE digest = $1 AND state <> $2";
pub(crate) const ADD_DATASET_EVENT: &str = "INSERT INTO dataset_events (dataset, action, successor, reason, actor, at) \
     VALUES ($1, $2, $3, $4, $5, $6)";
pub(crate) const DATASET_EVENTS: &str =
    "SELECT dataset, action, successor, reason, actor, at FROM dataset_events WHERE dataset = $1 ORDER BY seq";
pub(crate) const ASSESSMENTS_NAMING: &str =
    concat!("SELECT ", assessment_columns!(), " FROM assessments a WHERE a.manifest LIKE $1 ORDER BY a.seq");

macro_rules! delivery_columns {
    () => {
        "SELECT d.id, d.webhook, d.event, d.body, d.state, d.attempts, d.said, d.created_at FROM deliveries d "
    };
}

pub(crate) const ADD_WEBHOOK: &str = "INSERT INTO webhooks (id, address, secret, active, actor, created_at) \
     VALUES ($1, $2, $3, 1, $4, $5)";
pub(crate) const WEBHOOKS: &str = "SELECT id, address, secret, active, actor, created_at FROM webhooks ORDER BY seq";
pub(crate) const SILENCE_WEBHOOK: &str = "UPDATE webhooks SET active = 0 WHERE id = $1 AND active = 1";
pub(crate) const ADD_DELIVERY: &str = "INSERT INTO deliveries (id, webhook, event, body, state, attempts, due, said, \
     created_at) VALUES ($1, $2, $3, $4, 'waiting', 0, 0, '', $5) ON CONFLICT (id) DO NOTHING";
pub(crate) const DELIVERIES_DUE: &str = concat!(
    delivery_columns!(),
    "JOIN webhooks w ON w.id = d.webhook WHERE d.state = 'waiting' AND w.active = 1 AND d.due <= $1 \
     ORDER BY d.seq LIMIT $2"
);
pub(crate) const DELIVERIES: &str = concat!(delivery_columns!(), "WHERE d.webhook = $1 ORDER BY d.seq DESC LIMIT $2");
pub(crate) const NOTE_DELIVERY: &str = "UPDATE deliveries SET state = $2, due = $3, said = $4, \
     attempts = attempts + 1 WHERE id = $1 AND state = 'waiting'";

/// Every table with the column that orders it, so that rows come after those that they refer to. Answers to requests
/// that may be sent again are not among them: they are for a day.
pub(crate) const TABLES: [(&str, &str); 13] = [
    ("workspace", "id"),
    ("datasets", "seq"),
    ("dataset_terms", "seq"),
    ("dataset_events", "seq"),
    ("assessments", "seq"),
    ("publications", "seq"),
    ("audit", "seq"),
    ("users", "seq"),
    ("api_keys", "seq"),
    ("uploads", "seq"),
    ("jobs", "seq"),
    ("webhooks", "seq"),
    ("deliveries", "seq"),
];
