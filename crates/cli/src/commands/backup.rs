//! `backup` and `restore`.

use std::path::Path;

use belcheer_catalog::{Catalog, CatalogError, Storage};

use super::{Context, write_out};
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Writes everything into a folder.
pub async fn backup(folder: &Path, context: &Context) -> Result<Outcome, Failure> {
    let catalog = workspace::open(&context.workspace).await?;
    let report = catalog.backup(folder, &workspace::now()).await?;
    let rows: u64 = report.rows.iter().map(|(_, n)| n).sum();
    context.say(&format!(
        "{rows} rows and {} files are in {}; {} files were copied now",
        report.blobs,
        folder.display(),
        report.copied
    ));
    Ok(Outcome::Done)
}

/// Makes a workspace of a backup, and examines it.
pub async fn restore(folder: &Path, context: &Context) -> Result<Outcome, Failure> {
    let restored = Catalog::restore(folder, &context.workspace, &Storage::from_env()).await;
    let catalog = restored.map_err(|error| match error {
        CatalogError::NotABackup { .. } | CatalogError::NotEmpty { .. } => Failure::refused(error.to_string()),
        other => other.into(),
    })?;
    let report = catalog.doctor().await?;
    write_out(&format!("{} of everything held\n{} blobs\n", report.digest, report.blobs))?;
    if !report.is_whole() {
        context.say("the restored workspace is not whole; run belcheer doctor, and restore another backup");
        return Ok(Outcome::DoneWithErrors);
    }
    context.say(&format!("{} is restored and whole", context.workspace.display()));
    Ok(Outcome::Done)
}
