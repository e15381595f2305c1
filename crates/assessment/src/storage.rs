//! Where rasters and partial sums lie: in folders, in S3-compatible storage, on web servers.

mod edition;
mod place;

pub use edition::Edition;
pub use place::Place;
pub(crate) use place::{folder_address, open_store};

/// Whether a store refused who asked.
pub(crate) const fn denied(error: &object_store::Error) -> bool {
    matches!(error, object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. })
}

/// The error with what caused it.
pub(crate) fn reason_of(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        // some errors tell their cause themselves
        if !text.contains(&said) {
            text += &format!(": {said}");
        }
        cause = inner.source();
    }
    text
}
