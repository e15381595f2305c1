//! The land agency's LM2 export: a folder or zip of JSON files, read as photo points.
//!
//! `pointdetailvalue.json` has recovery class and biomass by point and year, `point.json` the place (GeoJSON as text),
//! `pointdetail.json` the soum. `urgats.json`, named itself, gives the clipped biomass of the points as plots. Groups
//! (`pug.json`) and parcels (`pasture.json`) are polygons, read as boundaries or zones. Personal data is refused, as a file (`person.json`) and as a field of any other file.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use belcheer_domain::{
    RecoveryClass,
    records::{BiomassPlot, PhotoPoint},
};
use belcheer_door::{Reach, Refusal};

use zip::ZipArchive;

use super::{Drafts, Keyed, PlaceKey, TableJob};
use crate::{
    limits::Limits,
    messages::{Log, refuse},
    source::{
        check_size, folder_of, input_name,
        strict_json::{Json, parse},
        zip_directory,
    },
};

/// Files of persons.
const PERSON_FILES: [&str; 2] = ["person.json", "persons.json"];
/// Parts of the names of fields that tell of persons.
const PERSON_FIELDS: [&str; 12] = [
    "person",
    "firstname",
    "first_name",
    "lastname",
    "last_name",
    "middle_name",
    "register_no",
    "regno",
    "phone",
    "mobile",
    "email",
    "date_of_birth",
];
/// Deepest nesting of a file of records.
const DEPTH: u32 = 8;

type Record = BTreeMap<String, Json>;

/// Files of records.
const RECORD_FILES: [&str; 4] = ["pointdetailvalue.json", "point.json", "pointdetail.json", "urgats.json"];

/// The folder of an export, of which `path` may be any file.
fn folder_in(path: &Path) -> &Path {
    if path.is_dir() { path } else { folder_of(path) }
}

/// The files that reading the export touches.
pub(crate) fn reach_of(path: &Path) -> Reach {
    if is_zip(path) {
        return Reach::default().read(path);
    }
    RECORD_FILES.iter().fold(Reach::default(), |reach, name| reach.read(folder_in(path).join(name)))
}

/// Reads the export in a folder or zip; a single file is taken for its folder.
pub(crate) fn read(job: &TableJob, log: &mut Log) -> Result<Drafts, Refusal> {
    let mut export = Export::open(&job.path)?;
    for name in PERSON_FILES {
        if export.has(name) {
            return Err(refuse("personal_file", name, ""));
        }
    }
    let only_yields = is_zip(&job.path) && export.has("urgats.json") && !export.has("pointdetailvalue.json");
    if only_yields || job.path.file_name().is_some_and(|name| name == "urgats.json") {
        return yields(&mut export, log);
    }
    let values = records(&mut export, "pointdetailvalue.json")?;
    let places = by_point(records(&mut export, "point.json")?);
    let details = by_point(records(&mut export, "pointdetail.json")?);
    let mut points = Vec::new();
    for (record, row) in values.iter().zip(1..) {
        let Some((id, (lon, lat), year)) = point_and_year(record, "monitoring_year", &places, (row, log)) else {
            continue;
        };
        let biomass = record.get("biomass").and_then(Json::number);
        if biomass.is_some_and(|kg| kg < 0.0) {
            log.row("negative_value", row, &id);
            continue;
        }
        let class = ["rc_id", "rc"].iter().find_map(|field| text(record, field)?.parse::<RecoveryClass>().ok());
        let code = details.get(&id).and_then(|detail| text(detail, "au2"));
        let value = PhotoPoint {
            point: id,
            au2: None,
            pug: None,
            season: None,
            zone: None,
            lon,
            lat,
            year,
            biomass_kg_ha: biomass,
            recovery_class: class,
            flags: Vec::new(),
        };
        points.push(Keyed { row, key: PlaceKey { code, ..PlaceKey::default() }, value });
    }
    Ok(Drafts::PhotoPoints(points))
}

/// A record's point, where that lies, and its year; `None`, with a finding, when one of them is missing.
fn point_and_year(
    record: &Record,
    year_field: &str,
    places: &BTreeMap<String, Record>,
    (row, log): (u64, &mut Log),
) -> Option<(String, (f64, f64), i32)> {
    let Some(id) = text(record, "point_detail_id") else {
        log.row("point_id_missing", row, "");
        return None;
    };
    let Some(place) = places.get(&id).and_then(place_of) else {
        log.row("bad_coordinates", row, &id);
        return None;
    };
    let year = record.get(year_field).and_then(Json::number).filter(|year| (1950.0..2200.0).contains(year));
    let Some(year) = year else {
        log.row("year_unreadable", row, &id);
        return None;
    };
    Some((id, place, year as i32))
}

/// Clipped biomass by point and year, as plots; `biomass_kg_ga` is kg/ha.
fn yields(export: &mut Export, log: &mut Log) -> Result<Drafts, Refusal> {
    let clipped = records(export, "urgats.json")?;
    let places = by_point(records(export, "point.json")?);
    let details = by_point(records(export, "pointdetail.json")?);
    let mut plots = Vec::new();
    for (record, row) in clipped.iter().zip(1..) {
        let Some((id, (lon, lat), year)) = point_and_year(record, "value_year", &places, (row, log)) else { continue };
        let biomass_kg_ha = record.get("biomass_kg_ga").and_then(Json::number);
        match biomass_kg_ha {
            Some(kg) if kg < 0.0 => {
                log.row("negative_value", row, &id);
                continue;
            }
            None => log.row("biomass_missing", row, &id),
            Some(_) => {}
        }
        let code = details.get(&id).and_then(|detail| text(detail, "au2"));
        let flags = Vec::new();
        let value = BiomassPlot { plot: id, au2: None, lon, lat, year, biomass_kg_ha, zone: None, flags };
        plots.push(Keyed { row, key: PlaceKey { code, ..PlaceKey::default() }, value });
    }
    Ok(Drafts::BiomassPlots(plots))
}

fn is_zip(path: &Path) -> bool {
    path.is_file() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

/// Where the files of an export lie.
enum Export {
    Folder(PathBuf),
    /// Checked; the members by the last part of their names, in small letters.
    Zip(ZipArchive<BufReader<File>>, BTreeMap<String, usize>),
}

impl Export {
    fn open(path: &Path) -> Result<Self, Refusal> {
        if !is_zip(path) {
            return Ok(Self::Folder(folder_in(path).to_path_buf()));
        }
        let input = input_name(path);
        let bad = |reason: String| refuse("bad_zip", input.clone(), reason);
        zip_directory::check(path, Limits::DEFAULT.zip_entries, &Limits::DEFAULT).map_err(bad)?;
        let file = File::open(path).map_err(|_| refuse("unreadable", input.clone(), ""))?;
        let archive = ZipArchive::new(BufReader::new(file)).map_err(|e| bad(e.to_string()))?;
        let mut members = BTreeMap::new();
        for index in 0..archive.len() {
            let name = archive.name_for_index(index).unwrap_or_default().to_lowercase();
            let base = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
            if members.insert(base.clone(), index).is_some() && base.ends_with(".json") {
                return Err(bad(format!("{base} is there twice")));
            }
        }
        Ok(Self::Zip(archive, members))
    }

    fn has(&self, name: &str) -> bool {
        match self {
            Self::Folder(folder) => folder.join(name).exists(),
            Self::Zip(_, members) => members.contains_key(name),
        }
    }

    fn bytes(&mut self, name: &str) -> Result<Vec<u8>, Refusal> {
        let most = Limits::DEFAULT.json_bytes;
        match self {
            Self::Folder(folder) => {
                let path = folder.join(name);
                check_size(&path, most)?;
                std::fs::read(&path).map_err(|_| refuse("unreadable", name, ""))
            }
            Self::Zip(archive, members) => {
                let index = members.get(name).ok_or_else(|| refuse("not_found", name, ""))?;
                let member = archive.by_index(*index).map_err(|e| refuse("bad_zip", name, e.to_string()))?;
                let mut bytes = Vec::new();
                member.take(most + 1).read_to_end(&mut bytes).map_err(|e| refuse("bad_zip", name, e.to_string()))?;
                if bytes.len() as u64 > most {
                    return Err(refuse("too_large", name, format!("{} MiB", most >> 20)));
                }
                Ok(bytes)
            }
        }
    }
}

/// Records of one file; none where the file is absent, but for that of the values.
fn records(export: &mut Export, name: &str) -> Result<Vec<Record>, Refusal> {
    let bytes = export.bytes(name)?;
    let json = parse(&bytes, DEPTH).map_err(|reason| refuse("bad_json", name, reason))?;
    let Json::List(list) = json else { return Err(refuse("lm2_no_list", name, "")) };
    if list.len() > Limits::DEFAULT.rows {
        return Err(refuse("table_too_large", name, Limits::DEFAULT.rows.to_string()));
    }
    let mut records = Vec::with_capacity(list.len());
    for item in list {
        let Json::Object(members) = item else { return Err(refuse("lm2_no_list", name, "")) };
        let personal = members.iter().find(|(key, _)| {
            let key = key.to_lowercase();
            PERSON_FIELDS.iter().any(|part| key.contains(part))
        });
        if let Some((key, _)) = personal {
            return Err(refuse("personal_field", name, key));
        }
        records.push(members.into_iter().collect());
    }
    Ok(records)
}

/// Records by point; the last one of a point counts.
fn by_point(records: Vec<Record>) -> BTreeMap<String, Record> {
    records.into_iter().filter_map(|r| Some((text(&r, "point_detail_id")?, r))).collect()
}

fn text(record: &Record, field: &str) -> Option<String> {
    record.get(field)?.cell().map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

/// Longitude and latitude of a record whose geometry is GeoJSON as text, or as an object.
fn place_of(record: &Record) -> Option<(f64, f64)> {
    let geometry = match record.get("geometry")? {
        Json::Text(text) => parse(text.as_bytes(), DEPTH).ok()?,
        other => other.clone(),
    };
    let Some(Json::List(xy)) = geometry.get("coordinates") else { return None };
    let (lon, lat) = (xy.first()?.number()?, xy.get(1)?.number()?);
    (geometry.get("type")?.text()? == "Point" && lon.abs() <= 180.0 && lat.abs() <= 90.0).then_some((lon, lat))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::TableKind;

    const POINT: &str = r#"[{"point_id":1,"point_detail_id":"06404001","geometry":"{\"type\":\"Point\",\"coordinates\":[100.5,47.25]}"}]"#;
    const DETAIL: &str = r#"[{"point_detail_id":"06404001","land_name":"Ар","landformcode":1,"au2":"06404"}]"#;
    const VALUE: &str =
        r#"[{"point_detail_id":"06404001","monitoring_year":2019,"rc":"III","rc_id":3,"biomass":320.5}]"#;

    fn export(files: &[(&str, &str)]) -> (tempfile::TempDir, TableJob) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let job = TableJob::new(folder.path(), TableKind::Lm2);
        (folder, job)
    }

    #[test]
    fn class_biomass_place_and_soum_come_together() {
        let (_kept, job) =
            export(&[("point.json", POINT), ("pointdetail.json", DETAIL), ("pointdetailvalue.json", VALUE)]);
        let mut log = Log::new("lm2");
        let Drafts::PhotoPoints(points) = read(&job, &mut log).unwrap() else { panic!("photo points") };
        let point = &points[0];
        assert_eq!(point.key.code.as_deref(), Some("06404"));
        assert_eq!((point.value.lon, point.value.lat, point.value.year), (100.5, 47.25, 2019));
        assert_eq!((point.value.biomass_kg_ha, point.value.recovery_class), (Some(320.5), RecoveryClass::new(3)));
        assert!(log.finish().is_empty());
    }

    #[test]
    fn clipped_biomass_comes_as_plots() {
        const CLIPPED: &str = r#"[{"point_detail_id":"06404001","biomasstypecode":1,"value_year":2019,"m_1_value":14.2,"biomass_kg_ga":295.3},
            {"point_detail_id":"06404001","value_year":2020,"biomass_kg_ga":-3},{"point_detail_id":"7","value_year":2020}]"#;
        let (kept, _) = export(&[("point.json", POINT), ("pointdetail.json", DETAIL), ("urgats.json", CLIPPED)]);
        let mut log = Log::new("urgats.json");
        let job = TableJob::new(kept.path().join("urgats.json"), TableKind::Lm2);
        let Drafts::BiomassPlots(plots) = read(&job, &mut log).unwrap() else { panic!("plots") };
        assert_eq!(plots.len(), 1);
        assert_eq!((plots[0].value.biomass_kg_ha, plots[0].value.year), (Some(295.3), 2019));
        let codes: Vec<String> = log.finish().into_iter().map(|f| f.code).collect();
        assert_eq!(codes, ["bad_coordinates", "negative_value"]);
    }

    #[test]
    fn personal_data_is_refused_by_file_and_by_field() {
        let whole = [("point.json", POINT), ("pointdetail.json", DETAIL), ("pointdetailvalue.json", VALUE)];
        let (_kept, job) = export(&[whole.as_slice(), &[("person.json", "[]")]].concat());
        assert_eq!(read(&job, &mut Log::new("lm2")).unwrap_err().code, "personal_file");
        let named = DETAIL.replace("\"land_name\"", "\"person_register\"");
        let (_kept, job) =
            export(&[("point.json", POINT), ("pointdetail.json", &named), ("pointdetailvalue.json", VALUE)]);
        let refusal = read(&job, &mut Log::new("lm2")).unwrap_err();
        assert_eq!(refusal.code, "personal_field");
        assert!(refusal.text_en.contains("person_register"), "{}", refusal.text_en);
    }

    #[test]
    fn a_point_without_place_or_with_negative_biomass_is_left_out() {
        let bad = VALUE.replace("320.5", "-1");
        let (_kept, job) =
            export(&[("point.json", "[]"), ("pointdetail.json", DETAIL), ("pointdetailvalue.json", VALUE)]);
        let mut log = Log::new("lm2");
        assert_eq!(read(&job, &mut log).unwrap(), Drafts::PhotoPoints(vec![]));
        assert_eq!(log.finish()[0].code, "bad_coordinates");
        let (_kept, job) =
            export(&[("point.json", POINT), ("pointdetail.json", DETAIL), ("pointdetailvalue.json", &bad)]);
        let mut log = Log::new("lm2");
        assert_eq!(read(&job, &mut log).unwrap(), Drafts::PhotoPoints(vec![]));
        assert_eq!(log.finish()[0].code, "negative_value");
    }
}
