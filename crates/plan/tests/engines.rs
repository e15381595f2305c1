//! Every engine gives what one block after the other gives, to the last bit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that finds something missing has failed"
)]

use std::path::Path;
use std::sync::Mutex;

use belcheer_assessment::blocks::{
    BlockContext, BlockEngine, BlockJob, Execution, Layer, Measure, Merged, Merger, PartialRow, SlopeJob, Zone,
    ZoneSet, blocks_of, compute_block, run_blocks,
};
use belcheer_assessment::storage::Place;
use belcheer_assessment::{AssessmentError, Silent, Watch};
use belcheer_domain::{Crs, Digest, PixelType, RasterMeta};
use belcheer_plan::Embedded;
use belcheer_raster_ingest::{BandToWrite, Samples, write_geotiff};
use geo_types::{MultiPolygon, polygon};

const YEARS: [i32; 4] = [2001, 2002, 2004, 2005];

fn grid() -> RasterMeta {
    RasterMeta {
        width: 700,
        height: 300,
        bands: 1,
        pixel_type: PixelType::I16,
        crs: Crs { epsg: Some(4326), wkt: "EPSG:4326".to_owned(), geographic: true },
        x_min: 95.0,
        y_max: 49.0,
        dx: 0.01,
        dy: 0.01,
        nodata: Some(-3000.0),
        has_mask: false,
        scale: Some(0.0001),
        offset: None,
        product: None,
        date: None,
    }
}

/// Raw value `1000 + 20 (year - 2001) + col % 7`; one cell in 50 is missing.
fn raster(folder: &Path, year: i32) -> Layer {
    let meta = grid();
    let value = |cell: usize| match (cell + year as usize) % 50 {
        0 => -3000,
        _ => (1000 + 20 * (year - 2001) + (cell % 700 % 7) as i32) as i16,
    };
    let values: Vec<i16> = (0..700 * 300).map(value).collect();
    let name = format!("y{year}.tif");
    write_geotiff(&folder.join(&name), &meta, &[BandToWrite { description: "ndvi", samples: Samples::I16(&values) }])
        .unwrap();
    Layer {
        edition: None,
        year,
        place: Place::in_folder(folder, &name),
        digest: Digest::of(&std::fs::read(folder.join(&name)).unwrap()),
        name,
        scale: 0.0001,
        offset: 0.0,
    }
}

fn zone(level: &str, id: &str, x: (f64, f64), y: (f64, f64)) -> Zone {
    let shape = polygon![(x: x.0, y: y.0), (x: x.1, y: y.0 + 0.111), (x: x.1, y: y.1), (x: x.0, y: y.1)];
    Zone { level: level.to_owned(), id: id.to_owned(), shape: MultiPolygon(vec![shape]) }
}

fn job(folder: &Path, slope: bool, resume: bool) -> BlockJob {
    let pieces = folder.join("pieces");
    std::fs::create_dir_all(&pieces).unwrap();
    let zones = ZoneSet(vec![
        zone("soum", "a", (95.123, 98.0), (46.2, 48.7)),
        zone("soum", "b", (98.0, 101.5), (46.2, 48.7)),
        zone("aimag", "ab", (95.123, 101.5), (46.2, 48.7)),
    ]);
    let address = format!("file://{}", pieces.display());
    let (place, digest) = futures::executor::block_on(zones.store(&address)).unwrap();
    BlockJob {
        program: BlockJob::program(),
        grid: grid(),
        layers: YEARS.map(|year| raster(folder, year)).to_vec(),
        mask: None,
        zones: place,
        zones_digest: digest,
        slope: slope.then_some(SlopeJob { years_min: 3 }),
        pieces: address,
        resume,
    }
}

fn run(engine: &dyn BlockEngine, job: &BlockJob) -> Result<Vec<Merged>, AssessmentError> {
    run_blocks(&Execution { engine, resume: job.resume, memory_mib: None }, job, &Silent)
}

/// One block after the other, without an engine.
fn one_by_one(job: &BlockJob) -> Vec<Merged> {
    let mut rows: Vec<PartialRow> = futures::executor::block_on(async {
        let context = BlockContext::open(job).await.unwrap();
        let mut rows = Vec::new();
        for block in blocks_of(&job.grid) {
            rows.extend(compute_block(&context, &block).await.unwrap());
        }
        rows
    });
    rows.sort_by_key(PartialRow::key);
    let mut merger = Merger::default();
    rows.into_iter().for_each(|row| merger.add(row).unwrap());
    merger.finish()
}

#[test]
fn engines_and_threads_change_no_bit() {
    let folder = tempfile::tempdir().unwrap();
    let job = job(folder.path(), true, false);
    assert_eq!(blocks_of(&job.grid).len(), 3 * 2);
    let one = one_by_one(&job);
    for threads in [1, 2, 5] {
        assert_eq!(run(&Embedded { threads }, &job).unwrap(), one, "{threads} threads");
    }
    let resumed = BlockJob { resume: true, ..job };
    assert_eq!(run(&Embedded { threads: 2 }, &resumed).unwrap(), one);

    // slopes are 20 raw units a year wherever there is one
    for part in one.iter().filter(|part| part.measure == Measure::Slope) {
        assert!((part.sums.sum_wx / part.sums.sum_w - 0.002).abs() < 1e-12, "{part:?}");
    }
    assert!(one.iter().any(|part| part.measure == Measure::Slope));
}

#[test]
fn parts_sum_to_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let merged = run(&Embedded { threads: 2 }, &job(folder.path(), false, false)).unwrap();
    let total = |zones: &[u32], of: fn(&Merged) -> f64| -> f64 {
        merged.iter().filter(|m| zones.contains(&m.zone) && m.year == 2004).map(of).sum()
    };
    // the soums differ from the aimag by a sliver, as their lower edges are not one line
    let (parts, whole) =
        (total(&[0, 1], |m| m.sums.sum_w + m.sums.missing_w), total(&[2], |m| m.sums.sum_w + m.sums.missing_w));
    assert!((parts / whole - 1.0).abs() < 0.05, "{parts} {whole}");
    let mean = total(&[2], |m| m.sums.sum_wx) / total(&[2], |m| m.sums.sum_w);
    assert!((mean - (1060.0 + 3.0) * 0.0001).abs() < 1e-5, "{mean}");
}

#[test]
fn a_raster_that_is_gone_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let job = job(folder.path(), false, true);
    std::fs::remove_file(folder.path().join("y2004.tif")).unwrap();
    let said = run(&Embedded { threads: 2 }, &job).unwrap_err().to_string();
    assert!(said.contains("y2004.tif") && said.contains("cannot be opened on"), "{said}");
}

#[test]
fn a_job_of_another_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let job = BlockJob { program: "belcheer 0.0.0".to_owned(), ..job(folder.path(), false, false) };
    let said = run(&Embedded { threads: 1 }, &job).unwrap_err().to_string();
    assert!(said.contains("belcheer 0.0.0") && said.contains("same version"), "{said}");
}

#[test]
fn zones_elsewhere_are_refused_and_progress_ends_at_the_last_block() {
    #[derive(Default)]
    struct Told(Mutex<Vec<(u64, u64)>>);
    impl Watch for Told {
        fn step(&self, _stage: &str, done: u64, total: u64) {
            self.0.lock().unwrap().push((done, total));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let job = job(folder.path(), false, false);
    let told = Told::default();
    let engine = Embedded { threads: 2 };
    run_blocks(&Execution { engine: &engine, resume: false, memory_mib: None }, &job, &told).unwrap();
    assert_eq!(told.0.lock().unwrap().last(), Some(&(6, 6)));

    let far = ZoneSet(vec![zone("soum", "far", (10.0, 11.0), (46.2, 48.7))]);
    let (zones, zones_digest) = futures::executor::block_on(far.store(&job.pieces)).unwrap();
    let said = run(&engine, &BlockJob { zones, zones_digest, ..job }).unwrap_err().to_string();
    assert!(said.contains("none of the 1 zones touches the grid"), "{said}");
}
