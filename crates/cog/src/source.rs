//! The header's bytes: fetched in few ranges, kept while the header is read, counted against the limit.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, path::Path};

use crate::error::{CogError, within};

/// First range fetched, and least range fetched after it.
const READ_AHEAD_BYTES: u64 = 64 << 10;
/// Ranges kept at a time.
const RANGES_KEPT: usize = 8;

/// The bytes of one file's header.
pub(crate) struct Source {
    store: Arc<dyn ObjectStore>,
    path: Path,
    file_bytes: u64,
    ranges: Vec<(u64, Bytes)>,
    bytes_left: u64,
    header_bytes: u64,
}

impl Source {
    /// Fetches the first bytes of `path`, and its length with them.
    pub(crate) async fn open(store: Arc<dyn ObjectStore>, path: Path, header_bytes: u64) -> Result<Self, CogError> {
        let head = GetOptions { range: Some(GetRange::Bounded(0..READ_AHEAD_BYTES)), ..GetOptions::default() };
        let (file_bytes, first) = match store.get_opts(&path, head).await {
            Ok(answer) => (answer.meta.size, answer.bytes().await.map_err(|e| store_error(&path, e))?),
            Err(error) => {
                // A range of an empty file is an error to some stores.
                let meta = store.head(&path).await.map_err(|_| store_error(&path, error))?;
                if meta.size == 0 {
                    return Err(CogError::NotTiff);
                }
                let end = meta.size.min(READ_AHEAD_BYTES);
                (meta.size, store.get_range(&path, 0..end).await.map_err(|e| store_error(&path, e))?)
            }
        };
        Ok(Self { store, path, file_bytes, ranges: vec![(0, first)], bytes_left: header_bytes, header_bytes })
    }

    pub(crate) const fn file_bytes(&self) -> u64 {
        self.file_bytes
    }

    /// Counts `bytes` of header against the limit, before they are fetched or allocated.
    pub(crate) fn spend(&mut self, bytes: u64) -> Result<(), CogError> {
        let spent = self.header_bytes - self.bytes_left;
        within("size of the header in bytes", spent.saturating_add(bytes), self.header_bytes)?;
        self.bytes_left -= bytes;
        Ok(())
    }

    /// The `length` bytes at `offset`; `what` names them if the file ends before.
    pub(crate) async fn bytes(&mut self, what: &'static str, offset: u64, length: u64) -> Result<Bytes, CogError> {
        let end = offset.saturating_add(length);
        if end > self.file_bytes {
            return Err(CogError::Truncated { what, end, file_bytes: self.file_bytes });
        }
        if let Some(kept) = self.kept(offset..end) {
            return Ok(kept);
        }
        self.spend(length)?;
        let fetch_end = end.max(offset.saturating_add(READ_AHEAD_BYTES)).min(self.file_bytes);
        let fetched =
            self.store.get_range(&self.path, offset..fetch_end).await.map_err(|e| store_error(&self.path, e))?;
        if self.ranges.len() >= RANGES_KEPT {
            self.ranges.remove(1);
        }
        self.ranges.push((offset, fetched));
        self.kept(offset..end).ok_or(CogError::Truncated { what, end, file_bytes: self.file_bytes })
    }

    fn kept(&self, wanted: Range<u64>) -> Option<Bytes> {
        self.ranges.iter().find_map(|(start, bytes)| {
            let from = usize::try_from(wanted.start.checked_sub(*start)?).ok()?;
            let to = usize::try_from(wanted.end.checked_sub(*start)?).ok()?;
            (to <= bytes.len() && from <= to).then(|| bytes.slice(from..to))
        })
    }
}

/// A store's error with the path it concerns.
pub(crate) fn store_error(path: &Path, source: object_store::Error) -> CogError {
    CogError::Store { path: path.to_string(), source: Box::new(source) }
}
