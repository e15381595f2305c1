//! Addresses of the service, in one place.

use belcheer_domain::{Digest, SoumCode};

/// A soum.
pub(crate) fn soum(au2: SoumCode) -> String {
    format!("/v1/soums/{au2}")
}

/// The verification of a soum in a cycle. Names of cycles are letters, digits, dots, dashes and underscores.
pub(crate) fn verification(au2: SoumCode, cycle: &str) -> String {
    format!("/v1/soums/{au2}/verification?cycle={cycle}")
}

/// All that was ever published of a soum.
pub(crate) fn history(au2: SoumCode) -> String {
    format!("/v1/soums/{au2}/history")
}

/// The user groups of a soum in a cycle.
pub(crate) fn pugs(au2: SoumCode, cycle: &str) -> String {
    format!("/v1/soums/{au2}/pugs?cycle={cycle}")
}

/// The years of a soum in a cycle.
pub(crate) fn series(au2: SoumCode, cycle: &str) -> String {
    format!("/v1/soums/{au2}/series?cycle={cycle}")
}

/// A file of a soum's result in a cycle.
pub(crate) fn soum_file(au2: SoumCode, cycle: &str, name: &str) -> String {
    format!("/v1/soums/{au2}/files/{name}?cycle={cycle}")
}

/// An assessment.
pub(crate) fn assessment(id: Digest) -> String {
    format!("/v1/assessments/{id}")
}

/// The page of a soum.
pub(crate) fn page(au2: SoumCode) -> String {
    format!("/soums/{au2}")
}

/// A data set.
pub(crate) fn dataset(digest: Digest) -> String {
    format!("/v1/datasets/{digest}")
}

/// A method.
pub(crate) fn method(id: &str) -> String {
    format!("/v1/methods/{id}")
}
