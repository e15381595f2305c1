//! The user groups of a soum: what its parts say, for those who manage them. A group has no status, score or claim.

use axum::Json;
use axum::extract::{Path, State};
use belcheer_assessment::AssessmentResult;
use belcheer_assessment::levels::ZoneRow;
use belcheer_assessment::result::SoumRow;
use belcheer_domain::records::Level;
use belcheer_domain::{Digest, SoumCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Refusals};
use crate::query::{Checked, given};
use crate::state::{ApiState, soum_code};
use crate::verification::{CycleQuery, IndicatorBody};

/// The user groups of a soum in a cycle.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupsBody {
    /// Soum code.
    #[schema(value_type = String, example = "06404")]
    au2: SoumCode,
    /// The cycle.
    cycle: String,
    /// The assessment.
    #[schema(value_type = String)]
    assessment: Digest,
    /// Whether the assessment was made for user groups, too; without it there are no groups here.
    assessed: bool,
    /// The groups by code; the land that no group covers comes last.
    groups: Vec<GroupBody>,
}

/// One user group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupBody {
    /// The group's code.
    pub(crate) zone_id: String,
    /// Mongolian name.
    pub(crate) name_mn: Option<String>,
    /// English name.
    pub(crate) name_en: Option<String>,
    /// Assessed area, ha.
    pub(crate) area_ha: Option<f64>,
    /// Share of the soum's assessed area.
    pub(crate) area_share: Option<f64>,
    /// The indicators told of groups.
    pub(crate) indicators: Vec<GroupIndicatorBody>,
}

/// One indicator of a group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupIndicatorBody {
    /// As of a soum, the group being the zone.
    #[serde(flatten)]
    pub(crate) indicator: IndicatorBody,
    /// `a (effect - effect of the soum)`, a the share of the area: the parts of a soum sum to about zero.
    pub(crate) contribution: Option<f64>,
    /// Value by the group's own points alone, where few points borrow from all.
    direct_value: Option<f64>,
    /// Change by the group's own re-visited points alone.
    direct_effect: Option<f64>,
    /// Weight of the group's own points, 0 to 1.
    direct_weight: Option<f64>,
    /// Coefficient of variation of the value.
    cv: Option<f64>,
    /// `publish`, `warn`, or `suppress` where it is too unsure to be told.
    #[schema(pattern = "^(publish|warn|suppress)$")]
    pub(crate) release: Option<&'static str>,
}

/// The user groups of a soum: indicators with intervals, and what each adds to the soum's change.
#[utoipa::path(get, path = "/v1/soums/{au2}/pugs", tag = "results",
    params(("au2" = String, Path, description = "Soum code, five digits with a leading zero", pattern = "^0(1[1-9]|[2-9][0-9])(0[1-9]|[1-9][0-9])$", example = "06404"), CycleQuery),
    responses((status = 200, body = GroupsBody), Refusals))]
pub(crate) async fn soum_pugs(
    State(state): State<ApiState>,
    Path(code): Path<String>,
    Checked(query): Checked<CycleQuery>,
) -> Result<Json<GroupsBody>, Problem> {
    let au2 = soum_code(&code)?;
    let (published, soum) = state.published_soum(au2, given(query.cycle.as_ref())).await?;
    let result = &published.result;
    Ok(Json(GroupsBody {
        au2,
        cycle: published.cycle.cycle.clone(),
        assessment: published.cycle.assessment,
        assessed: result.manifest.levels.contains(&Level::Pug),
        groups: groups(result, &soum),
    }))
}

/// The user groups of a soum by code; none where the assessment was not made for them.
pub(crate) fn groups(result: &AssessmentResult, soum: &SoumRow) -> Vec<GroupBody> {
    let au2 = soum.au2;
    let rows = result.zones.iter().filter(|z| z.row.au2 == Some(au2) && z.row.zone_level == Level::Pug.as_str());
    let mut groups: Vec<GroupBody> = Vec::new();
    for row in rows {
        if groups.last().is_none_or(|last| last.zone_id != row.row.zone_id) {
            groups.push(GroupBody::of(row));
        }
        if let Some(group) = groups.last_mut() {
            group.indicators.push(GroupIndicatorBody::new(row, soum));
        }
    }
    groups
}

impl GroupBody {
    fn of(row: &ZoneRow) -> Self {
        Self {
            zone_id: row.row.zone_id.clone(),
            name_mn: row.name_mn.clone(),
            name_en: row.name_en.clone(),
            area_ha: row.area_ha,
            area_share: row.area_share,
            indicators: Vec::new(),
        }
    }
}

impl GroupIndicatorBody {
    fn new(row: &ZoneRow, soum: &SoumRow) -> Self {
        let small = row.small_area;
        Self {
            indicator: IndicatorBody::new(&row.row, soum),
            contribution: row.contribution,
            direct_value: small.and_then(|s| s.direct_value),
            direct_effect: small.and_then(|s| s.direct_effect),
            direct_weight: small.map(|s| s.weight),
            cv: small.and_then(|s| s.cv),
            release: small.map(|s| s.release.as_str()),
        }
    }
}
