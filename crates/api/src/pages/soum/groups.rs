//! The table of user groups: what the parts of a soum say, for those who manage them.

use maud::{Markup, html};

use crate::lang::Lang;
use crate::pages::soum::evidence::change_in_words;
use crate::pages::{number::fixed, parts};
use crate::soums::GroupBody;

/// The groups with area and every indicator told of them; nothing where the assessment was not made for groups.
pub(crate) fn groups(groups: &[GroupBody], lang: Lang) -> Markup {
    html! {
        @if !groups.is_empty() {
            h2 id="groups" { (lang.pick("Бэлчээр ашиглагчдын хэсэг (БАХ)", "Pasture user groups")) }
            table class="loose" {
                caption { (lang.pick("Хэсэгт төлөв, оноо байхгүй; өөрчлөлт нэмэх тэмдэгтэй бол сайжирсан", "A group has no status and no score; a change above zero is for the better")) }
                thead { tr {
                    th scope="col" { (lang.pick("Хэсэг", "Group")) }
                    th scope="col" class="n" { (lang.pick("Бэлчээр, га", "Rangeland, ha")) }
                    th scope="col" { (lang.pick("Үзүүлэлт", "Indicators")) }
                } }
                tbody { @for group in groups { (row(group, lang)) } }
            }
        }
    }
}

fn row(group: &GroupBody, lang: Lang) -> Markup {
    let name = match lang {
        Lang::Mn => group.name_mn.as_ref().or(group.name_en.as_ref()),
        Lang::En => group.name_en.as_ref().or(group.name_mn.as_ref()),
    };
    html! {
        tr {
            th scope="row" { (name.unwrap_or(&group.zone_id)) }
            td class="n" { @if let Some(area) = group.area_ha { (fixed(area, 0)) } @else { "-" } }
            td {
                ul {
                    @for told in &group.indicators {
                        li {
                            (told.indicator.indicator) " " (parts::class(told.indicator.class, lang)) ": "
                            @if told.release == Some("suppress") {
                                (lang.pick("хэлэхэд хэт тодорхойгүй", "too unsure to be told"))
                            } @else { (change_in_words(&told.indicator, lang)) }
                        }
                    }
                }
            }
        }
    }
}
