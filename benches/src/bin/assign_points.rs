//! Assigns points to zones: ZONES.gpkg POINTS.parquet OUT.csv.
//!
//! Writes `pid,id` of the points that lie in or on a zone, and prints the processor time of index and join as JSON.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
};

use anyhow::{Context, Result};
use belcheer_vector_ingest::{InProcess, ZoneJob, read_zones};
use belcheer_zonal::PointIndex;
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::RowAccessor,
    schema::types::Type,
};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [zones, points, out] = arguments.as_slice() else { anyhow::bail!("name zones, points and an output") };
    let zones = read_zones(&InProcess, &ZoneJob::new(zones, Some("id"), None))?.zones;
    let points = read_points(points)?;
    let before = processor_s()?;
    let index = PointIndex::new(zones.iter().map(|zone| &zone.geometry));
    let found = index.assign(&points);
    let join_cpu_s = processor_s()? - before;
    let mut out = BufWriter::new(File::create(out)?);
    writeln!(out, "pid,id")?;
    for (pid, zone) in found.iter().enumerate() {
        if let Some(zone) = zone.and_then(|zone| zones.get(zone as usize)) {
            writeln!(out, "{pid},{}", zone.id)?;
        }
    }
    out.flush()?;
    let mut told = std::io::stdout();
    writeln!(told, "{}", serde_json::json!({ "join_cpu_s": join_cpu_s }))?;
    Ok(())
}

/// The columns `x` and `y`; points are numbered as they come.
fn read_points(path: &str) -> Result<Vec<(f64, f64)>> {
    let reader = SerializedFileReader::new(File::open(path)?)?;
    let schema = reader.metadata().file_metadata().schema();
    let columns = schema.get_fields().iter().filter(|field| matches!(field.name(), "x" | "y")).cloned();
    let wanted = Type::group_type_builder("schema").with_fields(columns.collect()).build()?;
    let mut points = Vec::new();
    for row in reader.get_row_iter(Some(wanted))? {
        let row = row?;
        points.push((row.get_double(0)?, row.get_double(1)?));
    }
    Ok(points)
}

/// Processor time of all threads so far, seconds.
fn processor_s() -> Result<f64> {
    let mut nanoseconds = 0.0;
    for thread in fs::read_dir("/proc/self/task")? {
        let times = fs::read_to_string(thread?.path().join("schedstat"))?;
        nanoseconds += times.split(' ').next().context("no processor time")?.parse::<f64>()?;
    }
    Ok(nanoseconds / 1e9)
}
