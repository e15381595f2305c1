//! Landlock: files that the job does not need cannot be opened.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreated,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};

use super::Hold;
use crate::Reach;

/// The newest rules that are asked for; an older kernel gives what it has.
const RULES: ABI = ABI::V6;

/// Libraries, format tables, time zones and the devices that hold nothing; read by GDAL, PROJ and the C library.
const SYSTEM: [&str; 15] = [
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/proj",
    "/usr/share/gdal",
    "/usr/local/share/proj",
    "/usr/local/share/gdal",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/zero",
    "/dev/urandom",
    "/sys/devices/system/cpu",
];

/// Variables that name further such folders, kept in the child's environment.
const SYSTEM_VARIABLES: [&str; 4] = ["LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA"];

/// Closes all files but those in reach, TCP, and signals to others.
pub(super) fn close(reach: &Reach) -> Hold {
    match rules(reach).and_then(RulesetCreated::restrict_self) {
        Ok(status) => match status.ruleset {
            RulesetStatus::FullyEnforced => Hold::Full,
            RulesetStatus::PartiallyEnforced => Hold::Partly,
            RulesetStatus::NotEnforced => Hold::Absent,
        },
        Err(error) => {
            tracing::warn!(%error, "files cannot be closed");
            Hold::Absent
        }
    }
}

fn rules(reach: &Reach) -> Result<RulesetCreated, RulesetError> {
    let closed = Ruleset::default()
        .handle_access(AccessFs::from_all(RULES))?
        .handle_access(AccessNet::from_all(RULES))?
        .scope(Scope::from_all(RULES))?
        .create()?;
    let named = SYSTEM_VARIABLES.iter().filter_map(env::var_os);
    let named: Vec<PathBuf> = named.flat_map(|value| env::split_paths(&value).collect::<Vec<_>>()).collect();
    let system =
        SYSTEM.iter().map(PathBuf::from).chain(named).chain(beside_libraries()).filter(|path| path.is_absolute());
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let changed = AccessFs::WriteFile | AccessFs::Truncate | AccessFs::MakeReg | AccessFs::MakeDir;
    let write = read | changed | AccessFs::RemoveFile | AccessFs::RemoveDir;
    let closed = open(closed, system, read)?;
    let closed = open(closed, reach.files.iter(), read)?;
    let closed = open(closed, reach.listed.iter(), AccessFs::ReadDir.into())?;
    // what is written there goes nowhere
    let closed = open(closed, ["/dev/null"].iter(), read | AccessFs::WriteFile)?;
    open(closed, reach.outputs.iter(), write)
}

/// Where libraries that are installed elsewhere lie, and the tables that they look for beside themselves.
fn beside_libraries() -> Vec<PathBuf> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let mapped = maps.lines().filter_map(|line| line.find('/').map(|at| Path::new(&line[at..])));
    let is_one = |path: &&Path| {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        name.starts_with("libproj.") || name.starts_with("libgdal.")
    };
    let folders: BTreeSet<&Path> = mapped.filter(is_one).filter_map(Path::parent).collect();
    let with_tables = |folder: &Path| {
        let tables = folder.parent().map(|above| ["share/proj", "share/gdal"].map(|tables| above.join(tables)));
        tables.into_iter().flatten().chain([folder.to_path_buf()]).collect::<Vec<_>>()
    };
    folders.into_iter().flat_map(with_tables).collect()
}

/// Opens paths again; what is not there needs no rule, and its absence is told by whoever reads it.
fn open(
    mut ruleset: RulesetCreated,
    paths: impl Iterator<Item = impl AsRef<Path>>,
    access: BitFlags<AccessFs>,
) -> Result<RulesetCreated, RulesetError> {
    for path in paths {
        let Ok(place) = PathFd::new(path.as_ref()) else { continue };
        let known = if path.as_ref().is_dir() { access } else { access & AccessFs::from_file(RULES) };
        if !known.is_empty() {
            ruleset = ruleset.add_rule(PathBeneath::new(place, known))?;
        }
    }
    Ok(ruleset)
}
