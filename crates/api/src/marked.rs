//! Values read from the catalog that stay right until something is published or ingested.

use std::future::Future;
use std::sync::{PoisonError, RwLock};

use belcheer_catalog::{Catalog, CatalogError, PublicationState};

/// A value with the catalog's mark that was read before it.
#[derive(Debug)]
pub(crate) struct Marked<T> {
    held: RwLock<Option<(PublicationState, T)>>,
}

impl<T> Default for Marked<T> {
    fn default() -> Self {
        Self { held: RwLock::new(None) }
    }
}

impl<T: Clone> Marked<T> {
    /// The value; read again when the mark is another one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) async fn get(
        &self,
        catalog: &Catalog,
        read: impl Future<Output = Result<T, CatalogError>>,
    ) -> Result<T, CatalogError> {
        let state = catalog.publication_state().await?;
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, value)) = held.filter(|(mark, _)| *mark == state) {
            return Ok(value);
        }
        let value = read.await?;
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some((state, value.clone()));
        Ok(value)
    }
}
