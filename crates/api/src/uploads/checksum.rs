//! The checksum of a piece.

use axum::http::HeaderValue;
use base64::{Engine, prelude::BASE64_STANDARD};
use sha1::Digest as _;

use crate::problem::Problem;

/// What a piece must add up to.
pub(super) struct Checksum {
    sum: Sum,
    expected: Vec<u8>,
}

enum Sum {
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
}

impl Checksum {
    /// Reads `ALGORITHM BASE64`.
    pub(super) fn parse(value: &HeaderValue) -> Result<Self, Problem> {
        let text = value.to_str().map_err(|_| Problem::tus_header("Upload-Checksum"))?;
        let (name, sum) = text.split_once(' ').ok_or_else(|| Problem::tus_header("Upload-Checksum"))?;
        let expected = BASE64_STANDARD.decode(sum.trim()).map_err(|_| Problem::tus_header("Upload-Checksum"))?;
        let sum = match name {
            "sha1" => Sum::Sha1(sha1::Sha1::new()),
            "sha256" => Sum::Sha256(sha2::Sha256::new()),
            _ => return Err(Problem::checksum_algorithm()),
        };
        Ok(Self { sum, expected })
    }

    /// Adds bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match &mut self.sum {
            Sum::Sha1(sum) => sum.update(bytes),
            Sum::Sha256(sum) => sum.update(bytes),
        }
    }

    /// Whether the bytes add up.
    pub(super) fn fits(self) -> bool {
        match self.sum {
            Sum::Sha1(sum) => sum.finalize()[..] == self.expected[..],
            Sum::Sha256(sum) => sum.finalize()[..] == self.expected[..],
        }
    }
}
