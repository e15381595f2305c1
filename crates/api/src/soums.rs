//! Soums: the list with its filters, one soum, and what was ever published of it.

mod csv;
mod features;
mod files;
mod filter;
mod format;
mod history;
mod list;
mod one;
mod pugs;
mod series;

pub(crate) use files::{__path_soum_file, names as file_names, soum_file};
pub(crate) use filter::Filter;
pub(crate) use format::Format;
pub(crate) use history::{__path_soum_history, HistoryRow, PublicationState, history, soum_history};
pub(crate) use list::{__path_list_soums, SoumSummary, list_soums};
pub(crate) use one::{__path_show_soum, show_soum};
pub(crate) use pugs::{__path_soum_pugs, GroupBody, groups, soum_pugs};
pub(crate) use series::{
    __path_soum_series, ConditionsBody, IndicatorSeries, SeriesBody, YearBody, series, soum_series,
};
