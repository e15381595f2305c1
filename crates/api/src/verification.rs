//! The verification of a soum in a cycle: the verdict with everything it rests on.

#![expect(unused_qualifications, reason = "utoipa writes them into the operations")]

mod contribution;
mod rows;
mod shape;

use axum::Json;
use axum::extract::{Path, State};
use belcheer_assessment::result::SoumRow;
use belcheer_assessment::review::review;
use serde::Deserialize;
use utoipa::IntoParams;

pub(crate) use shape::{FindingBody, IndicatorBody, StockingBody, VerificationBody};

use crate::lang::Text;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, given};
use crate::soums::file_names;
use crate::state::{ApiState, Published, soum_code};
use crate::verification::shape::{InputBody, MethodBody, MethodLink, ReasonBody, ReviewBody, VerificationLinks};
use crate::{links, words};

/// Which verification.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CycleQuery {
    /// The cycle; the latest when absent.
    #[param(example = "2024")]
    pub(crate) cycle: Option<String>,
}

/// The verification of a soum: verdict, indicators, stocking, findings, inputs and method.
#[utoipa::path(get, path = "/v1/soums/{au2}/verification", tag = "results",
    params(("au2" = String, Path, description = "Soum code, five digits with a leading zero", pattern = "^0(1[1-9]|[2-9][0-9])(0[1-9]|[1-9][0-9])$", example = "06404"), CycleQuery),
    responses((status = 200, body = VerificationBody), Refusals))]
pub(crate) async fn show_verification(
    State(state): State<ApiState>,
    Path(code): Path<String>,
    Checked(query): Checked<CycleQuery>,
) -> Result<Json<VerificationBody>, Problem> {
    find(&state, &code, given(query.cycle.as_ref())).await.map(Json)
}

/// The verification of a soum by its code as written, in a cycle or the latest one.
pub(crate) async fn find(state: &ApiState, code: &str, cycle: Option<&str>) -> Result<VerificationBody, Problem> {
    let au2 = soum_code(code)?;
    let (published, row) = state.published_soum(au2, cycle).await?;
    Ok(body(&published, &row))
}

/// Machine-readable reasons with their sentences.
fn reasons(codes: &[String]) -> Vec<ReasonBody> {
    codes.iter().map(|code| ReasonBody { text: words::reason(code), code: code.clone() }).collect()
}

fn body(published: &Published, row: &SoumRow) -> VerificationBody {
    let result = &published.result;
    let cycle = published.cycle.cycle.as_str();
    let au2 = row.au2;
    let of_soum = result.findings.iter().filter(|f| f.au2 == Some(au2));
    let of_all = result.findings.iter().filter(|f| f.au2.is_none());
    VerificationBody {
        au2,
        name_mn: row.name_mn.clone(),
        name_en: row.name_en.clone(),
        aimag: row.aimag.clone(),
        area_km2: row.area_km2,
        rangeland_area_ha: row.rangeland_area_ha,
        cycle: cycle.to_owned(),
        assessment: published.cycle.assessment,
        published_at: published.cycle.published_at.clone(),
        baseline: result.manifest.baseline.into(),
        reporting: result.manifest.reporting.into(),
        status: row.status,
        status_text: words::status(row.status),
        score: row.score,
        score_ci90_low: row.score_ci90.map(|c| c.0),
        score_ci90_high: row.score_ci90.map(|c| c.1),
        indicators_used: row.indicators_used,
        sentence: Text::new(&row.sentence_mn, &row.sentence_en),
        reasons: reasons(&row.reasons),
        would_change: Some(Text::new(&row.standing.would_change_mn, &row.standing.would_change_en))
            .filter(|text| !text.en.is_empty()),
        claims: row.standing.claims.iter().map(|(en, mn)| Text::new(mn, en)).collect(),
        contribution_evidence: row.standing.contribution_evidence,
        review: review(result, row).iter().map(ReviewBody::from).collect(),
        indicators: result.indicators.iter().filter(|i| i.au2 == au2).map(|i| IndicatorBody::new(i, row)).collect(),
        stocking: result.stocking.iter().filter(|s| s.au2 == au2).map(StockingBody::from).collect(),
        findings: of_soum.map(FindingBody::from).collect(),
        global_findings: of_all.map(FindingBody::from).collect(),
        inputs: result.manifest.inputs.iter().map(InputBody::from).collect(),
        method: method(published),
        links: VerificationLinks {
            this: links::verification(au2, cycle),
            soum: links::soum(au2),
            history: links::history(au2),
            pugs: links::pugs(au2, cycle),
            series: links::series(au2, cycle),
            files: file_names().map(|name| links::soum_file(au2, cycle, &name)).collect(),
            page: links::page(au2),
        },
    }
}

fn method(published: &Published) -> MethodBody {
    let manifest = &published.result.manifest;
    let methods = manifest.methods.iter().map(|id| MethodLink { id: id.clone(), href: links::method(id) });
    MethodBody {
        scheme: manifest.scheme.clone(),
        scheme_digest: manifest.scheme_digest,
        methods: methods.collect(),
        parameter_sets: manifest.parameter_sets.clone(),
        seed: manifest.seed,
    }
}
