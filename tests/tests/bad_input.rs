//! Files that are wrong in every way: refused in a sentence or read with findings; never a crash, never a trace.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test expects")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use belcheer_tests::made::{Tiff, squares, with_codes, zip};
use belcheer_tests::{Ended, Workspace, shared};

/// No file may keep the program longer than this, seconds.
const SECONDS_MAX: u64 = 60;

/// What a refusal may tell the user to do.
const STEPS: [&str; 18] = [
    "add", "bring", "check", "copy", "cut", "export", "give", "ingest", "map", "name", "pack", "rename", "save",
    "state", "unpack", "warp", "write", "convert",
];

/// What a file is handed in as.
#[derive(Debug, Clone, Copy)]
enum As {
    Raster,
    Boundaries,
    Table,
}

impl As {
    fn arguments(self, path: &str) -> Vec<&str> {
        let (before, after): (&[&str], &[&str]) = match self {
            Self::Raster => (&["raster"], &["--product", "ndvi", "--date", "2014", "--scale", "1", "--offset", "0"]),
            Self::Boundaries => (&["boundaries"], &["--level", "soum"]),
            Self::Table => (&["table"], &["--kind", "biomass-plots"]),
        };
        [&["ingest"], before, &[path], after].concat()
    }
}

/// Runs a command that a file may make fail, but only in the one way that is agreed on.
fn ends_well(workspace: &Workspace, file: &str, arguments: &[&str]) -> Ended {
    let ended = workspace.run_within(SECONDS_MAX, arguments).with(&[0, 1, 3]);
    assert!(!ended.stderr.contains("panicked"), "{file}: {}", ended.stderr);
    let folder = workspace.path("");
    assert!(!ended.stderr.contains(folder.to_str().unwrap()), "{file}: a path is told: {}", ended.stderr);
    let sentences: Vec<&str> = ended.stderr.lines().filter_map(|line| line.strip_prefix("refused: ")).collect();
    if ended.code == Some(3) {
        let [sentence] = sentences[..] else { panic!("{file}: no single sentence: {}", ended.stderr) };
        let told = sentence.strip_prefix(file).unwrap_or_else(|| panic!("{file} is not named: {sentence}"));
        let mut words = told.split(|c: char| !c.is_alphabetic());
        assert!(words.any(|word| STEPS.contains(&word)), "no next step: {sentence}");
    } else {
        assert!(sentences.is_empty(), "{file}: refused, but not by its exit code: {}", ended.stderr);
    }
    ended
}

/// Ingests a file that must be refused and leave no trace; gives the sentence.
fn refused(workspace: &Workspace, path: &Path, handed: As) -> String {
    let before = workspace.digest();
    let name = path.file_name().unwrap().to_str().unwrap();
    let ended = ends_well(workspace, name, &handed.arguments(path.to_str().unwrap()));
    assert_eq!(ended.code, Some(3), "{name} was read: {}", ended.stderr);
    assert_eq!(workspace.digest(), before, "{name} left a trace");
    ended.stderr.lines().find_map(|line| line.strip_prefix("refused: ")).unwrap().to_owned()
}

/// Writes the files of the list and ingests each; each must be refused with its words.
fn all_refused(workspace: &Workspace, handed: As, files: &[(&str, Vec<u8>, &str)]) {
    for (name, bytes, words) in files {
        let path = workspace.path(name);
        fs::write(&path, bytes).unwrap();
        let sentence = refused(workspace, &path, handed);
        assert!(sentence.contains(words), "{words:?} is not in: {sentence}");
    }
}

/// Ingests a file that must be read; what is told of it.
fn accepted(workspace: &Workspace, name: &str, bytes: &[u8], handed: As) -> Ended {
    let path = workspace.path(name);
    fs::write(&path, bytes).unwrap();
    let ended = ends_well(workspace, name, &handed.arguments(path.to_str().unwrap()));
    assert_ne!(ended.code, Some(3), "{}", ended.stderr);
    ended
}

/// Ingests files on two threads, each in a workspace of its own: how many were refused, how many read.
fn ingest_all(files: &[PathBuf], handed: As) -> (usize, usize) {
    let half = files.len().div_ceil(2);
    let counts: Vec<(usize, usize)> = thread::scope(|scope| {
        let running: Vec<_> = files.chunks(half).map(|part| scope.spawn(move || ingest_part(part, handed))).collect();
        running.into_iter().map(|part| part.join().expect("all files end well")).collect()
    });
    counts.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
}

fn ingest_part(files: &[PathBuf], handed: As) -> (usize, usize) {
    let workspace = Workspace::init();
    let mut held = workspace.digest();
    let (mut refused, mut read) = (0, 0);
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let ended = ends_well(&workspace, name, &handed.arguments(path.to_str().unwrap()));
        let now = workspace.digest();
        if ended.code == Some(3) {
            assert_eq!(now, held, "{name} was refused and left a trace");
            refused += 1;
        } else {
            read += 1;
        }
        held = now;
    }
    (refused, read)
}

/// The files of a folder and the folders in it whose names fit, in order.
fn files_in(folder: &Path, fits: impl Fn(&str) -> bool + Copy) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path, fits));
        } else if fits(path.file_name().unwrap().to_str().unwrap()) {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn every_raster_of_the_collections_ends_well() {
    let Some(shared) = shared() else { return };
    let bad = shared.join("data/bad");
    let rasters: Vec<PathBuf> = ["image_tiff_fuzz", "pillow", "rasterio", "rio_cogeo", "stars"]
        .iter()
        .flat_map(|folder| files_in(&bad.join(folder), |_| true))
        .collect();
    assert!(rasters.len() >= 70, "only {} bad rasters", rasters.len());
    // files whose name promises nothing are given one that does, so that their content is looked at
    let folder = Workspace::folder();
    let named = |path: PathBuf| {
        if path.extension().is_some_and(|e| ["tif", "tiff", "nc"].contains(&e.to_str().unwrap())) {
            return path;
        }
        let copy = folder.path(&format!("{}.tif", path.file_name().unwrap().to_str().unwrap()));
        fs::copy(path, &copy).unwrap();
        copy
    };
    let rasters: Vec<PathBuf> = rasters.into_iter().map(named).collect();
    let (refused, read) = ingest_all(&rasters, As::Raster);
    assert_eq!(refused + read, rasters.len());
    assert!(refused > 9 * read, "{refused} refused, {read} read");
}

#[test]
fn every_geojson_of_the_collection_ends_well() {
    let Some(shared) = shared() else { return };
    let files = files_in(&shared.join("data/bad"), |name| name.ends_with(".geojson"));
    assert!(files.len() >= 40, "only {} bad files", files.len());
    assert_eq!(ingest_all(&files, As::Boundaries), (files.len(), 0), "none has codes");

    // with codes put in, the geometry is looked at too
    let folder = Workspace::folder();
    let coded: Vec<PathBuf> = files
        .iter()
        .filter_map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let coded = folder.path(path.file_name().unwrap().to_str().unwrap());
            fs::write(&coded, with_codes(serde_json::from_str(&text).ok()?).to_string()).unwrap();
            Some(coded)
        })
        .collect();
    let (refused, read) = ingest_all(&coded, As::Boundaries);
    assert!(refused >= 20 && read >= 5, "{refused} refused, {read} read");

    let workspace = Workspace::init();
    let bytes = fs::read(folder.path("real_invalid_polygons.geojson")).unwrap();
    let told = accepted(&workspace, "real_invalid_polygons.geojson", &bytes, As::Boundaries);
    assert_eq!(told.findings("ring_repaired").len(), 7, "{}", told.stderr);
    assert!(told.stderr.contains("7 units"), "{}", told.stderr);
}

#[test]
fn files_are_read_by_content_not_by_name() {
    let workspace = Workspace::init();
    let text = || b"hello, this is a text".to_vec();
    all_refused(
        &workspace,
        As::Raster,
        &[
            ("text.tif", text(), "it starts with \"hello,"),
            ("text.nc", text(), "it starts with \"hello,"),
            ("picture.tif", b"\x89PNG\r\n\x1a\n".to_vec(), "PNG"),
            ("zip.tif", zip(), "unpack it first"),
            ("map.tif", b"{\"type\": \"FeatureCollection\"}".to_vec(), "ingest it as a vector"),
            ("empty.tif", Vec::new(), "the file is empty"),
        ],
    );
    all_refused(
        &workspace,
        As::Boundaries,
        &[
            ("text.gpkg", text(), "save it as one of them"),
            ("text.geojson", text(), "save it as one of them"),
            ("text.zip", text(), "save it as one of them"),
            ("text.shp", text(), ".shx, .dbf, .prj"),
            ("sound.gpkg", squares(&[("6404", 100.0)]), "rename the file to .geojson"),
            ("database.gpkg", b"SQLite format 3\0 and nothing else".to_vec(), "write it anew"),
            ("notes.zip", zip(), "holds no shapefile"),
            ("empty.gpkg", Vec::new(), "the file is empty"),
        ],
    );
    all_refused(
        &workspace,
        As::Table,
        &[
            ("text.xlsx", text(), "neither CSV nor XLSX"),
            ("notes.xlsx", zip(), "cannot be read"),
            ("notes.csv", zip(), "rename the file to .xlsx"),
            ("bytes.csv", (0..=255).collect(), "neither CSV nor XLSX"),
            ("empty.xlsx", Vec::new(), "the file is empty"),
        ],
    );
}

#[test]
fn rasters_that_lie_about_themselves_are_refused() {
    let workspace = Workspace::init();
    let told = accepted(&workspace, "sound.tif", &Tiff::sound().bytes(), As::Raster);
    assert_eq!(told.findings("no_nodata_declared").len(), 1, "{}", told.stderr);
    let sized = |width, height| Tiff { width, height, ..Tiff::sound() }.bytes();
    let laid = |cell, corner| Tiff { cell, corner, ..Tiff::sound() }.bytes();
    let packed = |compression| Tiff { compression, cells: vec![0xFF; 20], ..Tiff::sound() }.bytes();
    all_refused(
        &workspace,
        As::Raster,
        &[
            ("wide.tif", sized(1 << 31, 1), "too large"),
            (
                "two_to_the_31.tif",
                Tiff { cell: 5e-4, width: 46_341, height: 46_341, ..Tiff::sound() }.bytes(),
                "damaged",
            ),
            ("huge.tif", sized(u32::MAX, u32::MAX), "too large"),
            ("no_cells.tif", sized(0, 0), "damaged"),
            ("short.tif", Tiff { cells: vec![1; 5], ..Tiff::sound() }.bytes(), "damaged"),
            ("nan_cell.tif", laid(f64::NAN, [100.0, 48.0]), "not a number"),
            ("endless_cell.tif", laid(f64::INFINITY, [100.0, 48.0]), "not a number"),
            ("no_cell.tif", laid(1e-300, [100.0, 48.0]), "cell size"),
            ("nan_corner.tif", laid(0.5, [f64::NAN, 48.0]), "not a number"),
            ("off_globe.tif", laid(0.5, [100.0, 4_800.0]), "--crs"),
            ("no_system.tif", Tiff { epsg: 9_999, ..Tiff::sound() }.bytes(), "--crs"),
            ("deflate.tif", packed(8), "cannot be decoded"),
            ("zstd.tif", packed(50_000), "cannot be decoded"),
        ],
    );
}

/// A workspace with the files of a small made-up country in `s/source`, not ingested.
fn sample_files() -> Workspace {
    let workspace = Workspace::init();
    let made = workspace.path("s");
    let arguments = ["--quiet", "sample", made.to_str().unwrap(), "--files-only", "--resolution", "0.1"];
    let _ = workspace.expect(&[0], &[&arguments[..], &["--soums", "4", "--years", "2009..2010"]].concat());
    workspace
}

#[test]
fn a_raster_cut_anywhere_is_refused() {
    let workspace = sample_files();
    let whole = fs::read(workspace.path("s/source/ndvi_16day_2010.tif")).unwrap();
    let path = workspace.path("cut.tif");
    for parts in 0..16 {
        fs::write(&path, &whole[..whole.len() * parts / 16]).unwrap();
        let sentence = refused(&workspace, &path, As::Raster);
        assert!(sentence.contains("copy or download it again"), "{sentence}");
    }
}

#[test]
fn a_refused_raster_does_not_keep_the_others_out() {
    let workspace = Workspace::init();
    let before = workspace.digest();
    for (name, bytes) in [("a.tif", Tiff::sound().bytes()), ("b.tif", b"text".to_vec())] {
        fs::write(workspace.path(name), bytes).unwrap();
    }
    let told = workspace.run_within(SECONDS_MAX, &["ingest", "raster", "missing.tif", "b.tif", "a.tif"]).with(&[3]);
    let refused: Vec<&str> = told.stderr.lines().filter(|l| l.starts_with("refused: ")).collect();
    assert!(refused.len() == 2 && refused[0].contains("missing.tif") && refused[1].contains("b.tif"), "{refused:?}");
    assert_ne!(workspace.digest(), before, "a.tif is held");
}

#[test]
fn tables_that_do_not_fit_their_headings_are_refused() {
    let workspace = sample_files();
    let sound = fs::read_to_string(workspace.path("s/source/biomass_plots.csv")).unwrap();
    let (headings, rows) = sound.split_once('\n').unwrap();
    let mended = |mend: &dyn Fn(&str) -> String| {
        let rows: Vec<String> = rows.lines().map(mend).collect();
        format!("{headings}\n{}\n", rows.join("\n")).into_bytes()
    };
    let turned = |row: &str| {
        let (rest, last) = row.rsplit_once(',').unwrap();
        format!("{last},{rest}")
    };
    all_refused(
        &workspace,
        As::Table,
        &[
            ("empty.csv", Vec::new(), "the file is empty"),
            ("blank.csv", b"\n\n\n".to_vec(), "no rows"),
            ("headings.csv", format!("{headings}\n").into_bytes(), "no rows"),
            ("no_headings.csv", rows.as_bytes().to_vec(), "--map"),
            ("shifted.csv", mended(&|row| format!(",{row}")), "shifted columns"),
            ("turned.csv", mended(&turned), "shifted columns"),
            ("nan.csv", mended(&|row| with_nan(row)), "bad_coordinates"),
            ("quote.csv", format!("{headings}\n\"{rows}").into_bytes(), "check"),
            ("cell.csv", format!("{headings}\n{}{rows}", "x".repeat(5 << 20)).into_bytes(), "row 2"),
            ("line.csv", format!("{headings}\n{}\n", ",".repeat(5 << 20)).into_bytes(), "cut it into parts"),
        ],
    );
    for kind in ["livestock", "photo-points", "weather"] {
        let arguments = ["ingest", "table", "s/source/biomass_plots.csv", "--kind", kind];
        let told = ends_well(&workspace, "biomass_plots.csv", &arguments).with(&[3]);
        assert!(
            told.stderr.contains("columns are missing") && told.stderr.contains("biomass_kg_ha"),
            "{}",
            told.stderr
        );
    }
}

/// A row of plots with its coordinates lost.
fn with_nan(row: &str) -> String {
    let mut cells: Vec<&str> = row.split(',').collect();
    (cells[2], cells[3]) = ("NaN", "NaN");
    cells.join(",")
}

#[test]
fn rows_without_coordinates_are_left_out_and_told() {
    let workspace = sample_files();
    let sound = fs::read_to_string(workspace.path("s/source/biomass_plots.csv")).unwrap();
    let rows: Vec<String> = sound
        .lines()
        .enumerate()
        .map(|(line, row)| if matches!(line, 3 | 5) { with_nan(row) } else { row.to_owned() })
        .collect();
    let told = accepted(&workspace, "some_nan.csv", rows.join("\n").as_bytes(), As::Table);
    let [finding] = told.findings("bad_coordinates")[..] else { panic!("{}", told.stderr) };
    assert!(finding.contains("row 4, row 6") && finding.contains("2 records"), "{finding}");
    assert!(told.stderr.contains(&format!("{} records", rows.len() - 1 - 2)), "{}", told.stderr);
}

#[test]
fn boundaries_without_use_are_refused() {
    let workspace = Workspace::init();
    let changed = |from: &str, to: &str| {
        let text = String::from_utf8(squares(&[("6404", 100.0)])).unwrap();
        assert!(text.contains(from), "{text}");
        text.replace(from, to).into_bytes()
    };
    all_refused(
        &workspace,
        As::Boundaries,
        &[
            ("no_codes.geojson", changed("soum_code", "colour"), "--code-field"),
            ("no_fields.geojson", changed("\"soum_code\":\"6404\"", ""), "no fields"),
            ("no_code_in_it.geojson", changed("6404", "apple"), "--code-field"),
            ("nan.geojson", changed("101.0", "NaN"), "no sound JSON"),
            ("endless.geojson", changed("101.0", "1e999"), "no sound JSON"),
            ("off_globe.geojson", changed("101.0", "1e9"), "--crs"),
            ("metres.geojson", changed("101.0", "550000.0"), "--crs"),
            ("no_features.geojson", squares(&[]), "no_features.geojson"),
            ("deep.geojson", vec![b'['; 1 << 20], "nested too deeply"),
            ("list.geojson", b"[1, 2, 3]".to_vec(), "no GeoJSON with polygons"),
            ("half.geojson", squares(&[("6404", 100.0)])[..80].to_vec(), "no sound JSON"),
        ],
    );
}

#[test]
fn units_that_overlap_are_told_by_name() {
    let workspace = Workspace::init();
    let apart = accepted(&workspace, "apart.geojson", &squares(&[("6404", 100.0), ("6407", 101.0)]), As::Boundaries);
    assert!(apart.findings("units_overlap").is_empty(), "{}", apart.stderr);
    let before = workspace.digest();
    for (name, second, share) in [("half.geojson", 100.5, "50.00 %"), ("whole.geojson", 100.0, "100.00 %")] {
        let told = accepted(&workspace, name, &squares(&[("6404", 100.0), ("6407", second)]), As::Boundaries);
        let [finding] = told.findings("units_overlap")[..] else { panic!("{}", told.stderr) };
        assert!(finding.contains("06404 and 06407") && finding.contains(share), "{finding}");
    }
    assert_ne!(workspace.digest(), before);
    let twice = accepted(&workspace, "twice.geojson", &squares(&[("6404", 100.0), ("6404", 100.5)]), As::Boundaries);
    assert_eq!(twice.findings("duplicate_code").len(), 1, "{}", twice.stderr);
}

#[test]
fn an_incomplete_shapefile_is_refused_however_it_is_named() {
    let workspace = Workspace::init();
    let folder = workspace.path("upload");
    fs::create_dir(&folder).unwrap();
    for ending in ["dbf", "shx", "prj", "cpg"] {
        fs::write(folder.join(format!("soum_aimag.{ending}")), b"anything").unwrap();
    }
    let real = shared().map(|s| s.join("data/ndvi_series/incomplete_shapefile"));
    for folder in [Some(folder), real].into_iter().flatten() {
        let members = ["shp", "dbf", "shx", "prj", "cpg"].map(|ending| folder.join(format!("soum_aimag.{ending}")));
        for path in members.iter().chain([&folder]) {
            let sentence = refused(&workspace, path, As::Boundaries);
            assert!(sentence.contains("missing soum_aimag: .shp;"), "{sentence}");
        }
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let workspace = Workspace::init();
    fs::write(workspace.path("zones.geojson"), squares(&[("6404", 100.0)])).unwrap();
    fs::write(workspace.path("sound.tif"), Tiff::sound().bytes()).unwrap();
    fs::create_dir(workspace.path("folder")).unwrap();
    for pipe in ["pipe.tif", "pipe.gpkg", "pipe.csv"] {
        assert!(Command::new("mkfifo").arg(workspace.path(pipe)).status().unwrap().success());
    }
    for (handed, names) in [
        (As::Raster, ["missing.tif", "nowhere/missing.tif", "folder", "pipe.tif"]),
        (As::Boundaries, ["missing.gpkg", "nowhere/missing.shp", "folder", "pipe.gpkg"]),
        (As::Table, ["missing.csv", "nowhere/missing.xlsx", "folder", "pipe.csv"]),
    ] {
        for name in names {
            let sentence = refused(&workspace, &workspace.path(name), handed);
            let words = if name.contains("missing") { "check its name and folder" } else { "itself" };
            assert!(sentence.contains(words), "{sentence}");
        }
    }
    let statistics = |raster: &str, zones: &str, more: &[&str]| {
        let arguments = ["zonal-stats", raster, "--zones", zones, "--id", "soum_code", "--stats", "mean"];
        workspace.run_within(SECONDS_MAX, &[&arguments[..], more].concat())
    };
    for (raster, zones, name) in [
        ("missing.tif", "zones.geojson", "missing.tif"),
        ("folder", "zones.geojson", "folder"),
        ("zones.geojson", "zones.geojson", "zones.geojson"),
        ("sound.tif", "missing.gpkg", "missing.gpkg"),
        ("sound.tif", "folder", "folder"),
        ("sound.tif", "sound.tif", "sound.tif"),
    ] {
        let ended = statistics(raster, zones, &[]).with(&[3]);
        assert!(ended.stderr.contains(&format!("refused: {name}: ")), "{}", ended.stderr);
    }
    let _ = statistics("sound.tif", "zones.geojson", &["--weights", "missing.tif"]).with(&[3]);
    let _ = statistics("sound.tif", "zones.geojson", &["-o", "nowhere/out.csv"]).with(&[2]);
    let sound = statistics("sound.tif", "zones.geojson", &[]).with(&[0]);
    // the zone covers the four cells of rows 3 and 4, columns 1 and 2
    assert_eq!(sound.stdout.lines().nth(1), Some("6404,11.5"), "{}", sound.stdout);
}
