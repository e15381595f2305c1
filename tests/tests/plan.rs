//! Assessments block by block: killed, resumed, extended by a year, damaged.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that finds something missing has failed"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;

use belcheer_tests::Workspace;

fn sample(resolution: &str) -> Workspace {
    let workspace = Workspace::folder();
    let ws = workspace.path("ws");
    let arguments = ["sample", ws.to_str().unwrap(), "--resolution", resolution, "--soums", "12", "--quiet"];
    let made = workspace.run(&arguments);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    workspace
}

fn arguments<'a>(reporting: &'a str, out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["--quiet", "assess", "--baseline", "2009..2018", "--reporting", reporting, "-o", out];
    arguments.extend(more);
    arguments
}

fn indicators(workspace: &Workspace, out: &str) -> Vec<u8> {
    std::fs::read(workspace.path(out).join("indicators.csv")).unwrap()
}

/// Files of partial sums and when each was written.
fn pieces(workspace: &Workspace) -> BTreeMap<PathBuf, SystemTime> {
    let mut found = BTreeMap::new();
    for folder in std::fs::read_dir(workspace.path("ws/partials")).into_iter().flatten() {
        let folder = folder.unwrap().path();
        if folder.ends_with("zones") {
            continue;
        }
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            // what is being written has a # in its name and another when it is whole
            let whole = path.extension().is_none() && !path.to_string_lossy().contains('#');
            if let (true, Ok(meta)) = (whole, path.metadata()) {
                found.insert(path, meta.modified().unwrap());
            }
        }
    }
    found
}

#[test]
fn a_killed_run_resumes_without_computing_again() {
    let workspace = sample("0.004");
    let _table = workspace.expect(&[0, 1], &arguments("2019..2024", "whole", &[]));
    let all = pieces(&workspace).len();
    std::fs::remove_dir_all(workspace.path("ws/partials")).unwrap();

    for kept_at_least in [3, all / 2, all - 3] {
        let mut child = workspace
            .command(&arguments("2019..2024", "killed", &["--resume"]))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while pieces(&workspace).len() < kept_at_least && child.try_wait().unwrap().is_none() {
            std::thread::park_timeout(std::time::Duration::from_millis(5));
        }
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "it ended before it was killed");
    }
    let kept = pieces(&workspace);
    assert!(kept.len() >= all - 3 && !workspace.path("killed/indicators.csv").exists());
    let _table = workspace.expect(&[0, 1], &arguments("2019..2024", "resumed", &["--resume"]));
    let after = pieces(&workspace);
    assert_eq!(after.len(), all);
    assert!(kept.iter().all(|(piece, written)| after[piece] == *written), "a kept piece was computed again");
    assert_eq!(indicators(&workspace, "whole"), indicators(&workspace, "resumed"));
}

#[test]
fn a_new_year_reads_that_year_only() {
    let workspace = sample("0.006");
    let _table = workspace.expect(&[0, 1], &arguments("2019..2023", "before", &[]));
    let before = pieces(&workspace);
    let dry = workspace.expect(&[0], &arguments("2019..2024", "none", &["--resume", "--dry-run"]));
    let plan: serde_json::Value = serde_json::from_str(&dry).unwrap();
    assert_eq!(plan["blocks"]["kept"].as_u64().unwrap() as usize, before.len());
    assert!(plan["blocks"]["bytes"].as_u64().unwrap() < plan["bytes"].as_u64().unwrap() / 10, "{plan}");

    let _table = workspace.expect(&[0, 1], &arguments("2019..2024", "resumed", &["--resume"]));
    let after = pieces(&workspace);
    let blocks = plan["blocks"]["blocks_to_compute"].as_u64().unwrap() as usize;
    assert!(blocks > 1 && after.len() == before.len() + blocks, "{} and {blocks} give {}", before.len(), after.len());
    assert!(before.iter().all(|(piece, written)| after[piece] == *written));
    let _table = workspace.expect(&[0, 1], &arguments("2019..2024", "anew", &[]));
    assert_eq!(indicators(&workspace, "anew"), indicators(&workspace, "resumed"));
}

#[test]
fn a_damaged_piece_is_computed_again() {
    let workspace = sample("0.05");
    let _table = workspace.expect(&[0, 1], &arguments("2019..2024", "whole", &[]));
    let kept = pieces(&workspace);
    let (cut, altered) = (kept.keys().next().unwrap(), kept.keys().next_back().unwrap());
    let bytes = std::fs::read(cut).unwrap();
    std::fs::write(cut, &bytes[..bytes.len() / 2]).unwrap();
    let mut other = std::fs::read(altered).unwrap();
    *other.last_mut().unwrap() ^= 0x40;
    std::fs::write(altered, other).unwrap();
    let _table = workspace.expect(&[0, 1], &arguments("2019..2024", "again", &["--resume"]));
    assert_eq!(indicators(&workspace, "whole"), indicators(&workspace, "again"));
    assert_eq!(std::fs::read(cut).unwrap(), bytes);
}

#[test]
fn a_corrupt_tile_is_told_by_block_and_file_and_what_was_computed_is_kept() {
    let workspace = sample("0.01");
    damage(&largest_raster(&workspace));
    let ended = workspace.run(&arguments("2019..2024", "corrupt", &[]));
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(4), "{said}");
    assert!(said.contains("block r") && said.contains("ndvi_peak_") && said.contains("--resume"), "{said}");
    assert!(!pieces(&workspace).is_empty());
    assert!(!workspace.path("corrupt").exists());
}

/// The largest stored raster, which is one of vegetation.
fn largest_raster(workspace: &Workspace) -> PathBuf {
    let folders = std::fs::read_dir(workspace.path("ws/blobs")).unwrap();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
    let rasters = files.map(|file| file.unwrap().path()).filter(|file| std::fs::read(file).unwrap().starts_with(b"II"));
    rasters.max_by_key(|file| file.metadata().unwrap().len()).unwrap()
}

/// Overwrites the cells of a raster, behind its header.
fn damage(blob: &Path) {
    let mut bytes = std::fs::read(blob).unwrap();
    let from = bytes.len() / 3;
    bytes[from..].iter_mut().for_each(|byte| *byte = !*byte);
    let mut permissions = blob.metadata().unwrap().permissions();
    #[expect(clippy::permissions_set_readonly_false, reason = "a file of this test")]
    permissions.set_readonly(false);
    std::fs::set_permissions(blob, permissions).unwrap();
    std::fs::write(blob, bytes).unwrap();
}
