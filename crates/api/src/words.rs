//! The words of a verification in Mongolian and English.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use belcheer_domain::{Class, Indicator, Severity, Status};
use belcheer_rangeland::{ParameterSet, drought::Drought, stocking::StockingClasses};
use belcheer_verification::{ContributionLimit, Flag, Reason};

use crate::lang::Text;

/// The verdict on a soum.
pub(crate) fn status(status: Status) -> Text {
    let (mn, en) = match status {
        Status::VerifiedImproving => ("баталгаажсан - сайжирч буй", "verified - improving"),
        Status::VerifiedMaintained => ("баталгаажсан - тогтвортой", "verified - maintained"),
        Status::NotVerified => ("баталгаажаагүй", "not verified"),
        Status::InsufficientEvidence => ("нотолгоо хангалтгүй", "insufficient evidence"),
    };
    Text::new(mn, en)
}

/// What an indicator says.
pub(crate) fn class(class: Class) -> Text {
    let (mn, en) = match class {
        Class::Improved => ("сайжирсан", "improved"),
        Class::Stable => ("тогтвортой", "stable"),
        Class::Declined => ("буурсан", "declined"),
        Class::Insufficient => ("нотолгоо хангалтгүй", "insufficient evidence"),
    };
    Text::new(mn, en)
}

/// The name of an indicator.
pub(crate) fn indicator(indicator: Indicator) -> Text {
    Text::new(indicator.name_mn(), indicator.name_en())
}

/// How much a finding matters.
pub(crate) fn severity(severity: Severity) -> Text {
    let mn = match severity {
        Severity::Info => "мэдээлэл",
        Severity::Warning => "анхааруулга",
        Severity::Error => "алдаа",
    };
    Text::new(mn, severity.as_str())
}

/// What limits a comparison with soums outside the programme.
pub(crate) fn contribution_limit(limit: ContributionLimit) -> Text {
    Text::new(limit.text_mn(), limit.text_en())
}

/// A machine-readable reason or flag as a sentence; a code that is not known stands for itself.
pub(crate) fn reason(code: &str) -> Text {
    let reason = Reason::ALL.iter().find(|r| r.code() == code).map(|r| (r.text_mn(), r.text_en()));
    let flag = || Flag::ALL.iter().find(|f| f.code() == code).map(|f| (f.text_mn(), f.text_en()));
    let (mn, en) = reason.or_else(flag).unwrap_or((code, code));
    Text::new(mn, en)
}

/// A season of use; an unknown code stands for itself.
pub(crate) fn season(code: &str) -> Text {
    match code {
        "summer_autumn" => Text::new("зун-намар", "summer-autumn"),
        "winter_spring" => Text::new("өвөл-хавар", "winter-spring"),
        other => Text::new(other, other),
    }
}

/// How bad a drought was.
pub(crate) fn drought(class: Drought) -> Text {
    let (mn, en) = match class {
        Drought::None => ("гангүй", "no drought"),
        Drought::Mild => ("гандуу", "mild drought"),
        Drought::Moderate => ("дунд зэргийн ган", "moderate drought"),
        Drought::Severe => ("хүчтэй ган", "severe drought"),
        Drought::Extreme => ("маш хүчтэй ган", "extreme drought"),
    };
    Text::new(mn, en)
}

/// A unit as written behind a number; an unknown one stands for itself.
pub(crate) fn unit(code: &str) -> Text {
    match code {
        "percent" => Text::new("%", "%"),
        "points" => Text::new("нэгж хувь", "points"),
        "ln_ratio" => Text::new("ln харьцаа", "ln ratio"),
        "percent_per_year" => Text::new("%/жил", "%/year"),
        "vegetation_index" => Text::new("ургамлын индекс", "vegetation index"),
        "percent_class_1_2" => Text::new("% I-II түвшинд", "% in class I-II"),
        "stocking_ratio" => Text::new("мал / даац", "livestock / capacity"),
        "percent_degraded" => Text::new("% доройтсон", "% degraded"),
        "percent_lost_per_year" => Text::new("%/жил алдагдсан", "% lost per year"),
        other => Text::new(other, other),
    }
}

/// A class of the stocking ratio; an unknown code stands for itself.
pub(crate) fn stocking_class(code: &str) -> Text {
    static NAMES: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| {
        let classes = StockingClasses::all().unwrap_or_default().into_iter().flat_map(|set| set.class);
        classes.map(|c| (c.id, Text::new(c.name_mn, c.name_en))).collect()
    });
    NAMES.get(code).cloned().unwrap_or_else(|| Text::new(code, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_have_words_and_unknown_ones_stand_for_themselves() {
        assert_eq!(stocking_class("over_capacity").mn, "даац хэтэрсэн");
        assert_eq!(stocking_class("strange").en, "strange");
        assert_ne!(reason("no_weather").mn, "no_weather");
        assert_eq!(reason("strange"), Text::new("strange", "strange"));
        assert_eq!(unit("points").mn, "нэгж хувь");
        assert_eq!(season("winter_spring").mn, "өвөл-хавар");
    }
}
