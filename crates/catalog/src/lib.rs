//! The catalog: what is held and what was computed.
//!
//! A workspace is one directory: rows in SQLite (`catalog.db`), and blobs, files named by the SHA-256 of their
//! bytes (`blobs/<2 hex>/<64 hex>`). An agency that has them may keep the rows in PostgreSQL and the blobs in
//! S3-compatible storage ([`Storage`]); statements and tables are the same. This crate is the only one that speaks SQL
//! and calls fsync. It knows data sets, assessments, publications, uploads, jobs and the audit trail as records. It never opens a raster, never computes a statistic,
//! never reads the clock, and never deletes a blob or a row.
//! bytes (`blobs/<2 hex>/<64 hex>`). This crate is the only one that speaks SQL and calls fsync. It knows data sets,
//! assessments, publications and the audit trail as records. It never opens a raster, never computes a statistic,
//! never reads the clock, and never deletes a blob or a row but
//! kept answers that are a day old.
//!
//! Written in this order, and only then acknowledged: temporary file in `tmp`, fsync, rename into `blobs`, fsync of the
//! directory, row. So a row never names a blob that is not there; a crash leaves at most a file without a row.
//!
//! - [`Catalog`]: an open workspace; cheap to clone, safe to share, safe to open twice
//! - [`Storage`]: where rows and blobs are kept; [`network`]: stores on other machines
//! - [`NewDataset`], [`DatasetRecord`], [`Filter`]: harmonised data that is held
//! - [`AssessmentRecord`]: what was computed; [`Cycle`], [`PublicationEvent`]: what of it is public;
//!   [`PublicationState`]: whether that changed
//! - [`Terms`], [`DatasetEvent`]: what is said of data sets later
//! - [`Upload`]: files that arrive in pieces, and the drafts that they become
//! - [`Job`]: work that outlives the request that asked for it
//! - [`Webhook`], [`Delivery`]: who is told of changes
//! - [`UserRecord`], [`KeyRecord`]: who may do what, by [`Role`], [`Actions`] and [`SoumScope`]; [`AuditEntry`]: who did what
//! - [`Claim`], [`KeptAnswer`]: answers to requests that may be sent again
//! - [`BackupReport`]: everything as a folder, and back
//! - [`DoctorReport`]: whether all of it is whole, and one digest over it
//! - [`CatalogError`]

mod api_key;
mod assessment;
mod audit;
mod backup;
mod blob_api;
mod blobs;
mod canonical;
mod change;
mod database;
mod dataset;
mod dataset_rows;
mod dialect;
mod doctor;
mod durable;
mod error;
mod failpoint;
mod idempotency;
mod identity;
mod jobs;
mod layout;
mod migrations;
pub mod network;
mod presence;
mod publication;
mod remote;
mod statements;
mod storage;
mod temp;
mod terms;
mod uploads;
mod user;
mod webhooks;
mod words;
mod workspace;

pub use api_key::{KEY_DAYS_MAX, KeyRecord, NewKey};
pub use assessment::AssessmentRecord;
pub use audit::{AuditEntry, AuditFilter};
pub use backup::BackupReport;
pub use blob_api::BlobFile;
pub use canonical::canonical_json;
pub use change::PublicationState;
pub use dataset::{DatasetKind, DatasetRecord, DatasetState, Filter, NewDataset};
pub use doctor::DoctorReport;
pub use error::CatalogError;
pub use failpoint::failpoint;
pub use idempotency::{Claim, KeptAnswer};
pub use identity::{Action, Actions, Role, SoumScope};
pub use jobs::{Job, JobFilter, JobState, Lane, Lease, NewJob};
pub use publication::{Cycle, PublicationAction, PublicationEvent};
pub use storage::Storage;
pub use temp::TempFile;
pub use terms::{DatasetAction, DatasetEvent, Terms, Visibility};
pub use uploads::{NewUpload, Upload, UploadPiece, UploadState, UploadUsage};
pub use user::{NewUser, UserRecord};
pub use webhooks::{Delivery, DeliveryState, Webhook};
pub use workspace::Catalog;
