//! Undoing the predictor and the byte order of one row of a tile.
//!
//! - 1: nothing.
//! - 2, horizontal differences (TIFF 6.0 section 14): `v[i] += v[i - n]` on integers of the sample's width,
//!   modulo 2^width, with `n` interleaved samples. Floats are differenced as the integers of their bits.
//! - 3, floating point (Adobe Photoshop TIFF Technical Note 3, 2005): bytes are differenced, and the row holds
//!   first all highest bytes, then all next ones, whatever the byte order of the file.

/// How rows were prepared before compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Predictor {
    None,
    Horizontal,
    FloatingPoint,
}

/// Turns one row as decompressed into samples of `sample_bytes` bytes in this machine's byte order.
///
/// `swap`: the file's byte order is not this machine's. `spare` is room to work in. A `sample_bytes` other than
/// 1, 2, 4 or 8 leaves the row as it is; rows are whole samples, aligned to them.
pub(crate) fn restore_row(
    row: &mut [u8],
    predictor: Predictor,
    sample_bytes: usize,
    interleaved: usize,
    swap: bool,
    spare: &mut Vec<u8>,
) {
    match predictor {
        Predictor::FloatingPoint => join_byte_planes(row, sample_bytes, interleaved, spare),
        Predictor::None | Predictor::Horizontal => {
            let add = predictor == Predictor::Horizontal;
            match sample_bytes {
                1 if add => accumulate_u8(row, interleaved),
                2 => with_samples(row, |v: &mut [u16]| {
                    finish(v, swap, add, interleaved, u16::swap_bytes, u16::wrapping_add)
                }),
                4 => with_samples(row, |v: &mut [u32]| {
                    finish(v, swap, add, interleaved, u32::swap_bytes, u32::wrapping_add)
                }),
                8 => with_samples(row, |v: &mut [u64]| {
                    finish(v, swap, add, interleaved, u64::swap_bytes, u64::wrapping_add)
                }),
                _ => {}
            }
        }
    }
}

fn with_samples<T: bytemuck::Pod>(row: &mut [u8], work: impl FnOnce(&mut [T])) {
    if let Ok(samples) = bytemuck::try_cast_slice_mut(row) {
        work(samples);
    }
}

#[inline(always)]
fn finish<T: Copy>(v: &mut [T], swap: bool, add: bool, lag: usize, turn: fn(T) -> T, plus: fn(T, T) -> T) {
    if swap {
        for value in v.iter_mut() {
            *value = turn(*value);
        }
    }
    if add {
        accumulate(v, lag, plus);
    }
}

/// Running sums of `v`, apart for each of `lag` interleaved samples.
#[inline(always)]
fn accumulate<T: Copy>(v: &mut [T], lag: usize, plus: impl Fn(T, T) -> T) {
    if lag == 1 {
        let mut values = v.iter_mut();
        let Some(first) = values.next() else { return };
        let mut sum = *first;
        for value in values {
            sum = plus(sum, *value);
            *value = sum;
        }
        return;
    }
    let mut rest = v;
    while rest.len() > lag {
        let (cell, next) = rest.split_at_mut(lag);
        for (value, before) in next.iter_mut().zip(cell.iter()) {
            *value = plus(*value, *before);
        }
        rest = next;
    }
}

/// Running sums of bytes: eight at a time within one 64-bit word when the bytes are of one sample.
fn accumulate_u8(bytes: &mut [u8], lag: usize) {
    if lag != 1 {
        return accumulate(bytes, lag, u8::wrapping_add);
    }
    let mut carry = 0u8;
    let mut words = bytes.chunks_exact_mut(8);
    for word in &mut words {
        if let Ok(eight) = <[u8; 8]>::try_from(&*word) {
            let mut sums = u64::from_le_bytes(eight);
            sums = add_bytes(sums, sums << 8);
            sums = add_bytes(sums, sums << 16);
            sums = add_bytes(sums, sums << 32);
            sums = add_bytes(sums, u64::from(carry) * 0x0101_0101_0101_0101);
            word.copy_from_slice(&sums.to_le_bytes());
            carry = (sums >> 56) as u8;
        }
    }
    for byte in words.into_remainder() {
        carry = carry.wrapping_add(*byte);
        *byte = carry;
    }
}

/// The eight sums of the bytes of two words, each modulo 256.
#[inline(always)]
const fn add_bytes(a: u64, b: u64) -> u64 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    ((a & !HIGH).wrapping_add(b & !HIGH)) ^ ((a ^ b) & HIGH)
}

/// Undoes predictor 3: sums the bytes, then gathers each sample's bytes, highest first.
fn join_byte_planes(row: &mut [u8], sample_bytes: usize, interleaved: usize, spare: &mut Vec<u8>) {
    accumulate_u8(row, interleaved);
    spare.clear();
    spare.extend_from_slice(row);
    let samples = row.len() / sample_bytes.max(1);
    if samples == 0 {
        return;
    }
    let mut planes = spare.chunks_exact(samples);
    match sample_bytes {
        4 => {
            if let (Some(a), Some(b), Some(c), Some(d)) = (planes.next(), planes.next(), planes.next(), planes.next()) {
                for ((((out, a), b), c), d) in row.chunks_exact_mut(4).zip(a).zip(b).zip(c).zip(d) {
                    out.copy_from_slice(&u32::from_be_bytes([*a, *b, *c, *d]).to_ne_bytes());
                }
            }
        }
        8 => {
            for (plane, bytes) in planes.enumerate() {
                let place = if cfg!(target_endian = "little") { 7 - plane.min(7) } else { plane };
                for (out, byte) in row.chunks_exact_mut(8).zip(bytes) {
                    if let Some(slot) = out.get_mut(place) {
                        *slot = *byte;
                    }
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_sums_wrap_in_words_and_remainder() {
        let mut bytes: Vec<u8> = (0..29).map(|i| (i * 37 + 200) as u8).collect();
        let mut sum = 0u8;
        let expected: Vec<u8> = bytes
            .iter()
            .map(|b| {
                sum = sum.wrapping_add(*b);
                sum
            })
            .collect();
        accumulate_u8(&mut bytes, 1);
        assert_eq!(bytes, expected);
    }

    #[test]
    fn interleaved_sums_stay_apart() {
        let mut v = [1u16, 100, 1, 100, 1, 100];
        accumulate(&mut v, 2, u16::wrapping_add);
        assert_eq!(v, [1, 100, 2, 200, 3, 300]);
    }

    #[test]
    fn swapped_before_summed() {
        let mut row = [0u8, 1, 0, 2, 0, 3];
        let mut words = [0u64; 1];
        let room: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
        room[..6].copy_from_slice(&row);
        restore_row(&mut room[..6], Predictor::Horizontal, 2, 1, true, &mut Vec::new());
        row.copy_from_slice(&room[..6]);
        assert_eq!(row, [1, 0, 3, 0, 6, 0]);
    }
}
