//! Machine-readable reasons of a verdict, in the order in which they have to be resolved.

use std::fmt;

use crate::coded::coded;

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $code:literal: $en:literal, $mn:literal => $fix_en:literal, $fix_mn:literal;)+) => {
        coded! {
            /// Why a verdict is what it is; the order is that of need: what stands first must be resolved first.
            #[non_exhaustive]
            Reason: $($(#[$doc])* $variant = $code, $en, $mn;)+
        }

        impl Reason {
            /// What resolves it, in English, where no number is known.
            pub(crate) fn fix_en(self) -> &'static str {
                match self { $(Self::$variant => $fix_en),+ }
            }

            /// The same in Mongolian.
            pub(crate) fn fix_mn(self) -> &'static str {
                match self { $(Self::$variant => $fix_mn),+ }
            }
        }
    };
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

reasons! {
    /// An input is held but cannot be used yet.
    NeedsMetadata = "needs_metadata":
        "A raster is held without date, product or scale.", "Растер огноо, бүтээгдэхүүн эсвэл масштабын мэдээлэлгүй байна."
        => "state date, product and scale of the held raster", "растерын огноо, бүтээгдэхүүн, масштабыг оруулах";
    /// No vegetation index stack.
    NoViStack = "no_vi_stack":
        "There is no vegetation index stack.", "Ургамлын индексийн цуваа алга."
        => "ingest yearly vegetation index rasters", "жил бүрийн ургамлын индексийн растер оруулах";
    /// No rangeland mask.
    NoRangelandMask = "no_rangeland_mask":
        "No rangeland could be delineated.", "Бэлчээрийн талбайг тодорхойлж чадсангүй."
        => "ingest a land-cover raster", "газрын бүрхэвчийн растер оруулах";
    /// No weather series.
    NoWeather = "no_weather":
        "There is no weather series.", "Цаг агаарын цуваа алга."
        => "ingest yearly precipitation and temperature of the soum", "сумын жил бүрийн хур тунадас, агаарын температурыг оруулах";
    /// No biomass plots.
    NoPlots = "no_plots":
        "There are no biomass plots.", "Ургацын хэмжилтийн талбай алга."
        => "ingest biomass plots of the agency", "агентлагийн ургацын хэмжилтийн мэдээг оруулах";
    /// No re-visited photo points.
    NoPhotoPoints = "no_photo_points":
        "There are no photo points visited in both periods.", "Хоёр хугацаанд хоёуланд нь үзсэн фотомониторингийн цэг алга."
        => "re-visit the photo points of the baseline", "суурь хугацааны фотомониторингийн цэгүүдэд дахин хэмжилт хийх";
    /// The natural zone is not known.
    ZoneUnknown = "zone_unknown":
        "The natural zone of the soum is not known.", "Сумын байгалийн бүс тодорхойгүй."
        => "ingest photo points or plots that name their natural zone", "байгалийн бүсийг нь заасан фотомониторингийн цэг эсвэл хэмжилтийн талбай оруулах";
    /// No livestock series.
    NoLivestockSeries = "no_livestock_series":
        "There is no yearly livestock series.", "Малын тооны жил бүрийн цуваа алга."
        => "ingest the yearly livestock counts", "жил бүрийн мал тооллогын дүнг оруулах";
    /// No land-cover series.
    NoLandCoverSeries = "no_land_cover_series":
        "There is no land-cover series.", "Газрын бүрхэвчийн цуваа алга."
        => "ingest land cover of the baseline and of the reporting period", "суурь болон тайлант хугацааны газрын бүрхэвчийг оруулах";
    /// The indicator was not computed.
    NotComputed = "not_computed":
        "The indicator was not computed.", "Үзүүлэлтийг тооцоогүй."
        => "ingest the inputs of this indicator", "энэ үзүүлэлтийн оролтын мэдээг оруулах";
    /// One period stands for both.
    SinglePeriod = "single_period":
        "There are values of one period only.", "Зөвхөн нэг хугацааны утга байна."
        => "ingest the other period", "нөгөө хугацааны мэдээг оруулах";
    /// No value in the baseline.
    NoBaselineData = "no_baseline_data":
        "There is no value in the baseline.", "Суурь хугацаанд утга алга."
        => "ingest the baseline years", "суурь хугацааны жилүүдийн мэдээг оруулах";
    /// No value in the reporting period.
    NoReportingData = "no_reporting_data":
        "There is no value in the reporting period.", "Тайлант хугацаанд утга алга."
        => "ingest the reporting years", "тайлант хугацааны жилүүдийн мэдээг оруулах";
    /// Fewer baseline years than the scheme asks for.
    TooFewBaselineYears = "too_few_baseline_years":
        "The baseline has fewer years with data than the scheme asks for.", "Суурь хугацааны мэдээтэй жил схемийн шаардлагаас цөөн."
        => "ingest more baseline years", "суурь хугацааны жилүүдийг нэмж оруулах";
    /// Fewer reporting years than the scheme asks for.
    TooFewReportingYears = "too_few_reporting_years":
        "The reporting period has fewer years with data than the scheme asks for.", "Тайлант хугацааны мэдээтэй жил схемийн шаардлагаас цөөн."
        => "wait for or ingest more reporting years", "тайлант хугацааны жилүүдийг нэмж оруулах";
    /// The years do not vary at all.
    NoBetweenYearVariance = "no_between_year_variance":
        "The years of a period do not vary at all, so chance cannot be judged.", "Жилүүдийн утга огт ялгаагүй тул санамсаргүй хэлбэлзлийг үнэлэх боломжгүй."
        => "check whether one value was repeated for several years", "нэг утгыг олон жилд давтан оруулсан эсэхийг шалгах";
    /// Too little of the assessed area was observed.
    CoverageBelowMinimum = "coverage_below_minimum":
        "Too little of the assessed rangeland has valid observations.", "Үнэлсэн бэлчээрийн хүчинтэй ажиглалттай хэсэг хангалтгүй."
        => "ingest observations of the missing part", "дутуу хэсгийн ажиглалтыг оруулах";
    /// How much was observed is not known.
    CoverageUnknown = "coverage_unknown":
        "It is not known how much of the assessed rangeland was observed.", "Үнэлсэн бэлчээрийн хэдий хэсгийг ажигласан нь тодорхойгүй."
        => "state the observed share of the rangeland", "бэлчээрийн ажигласан хэсгийн эзлэх хувийг заах";
    /// A small area's estimate is too unsure to be told.
    CvAboveLimit = "cv_above_limit":
        "The estimate of so small an area is too unsure to be told.", "Ийм бага талбайн үнэлгээ хэт тодорхойгүй тул мэдээлэхгүй."
        => "visit more photo points there", "тэнд фотомониторингийн цэг нэмж үзэх";
    /// The indicator is relative to the zone's years.
    ZoneYearsTakenOut = "zone_years_taken_out":
        "What is common to a natural zone in a year is taken out of this indicator, so that a whole zone cannot change by it.", "Тухайн жилд байгалийн бүсэд нийтлэг нөлөөг энэ үзүүлэлтээс хасдаг тул бүхэл бүсээр өөрчлөлт гарахгүй."
        => "look at the unadjusted change", "засваргүй өөрчлөлтийг харах";
    /// Some flag blocks the class.
    BlockingFlag = "blocking_flag":
        "A flag on the evidence blocks the class.", "Нотолгоон дээрх тэмдэглэгээ ангиллыг хориглож байна."
        => "resolve the flag named beside", "хавсарган заасан тэмдэглэгээг шийдвэрлэх";
    /// A break in the sensor series.
    SensorBreak = "sensor_break":
        "The series breaks where the sensor or its processing changed.", "Мэдрэгч эсвэл боловсруулалт солигдсон үед цуваа тасарсан."
        => "calibrate the sensors over their common years", "мэдрэгчүүдийг давхцсан жилүүдээр нь тохируулах";
    /// Parameter sets disagree.
    ParameterSetsDisagree = "parameter_sets_disagree":
        "The class depends on the choice of the parameter set.", "Ангилал параметрийн багцын сонголтоос хамаарч байна."
        => "agree on one parameter set with the agency", "параметрийн багцыг агентлагтай тохирох";
    /// Deaths lowered the pressure.
    InvoluntaryDestocking = "involuntary_destocking":
        "Pressure fell because animals died, or the herd fell so fast that deaths must be assumed.", "Мал хорогдсоны улмаас, эсвэл хорогдсон гэж үзэхээр огцом буурснаас ачаалал буурсан."
        => "judge again when no such fall lies after the baseline", "суурь хугацаанаас хойш ийм бууралтгүй болсон үед дахин дүгнэх";
    /// Conversion makes the land greener.
    LandConverted = "land_converted":
        "Rangeland was converted after the baseline, which makes it greener without being better pasture.", "Суурь хугацаанаас хойш бэлчээрийн зориулалт өөрчлөгдсөн нь бэлчээр сайжраагүй ч ногоороход хүргэдэг."
        => "measure what is left of the rangeland apart", "үлдсэн бэлчээрийг тусад нь хэмжих";
    /// The worst classes grew.
    SeverityWorse = "severity_worse":
        "The worst recovery classes grew.", "Хамгийн доройтсон түвшний бэлчээр нэмэгдсэн."
        => "check the points of recovery classes IV and V on the ground", "IV, V түвшний цэгүүдийг газар дээр нь шалгах";
    /// Weather is in the change.
    WeatherUnadjusted = "weather_unadjusted":
        "Weather is not taken out of the change.", "Өөрчлөлтөөс цаг агаарын нөлөөг хасаагүй."
        => "ingest yearly precipitation and temperature", "жил бүрийн хур тунадас, температурыг оруулах";
    /// The evidence tier is too low for the class.
    TierTooLow = "tier_too_low":
        "The evidence tier is too low for this class.", "Нотолгооны түвшин энэ ангилалд хүрэлцэхгүй."
        => "ingest agency rasters, plots or photo points", "агентлагийн растер, хэмжилтийн талбай эсвэл фотомониторингийн цэгийг оруулах";
    /// The soum's own noise widened the margin too far.
    NoiseFloorTooHigh = "noise_floor_too_high":
        "The soum's own year-to-year noise is wider than any margin the scheme admits.", "Сумын жил хоорондын хэлбэлзэл схемийн зөвшөөрөх хязгаараас их."
        => "add plots or photo points to lower the noise", "хэлбэлзлийг бууруулахын тулд хэмжилтийн цэг нэмэх";
    /// The minimum detectable change is more than twice the margin.
    MdcGt2Eps = "mdc_gt_2eps":
        "The minimum detectable change is more than twice the margin.", "Илрүүлж болох хамгийн бага өөрчлөлт хязгаарын хоёр дахин хэмжээнээс их."
        => "add points or reporting years", "хэмжилтийн цэг эсвэл тайлант жил нэмэх";
    /// The minimum detectable change is not known.
    MdcUnknown = "mdc_unknown":
        "The minimum detectable change is not known, so \"no change\" may not be said.", "Илрүүлж болох хамгийн бага өөрчлөлт тодорхойгүй тул \"өөрчлөлтгүй\" гэж хэлж болохгүй."
        => "compute the minimum detectable change", "илрүүлж болох хамгийн бага өөрчлөлтийг тооцох";
    /// The interval crosses the margin.
    CiCrossesMargin = "ci_crosses_margin":
        "The interval crosses the margin, so neither change nor stability is shown.", "Итгэх интервал хязгаарыг давсан тул өөрчлөлт ч, тогтвортой байдал ч нотлогдоогүй."
        => "add points or reporting years", "хэмжилтийн цэг эсвэл тайлант жил нэмэх";
    /// The change is not beyond chance.
    NotSignificant = "not_significant":
        "The change is not beyond chance, given all soums tested.", "Шалгасан бүх сумыг харгалзвал өөрчлөлт санамсаргүй хэлбэлзлээс хэтрээгүй."
        => "add points or reporting years", "хэмжилтийн цэг эсвэл тайлант жил нэмэх";
    /// Better beyond chance, yet smaller than a change that matters.
    EffectBelowMinimum = "effect_below_minimum":
        "The change for the better is smaller than the smallest that may be called an improvement.", "Сайжрал нь сайжралт гэж нэрлэх хамгийн бага хэмжээнд хүрэхгүй."
        => "judge again after the next reporting year", "дараагийн тайлант жилийн дараа дахин дүгнэх";
    /// A decline was measured on evidence that may not decide.
    DeclineUnconfirmed = "decline_unconfirmed":
        "A decline beyond chance was measured, yet the evidence is not fit to confirm it; the soum cannot be verified.",
        "Санамсаргүй хэлбэлзлээс хэтэрсэн доройтол хэмжигдсэн боловч нотолгоо баталгаажуулахад хүрэлцэхгүй; сумыг баталгаажуулах боломжгүй."
        => "complete the evidence of the decline", "доройтлын нотолгоог бүрдүүлэх";
    /// An indicator declined.
    IndicatorDeclined = "indicator_declined":
        "At least one indicator declined.", "Дор хаяж нэг үзүүлэлт доройтсон."
        => "agree on restoration of the declined indicator", "доройтсон үзүүлэлтийг нөхөн сэргээх арга хэмжээг тохирох";
    /// I1 or I2 is not decided.
    KeyIndicatorUndecided = "key_indicator_undecided":
        "Productivity (I1) or pasture condition (I2) is not decided.", "Бүтээмж (I1) эсвэл бэлчээрийн төлөв байдал (I2) шийдэгдээгүй."
        => "resolve the reasons of I1 and I2", "I1, I2 үзүүлэлтийн шалтгааныг шийдвэрлэх";
    /// Too few indicators for a score.
    TooFewIndicators = "too_few_indicators":
        "Too few indicators are decided for a score.", "Оноо тооцоход шийдэгдсэн үзүүлэлт цөөн."
        => "resolve the reasons of the undecided indicators", "шийдэгдээгүй үзүүлэлтүүдийн шалтгааныг шийдвэрлэх";
    /// Neither I1 nor I2 rests on agency data.
    KeyTierTooLow = "key_tier_too_low":
        "Neither I1 nor I2 reaches tier T2, so there is no score.", "I1, I2-ын аль нь ч T2 түвшинд хүрээгүй тул оноо тооцохгүй."
        => "ingest agency rasters or calibrate with plots", "агентлагийн растер оруулах эсвэл хэмжилтийн талбайгаар тохируулах";
    /// A decline caps the score.
    CappedByDecline = "capped_by_decline":
        "A decline caps the score.", "Доройтол байгаа тул оноог хязгаарласан."
        => "resolve the declined indicator", "доройтсон үзүүлэлтийг шийдвэрлэх";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_distinct_snake_case_and_every_text_is_bilingual() {
        let codes: BTreeSet<&str> = Reason::ALL.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        let cyrillic = |text: &str| text.chars().any(|c| ('\u{0400}'..='\u{04FF}').contains(&c));
        for reason in Reason::ALL {
            assert!(reason.code().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
            assert!(cyrillic(reason.text_mn()) && cyrillic(reason.fix_mn()), "{reason}");
            assert!(!cyrillic(reason.text_en()) && !cyrillic(reason.fix_en()), "{reason}");
        }
    }
}
