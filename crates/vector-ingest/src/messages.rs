//! The sentences of findings and refusals, in English and Mongolian, and the log that gathers findings.

use std::{collections::BTreeMap, sync::LazyLock};

use belcheer_domain::{Finding, Severity, SoumCode};
use belcheer_door::Refusal;
use serde::Deserialize;

#[derive(Deserialize)]
struct Catalogue {
    finding: BTreeMap<String, Sentence>,
    refusal: BTreeMap<String, Sentence>,
}

#[derive(Deserialize)]
struct Sentence {
    #[serde(default = "warning")]
    severity: Severity,
    en: String,
    mn: String,
}

fn warning() -> Severity {
    Severity::Warning
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let empty = Catalogue { finding: BTreeMap::new(), refusal: BTreeMap::new() };
    toml::from_str(include_str!("../data/messages.toml")).unwrap_or(empty)
});

fn fill(template: &str, place: &str, count: u64, detail: &str) -> String {
    template.replace("{count}", &count.to_string()).replace("{place}", place).replace("{detail}", detail)
}

/// A refusal with the sentence of its code.
pub(crate) fn refuse(code: &str, place: impl Into<String>, detail: impl AsRef<str>) -> Refusal {
    let place = place.into();
    let (text_en, text_mn) = match CATALOGUE.refusal.get(code) {
        Some(s) => (fill(&s.en, &place, 1, detail.as_ref()), fill(&s.mn, &place, 1, detail.as_ref())),
        None => (format!("{place}: {}", detail.as_ref()), format!("{place}: {}", detail.as_ref())),
    };
    Refusal::new(code, place, text_en, text_mn)
}

/// How many places of one kind of finding are written out.
const PLACES_SHOWN: usize = 5;
/// How many separate findings of one code are kept before the rest is put into one.
const FINDINGS_PER_CODE: usize = 400;

#[derive(Default)]
struct Entry {
    count: u64,
    detail: String,
    places: Vec<String>,
}

/// Findings of one input, gathered by code, soum and subject.
pub(crate) struct Log {
    input: String,
    entries: BTreeMap<(&'static str, Option<SoumCode>, String), Entry>,
}

impl Log {
    pub(crate) fn new(input: &str) -> Self {
        Self { input: input.to_owned(), entries: BTreeMap::new() }
    }

    /// One record at `place`; records with the same code and soum become one finding.
    pub(crate) fn record(&mut self, code: &'static str, soum: Option<SoumCode>, place: String, detail: &str) {
        let entry = self.entries.entry((code, soum, String::new())).or_default();
        entry.count += 1;
        if entry.places.len() < PLACES_SHOWN {
            entry.places.push(place);
        }
        if entry.detail.is_empty() {
            detail.clone_into(&mut entry.detail);
        }
    }

    /// One table row.
    pub(crate) fn row(&mut self, code: &'static str, row: u64, detail: &str) {
        self.record(code, None, format!("row {row}"), detail);
    }

    /// A finding of its own about `subject`, such as one feature or one column, concerning `count` records.
    pub(crate) fn note(&mut self, code: &'static str, subject: impl Into<String>, count: u64, detail: &str) {
        self.note_soum(code, None, subject, count, detail);
    }

    /// The same with the soum concerned.
    pub(crate) fn note_soum(
        &mut self,
        code: &'static str,
        soum: Option<SoumCode>,
        subject: impl Into<String>,
        count: u64,
        detail: &str,
    ) {
        let subject = subject.into();
        let entry = self.entries.entry((code, soum, subject.clone())).or_default();
        entry.count += count;
        if entry.places.is_empty() && !subject.is_empty() {
            entry.places.push(subject);
        }
        if entry.detail.is_empty() {
            detail.clone_into(&mut entry.detail);
        }
    }

    /// The findings, by code, soum and subject.
    pub(crate) fn finish(self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        let mut of_code: (&str, usize) = ("", 0);
        for ((code, soum, _), entry) in self.entries {
            of_code = if of_code.0 == code { (code, of_code.1 + 1) } else { (code, 1) };
            if of_code.1 > FINDINGS_PER_CODE {
                if let Some(last) = findings.last_mut() {
                    last.count += entry.count;
                }
                continue;
            }
            findings.push(finding(&self.input, code, soum, &entry));
        }
        findings
    }
}

fn finding(input: &str, code: &str, soum: Option<SoumCode>, entry: &Entry) -> Finding {
    let mut place = entry.places.join(", ");
    if entry.count > entry.places.len() as u64 && entry.places.len() == PLACES_SHOWN {
        place.push_str(" ...");
    }
    let (severity, en, mn) = match CATALOGUE.finding.get(code) {
        Some(s) => (
            s.severity,
            fill(&s.en, &place, entry.count, &entry.detail),
            fill(&s.mn, &place, entry.count, &entry.detail),
        ),
        None => (Severity::Warning, entry.detail.clone(), entry.detail.clone()),
    };
    let finding = Finding::new(code, severity, input).at(place).count(entry.count).text(en, mn);
    match soum {
        Some(code) => finding.soum(code),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every code that the sources of this crate name has its sentences, and none is there in vain.
    #[test]
    fn every_code_has_its_sentences() {
        let mut sources = String::new();
        let mut folders =
            vec![std::path::Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.file_name().is_some_and(|n| n != "messages.rs") {
                    sources.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        let catalogue: Catalogue = toml::from_str(include_str!("../data/messages.toml")).unwrap();
        for code in catalogue.finding.keys().chain(catalogue.refusal.keys()) {
            assert!(sources.contains(&format!("\"{code}\"")), "{code} is never used");
        }
        let squeezed: String = sources.chars().filter(|c| !c.is_whitespace()).collect();
        for (call, known) in [
            ("refuse(\"", &catalogue.refusal),
            (".row(\"", &catalogue.finding),
            (".record(\"", &catalogue.finding),
            (".note(\"", &catalogue.finding),
            (".note_soum(\"", &catalogue.finding),
            ("Err((\"", &catalogue.finding),
            ("ok_or((\"", &catalogue.finding),
        ] {
            for part in squeezed.split(call).skip(1) {
                let code = part.split('"').next().unwrap_or_default();
                assert!(known.contains_key(code), "{code} after {call} has no sentence");
            }
        }
    }

    #[test]
    fn records_of_one_kind_become_one_finding() {
        let mut log = Log::new("plots.csv");
        for row in 2..12 {
            log.row("bad_coordinates", row, "");
        }
        let findings = log.finish();
        assert_eq!((findings.len(), findings[0].count), (1, 10));
        assert_eq!(findings[0].place, "row 2, row 3, row 4, row 5, row 6 ...");
        assert!(!findings[0].text_mn.is_empty());
    }
}
