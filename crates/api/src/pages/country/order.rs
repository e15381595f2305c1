//! The order of the list: by any column, names as Mongolian sorts them; what is missing comes last either way.

use std::cmp::Ordering;

use belcheer_assessment::result::SoumRow;
use belcheer_domain::{Class, Indicator, Status, mongolian_order};

use super::{Classes, aimag_of_row};
use crate::lang::Lang;

/// The columns by which the list is ordered, with their headings.
const COLUMNS: [(&str, &str, &str); 12] = [
    ("code", "код", "code"),
    ("name", "сумын нэр", "name"),
    ("aimag", "аймаг", "aimag"),
    ("status", "төлөв", "status"),
    ("score", "оноо", "score"),
    ("I1", "I1", "I1"),
    ("I2", "I2", "I2"),
    ("I3", "I3", "I3"),
    ("I4", "I4", "I4"),
    ("I5", "I5", "I5"),
    ("area", "бэлчээрийн талбай", "rangeland area"),
    ("findings", "тэмдэглэлийн тоо", "findings"),
];

/// Every column and its name.
pub(super) fn columns(lang: Lang) -> impl Iterator<Item = (&'static str, &'static str)> {
    COLUMNS.iter().map(move |(key, mn, en)| (*key, lang.pick(mn, en)))
}

/// Whether a word names a column.
pub(super) fn is_column(word: &str) -> bool {
    COLUMNS.iter().any(|(key, ..)| *key == word)
}

/// What a soum is ordered by.
enum Value {
    Number(f64),
    Text(Vec<u32>),
}

/// Puts soums into the order of a column; equals keep their order.
pub(super) fn order(soums: &mut [(&SoumRow, bool)], column: &str, descending: bool, classes: &Classes, lang: Lang) {
    soums.sort_by_cached_key(|(row, _)| Place { value: value(row, column, classes, lang), descending });
}

/// A value with the direction in which it is ordered.
struct Place {
    value: Option<Value>,
    descending: bool,
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        let found = match (&self.value, &other.value) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Greater,
            (Some(_), None) => return Ordering::Less,
            (Some(Value::Number(a)), Some(Value::Number(b))) => a.total_cmp(b),
            (Some(Value::Text(a)), Some(Value::Text(b))) => a.cmp(b),
            (Some(Value::Number(_)), Some(Value::Text(_))) => Ordering::Less,
            (Some(Value::Text(_)), Some(Value::Number(_))) => Ordering::Greater,
        };
        if self.descending { found.reverse() } else { found }
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Place {}

fn value(row: &SoumRow, column: &str, classes: &Classes, lang: Lang) -> Option<Value> {
    let rank = |place: Option<usize>| place.map(|place| Value::Number(place as f64));
    let text = |text: &str| Some(Value::Text(mongolian_order(text)));
    match column {
        "code" => Some(Value::Number(f64::from(row.au2.number()))),
        "name" => {
            let (mn, en) = (row.name_mn.as_deref(), row.name_en.as_deref());
            let shown = match lang {
                Lang::Mn => mn.or(en),
                Lang::En => en.or(mn),
            };
            shown.and_then(text)
        }
        "aimag" => text(&aimag_of_row(row, lang)),
        "status" => rank(Status::ALL.iter().position(|status| *status == row.status)),
        "score" => row.score.map(Value::Number),
        "area" => row.rangeland_area_ha.map(Value::Number),
        "findings" => Some(Value::Number(f64::from(row.findings))),
        indicator => {
            let indicator = Indicator::ALL.iter().find(|one| one.as_str() == indicator)?;
            let class = classes.get(&(row.au2, *indicator))?;
            rank([Class::Improved, Class::Stable, Class::Declined, Class::Insufficient].iter().position(|c| c == class))
        }
    }
}
