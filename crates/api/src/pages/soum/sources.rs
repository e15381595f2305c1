//! Findings, inputs and method: what the verdict rests on.

use maud::{Markup, html};

use crate::lang::{Lang, Text};
use crate::verification::{FindingBody, VerificationBody};
use crate::words;

/// What was noticed about this soum, then about inputs as a whole.
pub(crate) fn findings(found: &VerificationBody, lang: Lang) -> Markup {
    html! {
        (table(&found.findings, lang.pick("Энэ сумын тэмдэглэл", "Findings about this soum"), lang))
        (table(&found.global_findings, lang.pick("Оролтын нийтлэг тэмдэглэл", "Findings about the inputs"), lang))
    }
}

fn table(findings: &[FindingBody], title: &str, lang: Lang) -> Markup {
    html! {
        @if !findings.is_empty() {
            h2 { (title) }
            table {
                caption { (lang.pick("Тэмдэглэл", "Findings")) ": " (findings.len()) }
                thead { tr {
                    th scope="col" { (lang.pick("Зэрэг", "Severity")) }
                    th scope="col" { (lang.pick("Тайлбар", "Text")) }
                    th scope="col" { (lang.pick("Оролт", "Input")) }
                    th scope="col" class="n" { (lang.pick("Тоо", "Count")) }
                } }
                tbody {
                    @for finding in findings {
                        tr {
                            td { (words::severity(finding.severity).get(lang)) }
                            td { (finding.text.get(lang)) " " code { (finding.code) } }
                            td { (finding.input) @if let Some(place) = &finding.place { ", " (place) } }
                            td class="n" { (finding.count) }
                        }
                    }
                }
            }
        }
    }
}

/// The inputs, by digest.
pub(crate) fn inputs(found: &VerificationBody, lang: Lang) -> Markup {
    html! {
        h2 { (lang.pick("Оролтын өгөгдөл", "Inputs")) }
        details {
            summary { (found.inputs.len()) " " (lang.pick("өгөгдөл, хэшээр", "data sets, by digest")) }
            table {
                caption { (found.inputs.len()) " " (lang.pick("өгөгдөл", "data sets")) }
                thead { tr {
                    th scope="col" { (lang.pick("Төрөл", "Kind")) }
                    th scope="col" { (lang.pick("Файл", "File")) }
                    th scope="col" { (lang.pick("Хэш", "Digest")) }
                } }
                tbody {
                    @for input in &found.inputs {
                        tr {
                            td { (input.kind) }
                            td { (input.name) }
                            td { a href=(input.href) { code { (input.digest) } } }
                        }
                    }
                }
            }
        }
    }
}

/// Scheme, parameter sets, and the same as JSON.
pub(crate) fn method(found: &VerificationBody, lang: Lang) -> Markup {
    html! {
        h2 { (lang.pick("Арга зүй", "Method")) }
        dl {
            dt { (lang.pick("Схем", "Scheme")) }
            dd { (found.method.scheme) " " code { (found.method.scheme_digest) } }
            dt { (lang.pick("Үнэлгээ", "Assessment")) }
            dd { code { (found.assessment) } }
            dt { (lang.pick("Параметрийн багц", "Parameter sets")) }
            dd { (found.method.parameter_sets.join(", ")) }
            dt { "JSON" }
            dd {
                a href=(found.links.this) { (lang.pick("баталгаажуулалт", "verification")) } " · "
                a href=(found.links.soum) { (lang.pick("сум", "soum")) } " · "
                a href=(found.links.history) { (lang.pick("түүх", "history")) }
            }
        }
    }
}

/// The same to take away: tables, and everything with the border for map programs.
pub(crate) fn files(found: &VerificationBody, lang: Lang) -> Markup {
    html! {
        h2 id="files" { (lang.pick("Татаж авах", "Downloads")) }
        ul class="files" {
            @for address in &found.links.files {
                li { a href=(address) download { (file_name(address)) } " " (described(file_name(address)).get(lang)) }
            }
            li { a href=(found.links.this) { "verification.json" } " " (lang.pick("бүх дүгнэлт, JSON", "the whole verification, JSON")) }
            li { a href=(found.links.series) { "series.json" } " " (lang.pick("жилүүд, JSON", "the years, JSON")) }
        }
        button type="button" data-print hidden { (lang.pick("Хэвлэх", "Print")) }
    }
}

fn file_name(address: &str) -> &str {
    let path = address.split_once('?').map_or(address, |(path, _)| path);
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn described(name: &str) -> Text {
    match name {
        "soums.csv" => Text::new("дүгнэлт, оноо", "verdict and score"),
        "indicators.csv" => Text::new("үзүүлэлт бүр", "every indicator"),
        "years.csv" => Text::new("үзүүлэлт жилээр", "indicators by year"),
        "conditions.csv" => Text::new("ган, зуд, сүргийн өөрчлөлт жилээр", "drought, dzud and the herd by year"),
        "stocking.csv" => Text::new("мал ба даац", "livestock and capacity"),
        "findings.csv" => Text::new("тэмдэглэл", "findings"),
        "soum.gpkg" => Text::new("хил, бүх хүснэгт (QGIS, ArcGIS)", "border and every table (QGIS, ArcGIS)"),
        _ => Text::new("", ""),
    }
}
