//! A soum year by year: the values behind each change, and what the weather of the same years was like.

use axum::Json;
use axum::extract::{Path, State};
use belcheer_assessment::result::{IndicatorRow, SoumRow};
use belcheer_assessment::series::{YearConditions, YearRow};
use belcheer_domain::{Digest, Indicator, SoumCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::cycles::Period;
use crate::lang::Text;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, given};
use crate::state::{ApiState, Published, soum_code};
use crate::verification::CycleQuery;
use crate::words;

/// A soum year by year.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeriesBody {
    /// Soum code.
    #[schema(value_type = String, example = "06404")]
    au2: SoumCode,
    /// The cycle.
    cycle: String,
    /// The assessment.
    #[schema(value_type = String)]
    assessment: Digest,
    /// Frozen baseline.
    pub(crate) baseline: Period,
    /// Reporting period.
    pub(crate) reporting: Period,
    /// Every indicator that is judged by years; an assessment made before years were kept has none.
    pub(crate) indicators: Vec<IndicatorSeries>,
    /// What the years were like, by year.
    pub(crate) conditions: Vec<ConditionsBody>,
}

/// The years of one indicator.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IndicatorSeries {
    /// The indicator.
    #[schema(value_type = String, pattern = "^I[1-5]$")]
    pub(crate) indicator: Indicator,
    /// Its name.
    pub(crate) indicator_text: Text,
    /// Unit of observed values.
    pub(crate) value_unit: String,
    /// Unit of changes, band, effect and margin.
    pub(crate) unit: String,
    /// Mean of observed values over the baseline.
    pub(crate) baseline_value: Option<f64>,
    /// Change of the reporting period, positive = better.
    pub(crate) effect: Option<f64>,
    /// Lower end of the effect's 90 % interval.
    pub(crate) ci90_low: Option<f64>,
    /// Upper end of the effect's 90 % interval.
    pub(crate) ci90_high: Option<f64>,
    /// Equivalence margin.
    pub(crate) epsilon: f64,
    /// Lower end of the range in which nine of ten single years of an unchanged soum fall.
    pub(crate) year_band90_low: Option<f64>,
    /// Upper end of that range.
    pub(crate) year_band90_high: Option<f64>,
    /// The years, ascending; a year without a value is absent.
    pub(crate) years: Vec<YearBody>,
}

/// One year of an indicator.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct YearBody {
    /// Calendar year.
    pub(crate) year: i32,
    /// As observed, in `value_unit`.
    pub(crate) value: Option<f64>,
    /// Lower end of the observed value's 90 % interval, where one can be formed.
    pub(crate) value_ci90_low: Option<f64>,
    /// Upper end of that interval.
    pub(crate) value_ci90_high: Option<f64>,
    /// Distance from the baseline's mean as the verdict counts it, in `unit`, positive = better; for I1 with the weather
    /// of the year taken out.
    pub(crate) change: Option<f64>,
}

/// What one year was like.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConditionsBody {
    /// Calendar year.
    pub(crate) year: i32,
    /// Precipitation from May to August, mm.
    pub(crate) precipitation_mm: Option<f64>,
    /// Mean temperature from May to August, degrees Celsius.
    pub(crate) temperature_c: Option<f64>,
    /// Pedj's index of the growing season against the baseline years.
    pub(crate) pedj: Option<f64>,
    /// Standardised precipitation index of the growing season against the baseline years.
    pub(crate) spi: Option<f64>,
    /// Drought by Pedj's index, else by the precipitation index.
    #[schema(pattern = "^(none|mild|moderate|severe|extreme)$")]
    pub(crate) drought: Option<&'static str>,
    /// The class in words.
    pub(crate) drought_text: Option<Text>,
    /// Natsagdorj's dzud index of the winter that ends in this year, with the summer before it.
    pub(crate) dzud_index: Option<f64>,
    /// Grown livestock lost from January to May, percent of those counted in December before.
    pub(crate) loss_percent: Option<f64>,
    /// Whether that is the loss of a disaster (dzud).
    pub(crate) mortality_disaster: Option<bool>,
    /// Change of the herd from the count of the year before, percent of sheep forage units.
    pub(crate) herd_change_percent: Option<f64>,
}

/// A soum year by year: the values behind each change, with drought and dzud.
#[utoipa::path(get, path = "/v1/soums/{au2}/series", tag = "results",
    params(("au2" = String, Path, description = "Soum code, five digits with a leading zero", pattern = "^0(1[1-9]|[2-9][0-9])(0[1-9]|[1-9][0-9])$", example = "06404"), CycleQuery),
    responses((status = 200, body = SeriesBody), Refusals))]
pub(crate) async fn soum_series(
    State(state): State<ApiState>,
    Path(code): Path<String>,
    Checked(query): Checked<CycleQuery>,
) -> Result<Json<SeriesBody>, Problem> {
    let (published, soum) = state.published_soum(soum_code(&code)?, given(query.cycle.as_ref())).await?;
    Ok(Json(series(&published, &soum)))
}

/// The years of a published soum.
pub(crate) fn series(published: &Published, soum: &SoumRow) -> SeriesBody {
    let result = &published.result;
    let own = result.indicators.iter().filter(|row| row.au2 == soum.au2);
    let of_indicator = |row: &IndicatorRow| {
        let rows = result.years.iter().filter(|year| year.au2 == row.au2 && year.indicator == row.indicator);
        let years: Vec<YearBody> = rows.map(YearBody::from).collect();
        (!years.is_empty()).then(|| IndicatorSeries::new(row, years))
    };
    SeriesBody {
        au2: soum.au2,
        cycle: published.cycle.cycle.clone(),
        assessment: published.cycle.assessment,
        baseline: result.manifest.baseline.into(),
        reporting: result.manifest.reporting.into(),
        indicators: own.filter_map(of_indicator).collect(),
        conditions: result.conditions.iter().filter(|c| c.au2 == soum.au2).map(ConditionsBody::from).collect(),
    }
}

impl IndicatorSeries {
    fn new(row: &IndicatorRow, years: Vec<YearBody>) -> Self {
        let band = row.sensitivity.year_band90;
        Self {
            indicator: row.indicator,
            indicator_text: words::indicator(row.indicator),
            value_unit: row.value_unit.clone(),
            unit: row.unit.clone(),
            baseline_value: row.baseline_value,
            effect: row.effect,
            ci90_low: row.ci90.map(|c| c.0),
            ci90_high: row.ci90.map(|c| c.1),
            epsilon: row.epsilon,
            year_band90_low: band.map(|b| b.0),
            year_band90_high: band.map(|b| b.1),
            years,
        }
    }
}

impl From<&YearRow> for YearBody {
    fn from(row: &YearRow) -> Self {
        Self {
            year: row.year,
            value: row.value,
            value_ci90_low: row.value_ci90.map(|c| c.0),
            value_ci90_high: row.value_ci90.map(|c| c.1),
            change: row.change,
        }
    }
}

impl From<&YearConditions> for ConditionsBody {
    fn from(row: &YearConditions) -> Self {
        Self {
            year: row.year,
            precipitation_mm: row.precipitation_mm,
            temperature_c: row.temperature_c,
            pedj: row.pedj,
            spi: row.spi,
            drought: row.drought.map(|class| class.as_str()),
            drought_text: row.drought.map(words::drought),
            dzud_index: row.dzud_index,
            loss_percent: row.loss_percent,
            mortality_disaster: row.mortality_disaster,
            herd_change_percent: row.herd_change_percent,
        }
    }
}
