//! What every handler shares: the catalog, and what was read from it.

use std::collections::BTreeSet;
use std::sync::Arc;

use belcheer_assessment::AssessmentResult;
use belcheer_assessment::result::SoumRow;
use belcheer_catalog::{Catalog, Cycle, DatasetKind, DatasetRecord};
use belcheer_domain::{
    Digest, SoumCode,
    records::{Jurisdiction, Level},
};
use belcheer_jobs::Waker;

use crate::answers::Answers;
use crate::borders::{Borders, BordersHeld};
use crate::identity::Identity;
use crate::marked::Marked;
use crate::metrics::Metrics;
use crate::places::{Places, PlacesHeld, places};
use crate::problem::Problem;
use crate::results::Results;
use crate::settings::Settings;
use crate::tiles::{OpenRasters, ZonesTold};
use crate::uploads::Turns;

/// An open catalog with the results read from it; cheap to clone.
///
/// Whether anything was published or withdrawn is asked of the catalog before every answer, so it shows at once, by another
/// program within [`Catalog::PUBLICATION_STATE_AGE_MAX`]; kept are results, which never change, and answers made of
/// what is still published.
#[derive(Debug, Clone)]
pub struct ApiState {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    catalog: Catalog,
    results: Results,
    places: PlacesHeld,
    borders: BordersHeld,
    cycles: Marked<Vec<Cycle>>,
    boundaries: Marked<Option<Arc<DatasetRecord>>>,
    answers: Arc<Answers>,
    metrics: Metrics,
    settings: Settings,
    identity: Identity,
    turns: Turns,
    waker: Waker,
    zones_told: ZonesTold,
    open_rasters: OpenRasters,
}

/// A cycle with its public result.
#[derive(Debug, Clone)]
pub(crate) struct Published {
    /// The cycle.
    pub(crate) cycle: Cycle,
    /// The result.
    pub(crate) result: Arc<AssessmentResult>,
}

impl ApiState {
    /// The state of a service over a catalog, with the settings of one on one machine.
    #[must_use]
    pub fn new(catalog: Catalog) -> Self {
        Self::with(catalog, Settings::default(), Identity::default())
    }

    /// The state of a service over a catalog that knows its callers by `identity`.
    #[must_use]
    pub fn with(catalog: Catalog, settings: Settings, identity: Identity) -> Self {
        let answers = Arc::new(Answers::new(settings.answers_bytes_max));
        let metrics = Metrics::new(Arc::clone(&answers));
        let inner = Inner {
            catalog,
            results: Results::default(),
            places: PlacesHeld::default(),
            borders: BordersHeld::default(),
            cycles: Marked::default(),
            boundaries: Marked::default(),
            answers,
            metrics,
            settings,
            identity,
            turns: Turns::default(),
            waker: Waker::default(),
            zones_told: ZonesTold::default(),
            open_rasters: OpenRasters::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// What the operator decided.
    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Finished answers.
    pub(crate) fn answers(&self) -> &Answers {
        &self.inner.answers
    }

    /// What is counted.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// The catalog.
    pub(crate) fn catalog(&self) -> &Catalog {
        &self.inner.catalog
    }

    /// Who asks, what they may, and how often.
    pub(crate) fn identity(&self) -> &Identity {
        &self.inner.identity
    }

    /// Whose turn it is to write an upload.
    pub(crate) fn turns(&self) -> &Turns {
        &self.inner.turns
    }

    /// What vector tiles tell of soums.
    pub(crate) fn zones_told(&self) -> &ZonesTold {
        &self.inner.zones_told
    }

    /// Rasters that are open for tiles.
    pub(crate) fn open_rasters(&self) -> &OpenRasters {
        &self.inner.open_rasters
    }

    /// Wakes those who do jobs; a runner of the same process is given a clone.
    #[must_use]
    pub fn waker(&self) -> &Waker {
        &self.inner.waker
    }

    /// The cycles for which something is public, by name; the last one is the latest.
    pub(crate) async fn cycles(&self) -> Result<Vec<Cycle>, Problem> {
        Ok(self.inner.cycles.get(self.catalog(), self.catalog().cycles()).await?)
    }

    /// The public result of a cycle, or of the latest one.
    pub(crate) async fn published(&self, cycle: Option<&str>) -> Result<Published, Problem> {
        let cycles = self.cycles().await?;
        let Some(latest) = cycles.last() else {
            return Err(Problem::nothing_published());
        };
        let chosen = match cycle {
            None => latest.clone(),
            Some(name) => cycles.iter().find(|c| c.cycle == name).cloned().ok_or_else(|| {
                let known: Vec<String> = cycles.iter().map(|c| c.cycle.clone()).collect();
                Problem::unknown_cycle(name, &known)
            })?,
        };
        self.of_cycle(chosen).await
    }

    /// The public result of a cycle, or of the latest one, with the row of a soum.
    pub(crate) async fn published_soum(
        &self,
        au2: SoumCode,
        cycle: Option<&str>,
    ) -> Result<(Published, SoumRow), Problem> {
        let published = self.published(cycle).await?;
        match published.row(au2).cloned() {
            Some(row) => Ok((published, row)),
            None => {
                self.require_known(au2).await?;
                Err(Problem::no_result(au2, &published.cycle.cycle))
            }
        }
    }

    /// The public result of a cycle as listed by [`ApiState::cycles`].
    pub(crate) async fn of_cycle(&self, cycle: Cycle) -> Result<Published, Problem> {
        let result = self.result(cycle.assessment).await?;
        Ok(Published { cycle, result })
    }

    /// The result of an assessment; callers make sure that it is, or was, public.
    pub(crate) async fn result(&self, id: Digest) -> Result<Arc<AssessmentResult>, Problem> {
        if let Some(result) = self.inner.results.get(id) {
            return Ok(result);
        }
        let Some(record) = self.catalog().assessment(id).await? else {
            tracing::error!(%id, "a published assessment is not held");
            return Err(Problem::internal());
        };
        let result: Arc<AssessmentResult> = Arc::new(self.catalog().get_json(record.result).await?);
        self.inner.results.keep(id, Arc::clone(&result));
        Ok(result)
    }

    /// The latest boundaries of soums that are held.
    async fn boundaries(&self) -> Result<Option<Arc<DatasetRecord>>, Problem> {
        let read = async {
            let latest = self.catalog().latest(DatasetKind::Boundaries, Some(Level::Soum)).await?;
            Ok(latest.map(Arc::new))
        };
        Ok(self.inner.boundaries.get(self.catalog(), read).await?)
    }

    /// The soums of the latest boundaries; none when no boundaries are held.
    pub(crate) async fn places(&self) -> Result<Arc<Places>, Problem> {
        let Some(boundaries) = self.boundaries().await? else {
            return Ok(Arc::new(Places::new()));
        };
        if let Some(held) = self.inner.places.get(boundaries.digest) {
            return Ok(held);
        }
        let soums: Vec<Jurisdiction> = self.catalog().get_json(boundaries.blob).await?;
        let found = Arc::new(places(&soums));
        self.inner.places.keep(boundaries.digest, Arc::clone(&found));
        Ok(found)
    }

    /// The borders of the soums of the latest boundaries; none when no boundaries are held.
    pub(crate) async fn borders(&self) -> Result<Arc<Borders>, Problem> {
        let Some(boundaries) = self.boundaries().await? else {
            return Ok(Arc::default());
        };
        if let Some(held) = self.inner.borders.get(boundaries.digest) {
            return Ok(held);
        }
        let _turn = self.inner.borders.writing.lock().await;
        if let Some(held) = self.inner.borders.get(boundaries.digest) {
            return Ok(held);
        }
        let soums: Vec<Jurisdiction> = self.catalog().get_json(boundaries.blob).await?;
        let written = tokio::task::spawn_blocking(move || Borders::of(&soums)).await;
        let written = Arc::new(written.map_err(|error| {
            tracing::error!(%error, "the borders of soums cannot be written");
            Problem::internal()
        })?);
        self.inner.borders.keep(boundaries.digest, Arc::clone(&written));
        Ok(written)
    }

    /// The same, with what a zoom's tiles are drawn from at hand.
    pub(crate) async fn drawn_borders(&self, zoom: u8) -> Result<Arc<Borders>, Problem> {
        let borders = self.borders().await?;
        if !borders.is_drawn(zoom) {
            let drawn = Arc::clone(&borders);
            let done = tokio::task::spawn_blocking(move || drawn.zones(zoom).zones().len()).await;
            done.map_err(|error| {
                tracing::error!(%error, "the borders of soums cannot be drawn");
                Problem::internal()
            })?;
        }
        Ok(borders)
    }

    /// Every public result, by cycle.
    pub(crate) async fn all_published(&self) -> Result<Vec<Published>, Problem> {
        let mut all = Vec::new();
        for cycle in self.cycles().await? {
            all.push(self.of_cycle(cycle).await?);
        }
        Ok(all)
    }

    /// Every cycle that could have a history: those public now, and those that assessments were made for.
    pub(crate) async fn ever_named(&self) -> Result<BTreeSet<String>, Problem> {
        let mut named: BTreeSet<String> = self.cycles().await?.into_iter().map(|c| c.cycle).collect();
        named.extend(self.catalog().assessments().await?.into_iter().map(|a| a.cycle));
        Ok(named)
    }

    /// Refuses a soum that neither the boundaries nor a public result know.
    pub(crate) async fn require_known(&self, au2: SoumCode) -> Result<(), Problem> {
        if self.places().await?.contains_key(&au2) {
            return Ok(());
        }
        let published = self.all_published().await?;
        if published.iter().any(|p| p.row(au2).is_some()) { Ok(()) } else { Err(Problem::unknown_soum(au2)) }
    }
}

impl Published {
    /// The row of a soum.
    pub(crate) fn row(&self, au2: SoumCode) -> Option<&SoumRow> {
        self.result.soums.iter().find(|row| row.au2 == au2)
    }
}

/// Reads a soum code from an address.
pub(crate) fn soum_code(text: &str) -> Result<SoumCode, Problem> {
    text.parse().map_err(|_| Problem::malformed_soum_code(text))
}
