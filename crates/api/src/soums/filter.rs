//! Which soums a reader asks for.

use belcheer_assessment::result::SoumRow;
use belcheer_domain::{Status, aimag_of, fold_name};

use crate::places::Places;
use crate::problem::Problem;
use crate::query::Bbox;

/// Conditions that a soum must meet; what is `None` does not narrow.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    status: Option<Status>,
    aimag: Option<String>,
    bbox: Option<Bbox>,
    wanted: Option<String>,
}

impl Filter {
    /// Reads the conditions as written.
    pub(crate) fn read(
        status: Option<&str>,
        aimag: Option<&str>,
        bbox: Option<&str>,
        q: Option<&str>,
    ) -> Result<Self, Problem> {
        let words: Vec<_> = Status::ALL.iter().map(|s| s.as_str()).collect();
        let words = words.join(", ");
        let status = status
            .map(|text| {
                let expected = (format!("{words} аль нэг"), format!("one of {words}"));
                text.parse().map_err(|_| Problem::bad_parameter("status", text, (&expected.0, &expected.1)))
            })
            .transpose()?;
        let bbox = bbox.map(Bbox::parse).transpose()?;
        Ok(Self { status, aimag: aimag.map(fold_name), bbox, wanted: q.map(fold_name) })
    }

    /// Whether a soum meets every condition.
    pub(crate) fn passes(&self, row: &SoumRow, places: &Places) -> bool {
        self.status.is_none_or(|status| row.status == status)
            && self.aimag.as_deref().is_none_or(|aimag| in_aimag(row, aimag))
            && self.bbox.is_none_or(|bbox| {
                places.get(&row.au2).and_then(|place| place.bbox).is_some_and(|other| bbox.meets(other))
            })
            && self.wanted.as_deref().is_none_or(|wanted| is_named(row, wanted))
    }
}

/// Whether a soum lies in the aimag of a folded name or a code of two or three digits.
fn in_aimag(row: &SoumRow, aimag: &str) -> bool {
    let known = aimag_of(row.au2);
    let au1 = row.au2.au1();
    fold_name(&row.aimag) == aimag
        || known.is_some_and(|a| fold_name(a.mn) == aimag || fold_name(a.en) == aimag)
        || au1 == aimag
        || au1.strip_prefix('0') == Some(aimag)
}

/// Whether a folded text is part of a soum's code or of one of its names.
fn is_named(row: &SoumRow, wanted: &str) -> bool {
    let in_name = |name: &Option<String>| name.as_deref().is_some_and(|n| fold_name(n).contains(wanted));
    !wanted.is_empty() && (row.au2.to_string().contains(wanted) || in_name(&row.name_mn) || in_name(&row.name_en))
}
