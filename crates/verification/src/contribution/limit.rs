//! What keeps a comparison with soums outside from saying more, in words of both languages.

use crate::coded::coded;

coded! {
    /// Why a comparison says no more than it does.
    ContributionLimit:
    /// Fewer donors than the scheme asks for.
    FewDonors = "few_donors",
        "Too few comparable soums lie outside the programme; nothing can be said of its part.",
        "Хөтөлбөрөөс гадуур харьцуулах сум хэт цөөн тул хөтөлбөрийн хувь нэмрийн талаар дүгнэх боломжгүй.";
    /// Too few donors, so that weather alone is the counterfactual.
    ByModel = "counterfactual_by_model",
        "Too few comparable soums lie outside the programme; the soum is compared with what its weather alone would let expect, and the claim can be consistent at most.",
        "Хөтөлбөрөөс гадуур харьцуулах сум хэт цөөн тул зөвхөн цаг агаараас хүлээгдэх утгатай харьцуулав; хамгийн ихдээ \"нийцэж байна\" гэж дүгнэнэ.";
    /// Mean and trend of the baseline do not tell the donors apart.
    DonorsNotComparable = "donors_not_comparable",
        "Baseline mean and trend do not vary between the soums outside, or are not known of this soum; no like ones can be chosen.",
        "Суурь хугацааны дундаж, хандлага гаднах сумдад ялгаагүй эсвэл энэ сумынх тодорхойгүй тул төстэй сум сонгох боломжгүй.";
    /// The difference could not be estimated.
    DifferenceNotFormed = "difference_not_formed",
        "Too few years are shared with the soums outside; the difference cannot be formed.",
        "Гаднах сумдтай давхцах жил хэт цөөн тул зөрүүг тооцох боломжгүй.";
    /// Trends diverged within the baseline.
    Diverged = "pre_trend_violation",
        "Soum and controls already diverged in the baseline; no contribution may be claimed.",
        "Сум ба хяналтын сумд суурь хугацаанд аль хэдийн зөрсөн тул хөтөлбөрийн хувь нэмрийг зарлаж болохгүй.";
    /// No test of diverging trends could be formed.
    PreTrendUntested = "pre_trend_untested",
        "Whether soum and controls diverged in the baseline cannot be tested; no contribution may be claimed.",
        "Сум ба хяналтын сумд суурь хугацаанд зөрсөн эсэхийг шалгах боломжгүй тул хөтөлбөрийн хувь нэмрийг зарлаж болохгүй.";
    /// The joint test needs more donors than baseline years.
    PreTrendBySlope = "pre_trend_by_slope",
        "The joint test of the baseline years needs more complete donors; the slope of the difference alone was tested.",
        "Суурь хугацааны жилүүдийг хамтад нь шалгахад бүрэн цуваатай сум хүрэлцээгүй тул зөвхөн зөрүүгийн налууг шалгав.";
    /// The soum did no better than the donors.
    NotBetter = "no_better_than_outside",
        "The soum did no better than like soums outside the programme.",
        "Тус сум хөтөлбөрөөс гадуурх төстэй сумдаас илүү сайжраагүй.";
    /// The interval does not exclude chance.
    ByChance = "difference_by_chance",
        "The difference may be chance by its own interval.",
        "Зөрүү нь өөрийн итгэлийн завсраар санамсаргүй байж болно.";
    /// No placebos could be formed.
    NoPlacebos = "no_placebos",
        "Too few soums outside have every year; placebos could not be formed, and the claim cannot be supported.",
        "Бүх жилийн утгатай гаднах сум хэт цөөн тул плацебо туршилт хийх боломжгүй; баталгаажуулж болохгүй.";
    /// So few placebos that none could show it.
    PlacebosCannotReach = "placebos_cannot_reach",
        "With so few soums outside, no placebo p can be small enough; the claim can be consistent at most.",
        "Гаднах сум ийм цөөн үед плацебо p хангалттай бага гарах боломжгүй тул хамгийн ихдээ \"нийцэж байна\" гэж дүгнэнэ.";
    /// Soums outside show as large a departure.
    PlacebosAsLarge = "placebos_as_large",
        "Soums outside the programme depart from their own controls as much.",
        "Хөтөлбөрөөс гадуурх сумд ч өөрсдийн хяналтаас тийм хэмжээгээр зөрсөн байна.";
    /// The synthetic control does not follow the baseline.
    SyntheticDiscarded = "synthetic_discarded",
        "No weighting of soums outside follows the soum's baseline closely enough; the effect against it is not told.",
        "Гаднах сумдын ямар ч жинлэлт сумын суурь хугацааг хангалттай дагахгүй тул түүнтэй харьцуулсан нөлөөг заахгүй.";
    /// The synthetic control shows no gain.
    SyntheticDisagrees = "synthetic_disagrees",
        "Against the synthetic control the soum did not gain; the claim can be consistent at most.",
        "Нийлмэл хяналттай харьцуулахад сум сайжраагүй тул хамгийн ихдээ \"нийцэж байна\" гэж дүгнэнэ.";
}
