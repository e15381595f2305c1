//! A piece: the sums of one block and year as kept, small and checked.
//!
//! Bytes: `BPS1`, SHA-256 of the rest, then zstd of one record a row. A store writes an object whole or not at all, and
//! what is damaged afterwards is not believed: it counts as not computed.

use belcheer_domain::Digest;
use object_store::{ObjectStore, ObjectStoreExt, path::Path};

use super::row::{Measure, PartialRow};
use crate::area_sums::AreaSums;

const MAGIC: &[u8; 4] = b"BPS1";
/// Bytes of a row: zone (its place among the zones that touch the block), cell, four sums, count.
const ROW_BYTES: usize = 4 + 4 + 4 + 4 * 8 + 8;
const DIGEST_CHARS: usize = 64;

/// What makes rows of a piece rows of a job.
#[derive(Debug, Clone, Copy)]
pub(super) struct Label<'a> {
    pub(super) measure: Measure,
    pub(super) year: i32,
    pub(super) block: u32,
    /// Numbers of the zones that touch the block.
    pub(super) touching: &'a [u32],
}

/// The bytes of a piece.
pub(super) fn encode(rows: &[PartialRow], touching: &[u32]) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::with_capacity(rows.len() * ROW_BYTES);
    for row in rows {
        let zone = touching.binary_search(&row.zone).unwrap_or(usize::MAX) as u32;
        plain.extend(zone.to_le_bytes());
        plain.extend(row.east.to_le_bytes());
        plain.extend(row.north.to_le_bytes());
        let AreaSums { sum_w, sum_wx, sum_wxx, missing_w, n } = row.sums;
        for sum in [sum_w, sum_wx, sum_wxx, missing_w] {
            plain.extend(sum.to_le_bytes());
        }
        plain.extend(n.to_le_bytes());
    }
    let packed = zstd::encode_all(plain.as_slice(), 1)?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend(Digest::of(&packed).hex().as_bytes());
    bytes.extend(packed);
    Ok(bytes)
}

/// The rows of a piece; `None` when it is not whole.
pub(super) fn decode(bytes: &[u8], label: Label<'_>) -> Option<Vec<PartialRow>> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (hex, packed) = rest.split_at_checked(DIGEST_CHARS)?;
    if Digest::of(packed).hex().as_bytes() != hex {
        return None;
    }
    let plain = zstd::decode_all(packed).ok()?;
    let rows = plain.chunks_exact(ROW_BYTES).map(|bytes| row(bytes, label));
    rows.collect()
}

fn row(bytes: &[u8], label: Label<'_>) -> Option<PartialRow> {
    let mut at = 0;
    let mut take = |length: usize| {
        let part = bytes.get(at..at + length);
        at += length;
        part
    };
    let zone = *label.touching.get(u32::from_le_bytes(take(4)?.try_into().ok()?) as usize)?;
    let east = i32::from_le_bytes(take(4)?.try_into().ok()?);
    let north = i32::from_le_bytes(take(4)?.try_into().ok()?);
    let mut sum = || Some(f64::from_le_bytes(take(8)?.try_into().ok()?));
    let (sum_w, sum_wx, sum_wxx, missing_w) = (sum()?, sum()?, sum()?, sum()?);
    let n = u64::from_le_bytes(take(8)?.try_into().ok()?);
    let (measure, year, block) = (label.measure, label.year, label.block);
    let sums = AreaSums { sum_w, sum_wx, sum_wxx, missing_w, n };
    Some(PartialRow { zone, measure, year, east, north, block, sums })
}

/// Reads a piece; `None` when there is none, or it is damaged.
pub(super) async fn read(store: &dyn ObjectStore, at: &Path, label: Label<'_>) -> Option<Vec<PartialRow>> {
    let bytes = store.get(at).await.ok()?.bytes().await.ok()?;
    decode(&bytes, label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_whole_is_not_believed() {
        let row = PartialRow {
            zone: 7,
            measure: Measure::Value,
            year: 2001,
            east: -3,
            north: 330,
            block: 4,
            sums: AreaSums { sum_w: 0.1, sum_wx: f64::MIN_POSITIVE, sum_wxx: 1e300, missing_w: 0.0, n: 12 },
        };
        let touching = [2, 7];
        let label = Label { measure: Measure::Value, year: 2001, block: 4, touching: &touching };
        let bytes = encode(&[row], &touching).unwrap();
        assert_eq!(decode(&bytes, label), Some(vec![row]));
        for cut in 0..bytes.len() {
            assert_eq!(decode(&bytes[..cut], label), None, "{cut}");
            let mut altered = bytes.clone();
            altered[cut] ^= 1;
            assert_eq!(decode(&altered, label), None, "{cut}");
        }
    }
}
