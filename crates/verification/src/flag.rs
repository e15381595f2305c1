//! Marks on an indicator's evidence: what each blocks, in words of both languages.

use serde::{Deserialize, Serialize};

use crate::{Reason, coded::coded};

/// What a flag keeps an indicator from being called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blocks {
    /// Nothing; it is printed beside the result.
    Nothing,
    /// `improved` alone: a decline still counts.
    Improved,
    /// Every class: the evidence is not fit to decide.
    Everything,
}

macro_rules! flags {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $blocks:ident, $reason:ident, $en:literal, $mn:literal;)+) => {
        coded! {
            /// A mark on the evidence of one indicator of one soum.
            Flag: $($(#[$doc])* $variant = $code, $en, $mn;)+
        }

        impl Flag {
            /// What the flag blocks.
            #[must_use]
            pub fn blocks(self) -> Blocks {
                match self { $(Self::$variant => Blocks::$blocks),+ }
            }

            /// The reason that a verdict gives when this flag blocks it.
            #[must_use]
            pub fn reason(self) -> Reason {
                match self { $(Self::$variant => Reason::$reason),+ }
            }
        }
    };
}

flags! {
    /// The herd fell so much within a year that deaths must be assumed.
    InvoluntaryDestocking = "involuntary_destocking", Improved, InvoluntaryDestocking,
        "The herd fell within a year by more than the scheme allows, as in a dzud; a fall in pressure by deaths is no improvement.",
        "Нэг жилд малын тоо схемд зөвшөөрснөөс их буурсан нь зудын хорогдол байж болно; хорогдлоос болж ачаалал буурсныг сайжралт гэж үзэхгүй.";
    /// Much rangeland was converted after the baseline.
    LandConverted = "land_converted", Improved, LandConverted,
        "Much of the rangeland was converted after the baseline; fields are greener than pasture, which is no improvement.",
        "Суурь хугацаанаас хойш бэлчээрийн ихээхэн хэсгийн зориулалт өөрчлөгдсөн; тариалангийн талбай бэлчээрээс ногоон байдгийг сайжралт гэж үзэхгүй.";
    /// The share of good pasture rose while the worst classes grew too.
    SeverityWorse = "severity_worse", Improved, SeverityWorse,
        "The share of recovery classes IV and V grew; both measures must be no worse for an improvement.",
        "Сэргэх чадавхийн IV, V түвшний эзлэх хувь нэмэгдсэн; сайжралт гэхэд хоёр үзүүлэлт хоёулаа дордоогүй байх ёстой.";
    /// Weather was not taken out.
    WeatherUnadjusted = "weather_unadjusted", Improved, WeatherUnadjusted,
        "Weather is not taken out of the change; a run of wet years would look like an improvement.",
        "Өөрчлөлтөөс цаг агаарын нөлөөг хасаагүй; чийглэг жилүүд сайжралт мэт харагдаж болно.";
    /// A break between sensors or processing versions lies within the series.
    SensorBreak = "sensor_break", Everything, SensorBreak,
        "The series breaks where the sensor or its processing changed.",
        "Хиймэл дагуулын мэдрэгч эсвэл боловсруулалт солигдсон үед цуваа тасарсан байна.";
    /// Admissible parameter sets disagree on the class.
    ParameterSetsDisagree = "parameter_sets_disagree", Everything, ParameterSetsDisagree,
        "Fewer than 80 % of the admissible parameter sets give the same class.",
        "Зөвшөөрөгдөх параметрийн багцуудын 80-аас бага хувь нь ижил ангилал өгч байна.";
    /// Too few soums in the zone for zone-by-year effects.
    FewZonePeers = "few_zone_peers", Nothing, NotSignificant,
        "Too few soums of the zone have values; zone-wide years are not taken out.",
        "Бүсийн хангалттай олон сум утгагүй тул бүсийн нийтлэг жилийн нөлөөг хасаагүй.";
    /// Some years were left out for lack of peers.
    YearsWithoutPeers = "years_without_peers", Nothing, NotSignificant,
        "Years in which too few soums of the zone have values are left out.",
        "Бүсийн цөөн сум утгатай жилүүдийг хасав.";
    /// The panel had no zone with enough soums.
    NoZoneYearEffects = "no_zone_year_effects", Nothing, NotSignificant,
        "The weather relation was fitted without zone-by-year effects.",
        "Цаг агаарын хамаарлыг бүс, жилийн нөлөөгүйгээр тооцсон.";
    /// There are no weather covariates.
    NoWeatherCovariates = "no_weather_covariates", Nothing, NoWeather,
        "There are no weather covariates for this soum; only zone-wide years are taken out, where known.",
        "Энэ сумын цаг агаарын мэдээ алга; мэдэгдэж буй бол зөвхөн бүсийн нийтлэг жилийн нөлөөг хасна.";
    /// Some years lack weather.
    YearsWithoutWeather = "years_without_weather", Nothing, NoWeather,
        "Years without weather values are left out of the adjusted series.",
        "Цаг агаарын утгагүй жилүүдийг засварласан цуваанаас хасав.";
    /// A covariate could not be separated from soum and zone-year effects.
    WeatherNotEstimable = "weather_not_estimable", Nothing, NoWeather,
        "A weather covariate does not vary between the soums of a zone, so its effect could not be told apart.",
        "Цаг агаарын нэг үзүүлэлт бүсийн сумдын хооронд ялгаагүй тул нөлөөг нь салгаж чадсангүй.";
    /// The zone as a whole declined.
    ZoneCommonDecline = "zone_common_decline", Nothing, NotSignificant,
        "The zone as a whole declined; this soum is judged relative to its zone.",
        "Бүс бүхэлдээ доройтсон; энэ сумыг бүстэй нь харьцуулан дүгнэсэн.";
    /// Years persist, so they count for fewer.
    AutocorrelatedYears = "autocorrelated_years", Nothing, NotSignificant,
        "Neighbouring years resemble each other, so they count for fewer independent years.",
        "Зэргэлдээ жилүүд хоорондоо төстэй тул цөөн тооны бие даасан жилээр тооцов.";
    /// Matched controls already differed before the baseline ended.
    PreTrendViolation = "pre_trend_violation", Nothing, NotSignificant,
        "Soum and controls already diverged in the baseline; no contribution may be claimed.",
        "Сум ба хяналтын сумд суурь хугацаанд аль хэдийн зөрсөн тул хөтөлбөрийн хувь нэмрийг зарлаж болохгүй.";
}
