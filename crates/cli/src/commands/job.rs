//! `job-worker`: one job of the service, done in a process of its own.
//!
//! Every effect of a job may be done twice without harm: blobs, data sets and assessments are named by what they hold,
//! a preview replaces the one before, a draft is accepted once.

mod assessment;
mod draft;
mod statistics;

use belcheer_api::requests::{ResultFile, kind};
use belcheer_assessment::Watch;
use belcheer_catalog::Catalog;
use belcheer_jobs::{Order, Outcome as Ended, Problem};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Context;
use crate::extras::Extras;
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::workspace;

/// What a job works with.
struct Desk<'a> {
    catalog: Catalog,
    order: Order,
    context: Context,
    extras: &'a Extras,
}

/// Does the one job on standard input.
pub fn run(workspace: std::path::PathBuf, threads: usize, extras: &Extras) -> Result<Outcome, Failure> {
    belcheer_jobs::work(std::io::stdin(), |order, teller| {
        let context = Context { workspace, quiet: true, threads, progress: Progress::Told(teller) };
        match perform(order, context, extras) {
            Ok(result) => Ended::Done(result),
            Err(Failure::Refused { code, english, mongolian }) => {
                let text_mn = mongolian.unwrap_or_else(|| english.clone());
                Ended::Refused(Problem { code, text_en: english, text_mn })
            }
            Err(Failure::Usage(text)) => {
                Ended::Refused(Problem { code: "request".to_owned(), text_mn: text.clone(), text_en: text })
            }
            Err(Failure::Internal(error)) => Ended::Broken(format!("{error:#}")),
        }
    })
    .map_err(|e| Failure::Internal(e.into()))?;
    Ok(Outcome::Done)
}

fn perform(order: Order, context: Context, extras: &Extras) -> Result<Value, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let catalog = workspace::open(&context.workspace).await?;
        let desk = Desk { catalog, order, context, extras };
        match desk.order.kind.as_str() {
            kind::INSPECT => draft::inspect(&desk).await,
            kind::INGEST => draft::ingest(&desk).await,
            kind::ASSESS => assessment::assess(&desk).await,
            kind::EXPORT => assessment::export(&desk).await,
            kind::ZONAL_STATS => statistics::zonal_stats(&desk).await,
            kind::DEGRADATION => statistics::degradation(&desk).await,
            other => Err(Failure::refused(format!("this program knows no job of kind {other}"))),
        }
    })
}

impl Desk<'_> {
    /// The parameters of the job.
    fn request<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_value(self.order.request.clone())
            .map_err(|e| Failure::refused(format!("the parameters of the job are not understood: {e}")))
    }

    /// Keeps a file as a result of the job.
    async fn keep(&self, path: &std::path::Path, name: &str, media_type: &str) -> Result<ResultFile, Failure> {
        let digest = self.catalog.put_file(path).await?;
        Ok(ResultFile { name: name.to_owned(), digest, media_type: media_type.to_owned() })
    }

    fn step(&self, stage: &str, done: u64, total: u64) {
        self.context.progress.step(stage, done, total);
    }
}
