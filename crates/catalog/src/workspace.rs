//! An open workspace.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use object_store::{ObjectStore, local::LocalFileSystem};
use sqlx::{Any, Executor as _, Transaction, any::AnyArguments, query::Query};

use crate::{
    blobs::Blobs,
    change::Watch,
    database::{self, Database, database_error, is_lost_write},
    error::{CatalogError, file_error},
    failpoint::failpoint,
    layout::Layout,
    presence::{Opening, Presence, enter},
    remote::Remote,
    storage::Storage,
};

/// An open workspace: rows and blobs of one directory, or of a database and a storage beside it.
///
/// Cheap to clone; may be shared by tasks and opened by several programs at once. Writers take turns.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use belcheer_catalog::Catalog;
/// let dir = tempfile::tempdir().unwrap();
/// assert!(Catalog::open(dir.path()).await.unwrap_err().to_string().contains("run belcheer init"));
/// let catalog = Catalog::init(dir.path()).await.unwrap();
/// let digest = catalog.put_bytes(b"pasture").await.unwrap();
/// assert_eq!(&catalog.blob_bytes(digest).await.unwrap()[..], b"pasture");
/// # });
/// ```
#[derive(Debug, Clone)]
pub struct Catalog {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    blobs: Arc<Blobs>,
    database: Database,
    store: Arc<dyn ObjectStore>,
    watch: Watch,
    _presence: Presence,
}

impl Catalog {
    /// Makes a directory a workspace, and opens it. What else lies in the directory stays; a directory that is a
    /// workspace already is just opened.
    ///
    /// # Errors
    /// When the directory cannot be created or written.
    pub async fn init(dir: impl AsRef<Path>) -> Result<Self, CatalogError> {
        Self::init_in(dir, &Storage::default()).await
    }

    /// The same, with rows or blobs kept elsewhere.
    ///
    /// # Errors
    /// As [`Catalog::init`]; when the database or the storage cannot be reached, or the workspace keeps things elsewhere.
    pub async fn init_in(dir: impl AsRef<Path>, storage: &Storage) -> Result<Self, CatalogError> {
        let (dir, said) = (dir.as_ref().to_path_buf(), storage.clone());
        let layout = blocking(move || {
            let layout = create_dirs(&dir)?;
            said.check(&layout.root, !layout.database.is_file())?;
            Ok(layout)
        })
        .await?;
        let catalog = Self::enter(layout.clone(), true, storage).await?;
        let blobs = Arc::clone(catalog.blobs());
        blocking(move || {
            blobs.durability.sync_dir(&layout.root)?;
            layout.root.parent().map_or(Ok(()), |parent| blobs.durability.sync_dir(parent))
        })
        .await?;
        Ok(catalog)
    }

    /// Opens a workspace, and removes what interrupted runs left in `tmp` if no other program has it open.
    ///
    /// # Errors
    /// When the directory is no workspace, was written by a newer program, or cannot be read.
    pub async fn open(dir: impl AsRef<Path>) -> Result<Self, CatalogError> {
        Self::open_in(dir, &Storage::default()).await
    }

    /// The same, with rows or blobs kept elsewhere.
    ///
    /// # Errors
    /// As [`Catalog::open`]; when the database or the storage cannot be reached, or the workspace keeps things elsewhere.
    pub async fn open_in(dir: impl AsRef<Path>, storage: &Storage) -> Result<Self, CatalogError> {
        let (dir, said) = (dir.as_ref().to_path_buf(), storage.clone());
        let layout = blocking(move || {
            if !Layout::new(&dir).is_workspace() {
                return Err(CatalogError::NotAWorkspace { dir });
            }
            let layout = Layout::new(&dir.canonicalize().map_err(file_error("find", &dir))?);
            said.check(&layout.root, false)?;
            Ok(layout)
        })
        .await?;
        Self::enter(layout, false, storage).await
    }

    async fn enter(layout: Layout, create: bool, storage: &Storage) -> Result<Self, CatalogError> {
        let entering = layout.clone();
        let (opening, presence): (Opening, Presence) = blocking(move || enter(&entering)).await?;
        let database = match &storage.database {
            None => Database::of_file(&layout.database, create).await?,
            Some(url) if url.starts_with("postgres:") || url.starts_with("postgresql:") => {
                Database::of_postgres(url).await?
            }
            Some(_) => return Err(CatalogError::DatabaseAddress),
        };
        drop(opening);
        let remote = storage.blobs.as_deref().map(Remote::connect).transpose()?;
        let store: Arc<dyn ObjectStore> = match &remote {
            Some(remote) => Arc::clone(&remote.reader),
            None => Arc::new(
                LocalFileSystem::new_with_prefix(&layout.root)
                    .map_err(|e| file_error("open", &layout.root)(std::io::Error::other(e)))?,
            ),
        };
        let blobs = Arc::new(Blobs::new(layout, remote));
        let inner = Inner { blobs, database, store, watch: Watch::default(), _presence: presence };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Closes the database and folds its log into `catalog.db`. Other clones of this value become unusable.
    pub async fn close(self) {
        database::close(&self.inner.database).await;
    }

    /// The workspace directory, absolute.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.inner.blobs.layout.root
    }

    /// The object store of the workspace, for reading windows of blobs; see [`Catalog::blob_location`].
    #[must_use]
    pub fn store(&self) -> Arc<dyn ObjectStore> {
        Arc::clone(&self.inner.store)
    }

    /// The same store for other machines: its address (`file:///folder` or `s3://bucket`), and the path in it under
    /// which everything lies.
    #[must_use]
    pub fn store_address(&self) -> (String, String) {
        match &self.inner.blobs.remote {
            Some(remote) => remote.address.clone(),
            None => (format!("file://{}", self.root().display()), String::new()),
        }
    }

    pub(crate) fn blobs(&self) -> &Arc<Blobs> {
        &self.inner.blobs
    }

    pub(crate) fn watch(&self) -> &Watch {
        &self.inner.watch
    }

    pub(crate) fn database(&self) -> &Database {
        &self.inner.database
    }

    /// Starts a transaction that writes, when its turn comes.
    pub(crate) async fn begin(&self, doing: &'static str) -> Result<Transaction<'static, Any>, CatalogError> {
        self.blobs().durability.check()?;
        let dialect = self.database().dialect;
        let begun = self.database().writer.begin_with(dialect.begin_write()).await;
        let mut transaction = begun.map_err(database_error(doing))?;
        if let Some(turn) = dialect.take_turn() {
            transaction.execute(turn).await.map_err(database_error(doing))?;
        }
        Ok(transaction)
    }

    /// Runs one statement that writes; when this returns, the rows are on disk. Returns how many rows it touched.
    pub(crate) async fn write(
        &self,
        doing: &'static str,
        statement: Query<'_, Any, AnyArguments>,
    ) -> Result<u64, CatalogError> {
        let mut transaction = self.begin(doing).await?;
        let done = statement.execute(&mut *transaction).await.map_err(database_error(doing))?;
        self.commit(transaction, doing).await?;
        Ok(done.rows_affected())
    }

    /// Commits; when this returns, the rows are on disk.
    pub(crate) async fn commit(
        &self,
        transaction: Transaction<'static, Any>,
        doing: &'static str,
    ) -> Result<(), CatalogError> {
        failpoint("rows.written");
        let committed = transaction.commit().await;
        failpoint("rows.committed");
        self.watch().committed();
        committed.map_err(|cause| {
            if is_lost_write(&cause) {
                self.blobs().durability.lost("catalog.db");
            }
            database_error(doing)(cause)
        })
    }
}

fn create_dirs(dir: &Path) -> Result<Layout, CatalogError> {
    fs::create_dir_all(dir).map_err(file_error("create", dir))?;
    let root: PathBuf = dir.canonicalize().map_err(file_error("find", dir))?;
    let layout = Layout::new(&root);
    for part in [&layout.blobs, &layout.tmp, &layout.uploads] {
        fs::create_dir_all(part).map_err(file_error("create", part))?;
    }
    Ok(layout)
}

/// Runs file work off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CatalogError> + Send + 'static,
) -> Result<T, CatalogError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| CatalogError::Interrupted)?
}
