//! `sample`: a made-up country with known truth, as files and as a ready workspace.

use std::path::{Path, PathBuf};

use belcheer_assessment::Watch;
use belcheer_assessment::sample::{Country, SampleOptions, write_rasters, write_tables, write_truth, write_vectors};
use belcheer_domain::records::Level;

use super::{Context, ingest};
use crate::args::{Compression, IngestCommand, LandArgs, SampleArgs, TableKind};
use crate::failure::{Failure, Outcome};

/// Runs the command.
pub async fn run(args: &SampleArgs, context: &Context) -> Result<Outcome, Failure> {
    if !(args.resolution > 0.0001 && args.resolution <= 0.2) {
        return Err(Failure::Usage("--resolution must lie between 0.0001 and 0.2 degrees".to_owned()));
    }
    if !(1..=360).contains(&args.soums) {
        return Err(Failure::Usage("--soums must lie between 1 and 360".to_owned()));
    }
    let options =
        SampleOptions { resolution_deg: args.resolution, years: args.years, seed: args.seed, soums: args.soums };
    let source = args.dir.join("source");
    std::fs::create_dir_all(&source)?;
    let country = Country::new(options);
    write_truth(&country, &args.dir.join("truth.csv"))?;
    write_vectors(&country, &source)?;
    write_tables(&country, &source)?;
    write_rasters(&country, &source, &context.progress)?;
    context.say(&format!(
        "{} soums written to {}; what is true is in truth.csv",
        country.soums.len(),
        source.display()
    ));
    if args.files_only {
        return Ok(Outcome::Done);
    }
    take_in(&args.dir, &source, context).await?;
    context.say(&format!(
        "next: belcheer --workspace {} assess --baseline 2009..2018 --reporting 2019..2024",
        args.dir.display()
    ));
    Ok(Outcome::Done)
}

/// Ingests the files as a user would.
async fn take_in(dir: &Path, source: &Path, context: &Context) -> Result<(), Failure> {
    belcheer_catalog::Catalog::init_in(dir, &belcheer_catalog::Storage::from_env()).await?.close().await;
    let inner = Context {
        workspace: dir.to_path_buf(),
        quiet: true,
        threads: context.threads,
        progress: crate::progress::Progress::Quiet,
    };
    let layers = [
        ("soums.gpkg", Level::Soum),
        ("aimags.gpkg", Level::Aimag),
        ("bags.gpkg", Level::Bag),
        ("pugs.gpkg", Level::Pug),
        ("zones.gpkg", Level::Zone),
    ];
    for (name, level) in layers {
        let command = IngestCommand::Boundaries {
            file: source.join(name),
            level,
            code_field: None,
            name_field: None,
            layer: None,
            crs: None,
        };
        ingest::run(command, &inner).await?;
    }
    let land = |name: &str, code_field: Option<&str>| LandArgs {
        file: source.join(name),
        code_field: code_field.map(str::to_owned),
        layer: None,
        crs: None,
        limited_use: false,
    };
    ingest::run(IngestCommand::LandUse(land("land_use.gpkg", Some("land_use_code"))), &inner).await?;
    ingest::run(IngestCommand::Water(land("water.gpkg", None)), &inner).await?;
    let tables = [
        ("biomass_plots.csv", TableKind::BiomassPlots),
        ("photo_points.csv", TableKind::PhotoPoints),
        ("livestock.csv", TableKind::Livestock),
        ("losses.csv", TableKind::Losses),
        ("weather.csv", TableKind::Weather),
    ];
    for (name, kind) in tables {
        ingest::run(IngestCommand::Table { file: source.join(name), kind, sheet: None, map: Vec::new() }, &inner)
            .await?;
    }
    take_in_rasters(source, &inner, context).await
}

/// Ingests the rasters, by name.
async fn take_in_rasters(source: &Path, inner: &Context, context: &Context) -> Result<(), Failure> {
    let rasters = rasters_in(source)?;
    let total = rasters.len() as u64;
    for (done, file) in rasters.into_iter().enumerate() {
        context.progress.step("ingesting rasters", done as u64, total);
        let command = IngestCommand::Raster {
            files: vec![file],
            product: None,
            date: None,
            scale: None,
            offset: None,
            nodata: None,
            crs: None,
            to_crs: None,
            compression: Compression::Deflate,
            band: None,
            layer: None,
        };
        ingest::run(command, inner).await?;
    }
    context.progress.step("ingesting rasters", total, total);
    Ok(())
}

/// The GeoTIFFs of a folder by name.
fn rasters_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path());
    let mut rasters: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "tif")).collect();
    rasters.sort();
    Ok(rasters)
}
