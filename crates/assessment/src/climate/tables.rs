//! The tables of drought and of residual trends.

use belcheer_domain::SoumCode;
use belcheer_rangeland::drought::Drought;

use super::ClimateResult;
use crate::inputs::Inputs;
use crate::table::Table;

/// Soum code and names, at the beginning of a table.
fn places(inputs: &Inputs, soums: &[SoumCode]) -> Table {
    let soum = |code: &SoumCode| inputs.soums.get(code);
    Table::default()
        .text("au2", soums.iter().map(|code| Some(code.to_string())))
        .text("name_mn", soums.iter().map(|code| soum(code).and_then(|s| s.name_mn.clone())))
        .text("name_en", soums.iter().map(|code| soum(code).and_then(|s| s.name_en.clone())))
}

impl ClimateResult {
    /// One row a soum and year.
    #[must_use]
    pub fn drought_table(&self, inputs: &Inputs) -> Table {
        let rows = &self.years;
        let value = |of: Option<(f64, Drought)>| of.map(|(value, _)| value);
        let class = |of: Option<(f64, Drought)>| of.map(|(_, class)| class.as_str());
        places(inputs, &rows.iter().map(|row| row.au2).collect::<Vec<_>>())
            .int("year", rows.iter().map(|r| Some(i64::from(r.year))))
            .float("vegetation_index", rows.iter().map(|r| r.index))
            .float("anomaly_percent", rows.iter().map(|r| r.anomaly_percent))
            .float("anomaly_z", rows.iter().map(|r| r.anomaly_z))
            .float("vci", rows.iter().map(|r| r.vci))
            .float("tci", rows.iter().map(|r| r.tci))
            .float("vhi", rows.iter().map(|r| value(r.vhi)))
            .text("vhi_class", rows.iter().map(|r| class(r.vhi)))
            .float("biomass_percent_of_mean", rows.iter().map(|r| r.biomass_percent))
            .float("precipitation_mm", rows.iter().map(|r| r.precipitation_mm))
            .float("temperature_c", rows.iter().map(|r| r.temperature_c))
            .float("rain_use_efficiency", rows.iter().map(|r| r.rue))
            .float("spi", rows.iter().map(|r| value(r.spi)))
            .text("spi_class", rows.iter().map(|r| class(r.spi)))
            .float("spei", rows.iter().map(|r| value(r.spei)))
            .text("spei_class", rows.iter().map(|r| class(r.spei)))
            .float("pedj", rows.iter().map(|r| value(r.pedj)))
            .text("pedj_class", rows.iter().map(|r| class(r.pedj)))
            .float("dzud_index", rows.iter().map(|r| r.dzud))
            .float("loss_percent", rows.iter().map(|r| r.loss_percent))
            .text("involuntary_destocking", rows.iter().map(|r| r.involuntary_destocking.map(|yes| yes.to_string())))
            .text("baseline", rows.iter().map(|_| Some(self.baseline.to_string())))
            .text("parameter_set", rows.iter().map(|_| Some(self.parameter_sets.as_str())))
    }

    /// One row a soum and method.
    #[must_use]
    pub fn trend_table(&self, inputs: &Inputs) -> Table {
        let rows = &self.trends;
        places(inputs, &rows.iter().map(|row| row.au2).collect::<Vec<_>>())
            .text("method_id", rows.iter().map(|r| Some(r.method)))
            .int("years", rows.iter().map(|r| Some(r.years as i64)))
            .float("relation_r_squared", rows.iter().map(|r| r.relation.map(|(r_squared, _)| r_squared)))
            .float("relation_p", rows.iter().map(|r| r.relation.map(|(_, p)| p)))
            .float("index_per_mm", rows.iter().map(|r| r.index_per_mm))
            .float("residual_slope_per_year", rows.iter().map(|r| r.slope_per_year))
            .float("mk_z", rows.iter().map(|r| r.test.map(|(z, _)| z)))
            .float("mk_p", rows.iter().map(|r| r.test.map(|(_, p)| p)))
            .text("class", rows.iter().map(|r| Some(r.class)))
            .text("form", rows.iter().map(|r| r.form.map(|form| form.as_str())))
            .int("break_year", rows.iter().map(|r| r.break_at.map(|(year, _)| i64::from(year))))
            .float("break_p", rows.iter().map(|r| r.break_at.map(|(_, p)| p)))
            .float("total_change", rows.iter().map(|r| r.total_change))
            .text("reasons", rows.iter().map(|r| (!r.reasons.is_empty()).then(|| r.reasons.join(";"))))
            .text("parameter_set", rows.iter().map(|_| Some(self.parameter_sets.as_str())))
    }
}
