//! Boundaries and tables become checked values.
//!
//! This crate knows the vector and table formats of the agencies, their names for columns, their encodings and
//! their known traps. Bytes from outside are parsed by [`handle`], which runs in the child process behind the
//! door; the functions that take a [`Gate`] ask the child and hand back harmonised records with findings.
//! It never writes the catalog, never joins by a name alone, and never trusts a supplied area.
//!
//! - [`read_boundaries`]: GeoPackage, GeoJSON or shapefile to [`Jurisdiction`](belcheer_domain::records::Jurisdiction)s
//! - [`read_zones`]: any polygon file to zones in a wanted coordinate system
//! - [`read_table`]: CSV or XLSX to plots, photo points, livestock and weather
//! - [`look_at_table`]: headings and fields of a table before it is read
//! - [`describe`]: layers, columns and coordinate system of a file
//! - [`SoumIndex`]: joins by code, by aimag and name, by place
//! - [`crosswalk`]: two versions of boundaries, and what part of each unit went where
//! - [`rake`]: soum totals and aimag species shares to soum species counts
//! - [`Reprojector`]: polygons between stored coordinate systems, edges densified
//! - [`write_geopackage`], [`write_geojson`]: our own polygons for others

mod boundaries;
mod crs;
mod describe;
mod error;
mod geometry;
mod join;
mod limits;
mod messages;
mod raking;
mod reproject;
mod service;
mod soum_index;
mod source;
mod table;
mod text;
mod write;
mod zones;

pub use boundaries::{Boundaries, BoundaryJob};
pub use describe::{Description, FieldSample};
pub use error::IngestError;
pub use geometry::crosswalk::{Crosswalk, Share, crosswalk};
pub use limits::Limits;
pub use raking::rake;
pub use reproject::{ReprojectError, Reprojector, reproject};
pub use service::{Gate, InProcess, describe, handle, look_at_table, read_boundaries, read_table, read_zones};
pub use soum_index::{Place, SoumIndex};
pub use source::digest::source_digest;
pub use table::{SeasonOfUse, TableJob, TableKind, TableLook, TableRecords, seasons_of};
pub use write::{
    WriteError,
    geojson::write_geojson,
    geopackage::{Layer, write_geopackage, write_geopackage_layers},
    rows::{Column, ColumnType, Row, Value},
};
pub use zones::{Zone, ZoneJob, Zones};
