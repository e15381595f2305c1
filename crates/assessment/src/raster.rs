//! A stored raster, opened for reading.

use std::sync::Arc;

use belcheer_cog::{Cog, Limits, Window, WindowSamples};
use belcheer_domain::{Digest, RasterMeta};
use object_store::ObjectStore;

use crate::error::AssessmentError;

/// A stored raster of the workspace.
#[derive(Debug)]
pub struct StoredRaster {
    /// The source file's name, for messages.
    pub name: String,
    /// The dataset's digest, where it is held.
    pub digest: Option<Digest>,
    /// What is known of it.
    pub meta: RasterMeta,
    cog: Cog,
}

impl StoredRaster {
    /// Opens a stored raster.
    ///
    /// # Errors
    /// When the file is gone or not in our form.
    pub fn open(
        store: Arc<dyn ObjectStore>,
        location: object_store::path::Path,
        name: &str,
        digest: Digest,
        meta: RasterMeta,
    ) -> Result<Self, AssessmentError> {
        let cog = wait(Cog::open(store, location, Limits::default()))
            .map_err(|e| AssessmentError::Raster { name: name.to_owned(), reason: e.to_string() })?;
        Ok(Self { digest: Some(digest), ..Self::of(name, meta, cog) })
    }

    /// A raster that is opened already and held nowhere.
    pub(crate) fn of(name: &str, meta: RasterMeta, cog: Cog) -> Self {
        Self { name: name.to_owned(), digest: None, meta, cog }
    }

    /// The opened file.
    pub(crate) fn cog(&self) -> &Cog {
        &self.cog
    }

    /// Reads whole rows of a band (from 1): physical values, and which of them are valid where not all are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read_block(
        &self,
        band: u32,
        first: usize,
        rows: usize,
    ) -> Result<(Vec<f64>, Option<Vec<bool>>), AssessmentError> {
        let samples = self.read(band, first, rows)?;
        Ok((samples.to_f64(self.meta.scale.unwrap_or(1.0), self.meta.offset.unwrap_or(0.0)), samples.valid))
    }

    /// Reads whole rows of a band (from 1) as physical values; `None` is missing.
    ///
    /// Scale and offset of the metadata are applied; where none are known the raw values come back.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read_rows(&self, band: u32, first: usize, rows: usize) -> Result<Vec<Option<f64>>, AssessmentError> {
        let samples = self.read(band, first, rows)?;
        Ok(samples.to_f64_masked(self.meta.scale.unwrap_or(1.0), self.meta.offset.unwrap_or(0.0)))
    }

    fn read(&self, band: u32, first: usize, rows: usize) -> Result<WindowSamples, AssessmentError> {
        let window = Window { row: first as u32, col: 0, rows: rows as u32, cols: self.meta.width };
        wait(self.cog.read_window(band.saturating_sub(1), window))
            .map_err(|e| AssessmentError::Raster { name: self.name.clone(), reason: e.to_string() })
    }
}

/// Waits for a read.
///
/// Within a task of tokio the wait is done on a thread of its own: a task has a budget of polls, and waiting inside it
/// would stand still once that is spent.
pub(crate) fn wait<T: Send>(read: impl Future<Output = T> + Send) -> T {
    if tokio::runtime::Handle::try_current().is_err() {
        return futures::executor::block_on(read);
    }
    std::thread::scope(|scope| match scope.spawn(|| futures::executor::block_on(read)).join() {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}
