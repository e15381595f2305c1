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
      FROM datasets WHERE state <> 'ready') AS not_ready";

pub(crate) const ADD_AUDIT: &str = "INSERT INTO audit (action, subject, detail, at) VALUES ($1, $2, $3, $4)";
pub(crate) const AUDIT: &str =
    "SELECT action, subject, detail, at FROM audit WHERE ($1 = '' OR subject = $1) ORDER BY seq DESC LIMIT $2";

/// The rows that the doctor digests, each as text columns in order of arrival; the audit trail is left out.
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
