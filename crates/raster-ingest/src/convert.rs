//! The parent's side: a private copy, a child, a checked result.

use std::{
    fs::{self, File},
    io::{self, Read, Seek},
    path::Path,
};

use belcheer_domain::{Digest, Finding, RasterMeta, RasterState};
use belcheer_door::{Door, DoorError, Reach, Refusal};

use crate::{
    ConvertOptions, IngestRasterError, Purpose,
    job::{CONVERT, ConvertJob, ConvertReply},
    magic::{self, MAGIC_BYTES},
    write::NOT_WRITTEN,
};

/// Source bytes for which the child gets one more second.
const BYTES_PER_EXTRA_SECOND: u64 = 2 << 20;

/// Most threads of a child: each takes address space of its own, which is limited.
const THREADS_MAX: usize = 4;

/// A raster in our form.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted {
    /// What is known of it.
    pub meta: RasterMeta,
    /// Whether it may be assessed.
    pub state: RasterState,
    /// What was noticed about the source.
    pub findings: Vec<Finding>,
    /// Digest of the source's bytes.
    pub source_digest: Digest,
    /// Digest of the result's bytes; that of the source's when it was only looked at.
    pub output_digest: Digest,
}

/// Converts a foreign raster file into our form at `out_file`; blocks the thread.
///
/// The source is copied beside `out_file` under a name of our own and the copy is hashed, so the digest is that of the
/// bytes converted, whatever happens to the source meanwhile, and no neighbour of the source is ever seen. `out_file` appears only when all went well.
///
/// # Errors
/// [`IngestRasterError::Refused`] when the file cannot be used, also when the reader died of it; the other variants
/// when the file is not to blame.
pub fn convert(
    door: &Door,
    source: &Path,
    out_file: &Path,
    options: &ConvertOptions,
) -> Result<Converted, IngestRasterError> {
    let input = display_name(source);
    options.check(&input)?;
    let unreadable = |source| IngestRasterError::Source { file: input.clone(), source };
    let mut file = open(source, &input)?;
    let mut first = Vec::new();
    Read::by_ref(&mut file).take(MAGIC_BYTES as u64).read_to_end(&mut first).map_err(unreadable)?;
    let file_kind = magic::sniff(&first, &input)?;
    file_kind.check_ending(&input)?;

    let out_file = std::path::absolute(out_file).map_err(IngestRasterError::Output)?;
    let folder = out_file.parent().unwrap_or(Path::new("/"));
    let private = tempfile::Builder::new().prefix(".raster-").tempdir_in(folder).map_err(IngestRasterError::Output)?;
    let copy = private.path().join(format!("upload.{}", file_kind.ending()));
    let (source_digest, bytes) = copy_and_hash(&mut file, &copy).map_err(unreadable)?;

    let threads = rayon::current_num_threads().min(THREADS_MAX);
    let output = private.path().join("converted.tif");
    let job = ConvertJob { source: copy, file_kind, output, input, threads, options: options.clone() };
    let reply = run(door, &job, bytes)?;
    if options.purpose == Purpose::Look {
        let ConvertReply { meta, state, findings } = reply;
        return Ok(Converted { meta, state, findings, source_digest, output_digest: source_digest });
    }
    let output_digest = File::open(&job.output).and_then(Digest::of_reader).map_err(IngestRasterError::Output)?;
    fs::rename(&job.output, &out_file).map_err(IngestRasterError::Output)?;
    let ConvertReply { meta, state, findings } = reply;
    Ok(Converted { meta, state, findings, source_digest, output_digest })
}

/// Opens the source, which must be a file: a folder cannot be read, a pipe could keep us waiting for ever.
fn open(source: &Path, input: &str) -> Result<File, Refusal> {
    if fs::metadata(source).is_ok_and(|known| !known.is_file()) {
        let text = (
            "this is a folder or device, not a file; name the raster file itself",
            "энэ нь файл биш, хавтас эсвэл төхөөрөмж байна; растер файлыг өөрийг нь заана уу",
        );
        return Err(Refusal::new("not_a_file", input, text.0, text.1));
    }
    File::open(source).map_err(|_| {
        let text = (
            "the file cannot be found or opened; check its name and folder",
            "файл олдсонгүй эсвэл нээгдсэнгүй; нэр, хавтсыг нь шалгана уу",
        );
        Refusal::new("not_found", input, text.0, text.1)
    })
}

fn run(door: &Door, job: &ConvertJob, bytes: u64) -> Result<ConvertReply, IngestRasterError> {
    let mut door = door.clone();
    door.limits.cpu_seconds += bytes / BYTES_PER_EXTRA_SECOND;
    door.limits.wall_seconds += bytes / BYTES_PER_EXTRA_SECOND;
    // the copy and the result lie in one folder, made for this job
    let reach = job.output.parent().map(|folder| Reach::default().write(folder)).unwrap_or_default();
    door.run(CONVERT, job, &reach).map_err(|error| match error {
        DoorError::Refused(refusal) if refusal.code == NOT_WRITTEN => {
            IngestRasterError::Output(io::Error::other(refusal.text_en))
        }
        error => match error.as_refusal(&job.input) {
            Some(refusal) => IngestRasterError::Refused(refusal),
            None => IngestRasterError::Reader(error),
        },
    })
}

/// The file's name for people: no folders, no control characters.
fn display_name(path: &Path) -> String {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Copies a file, by sharing its blocks where the disk can, and gives the digest and length of the copy.
fn copy_and_hash(source: &mut File, copy: &Path) -> io::Result<(Digest, u64)> {
    source.rewind()?;
    let mut target = File::options().read(true).write(true).create_new(true).open(copy)?;
    let bytes = io::copy(source, &mut target)?;
    target.rewind()?;
    Ok((Digest::of_reader(target)?, bytes))
}
