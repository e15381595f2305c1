//! Stacks of yearly values in files of NumPy.

use anyhow::{Context, Result, bail};

/// The number of years and the values of a NumPy file of int16, year by year.
///
/// # Errors
/// When it is another file.
pub fn stack_of(bytes: &[u8]) -> Result<(usize, &[i16])> {
    let length = bytes.get(8..10).context("too short")?;
    let body = 10 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    let header = std::str::from_utf8(bytes.get(10..body).context("too short")?)?;
    if !bytes.starts_with(b"\x93NUMPY\x01") || !header.contains("'<i2'") || !header.contains("'fortran_order': False") {
        bail!("not a NumPy file of int16, year by year: {header}");
    }
    let shape = header.split("'shape': (").nth(1).context("no shape")?;
    let years: usize = shape.split(',').next().context("no shape")?.trim().parse()?;
    let values = bytemuck::try_cast_slice(&bytes[body..]).map_err(|e| anyhow::anyhow!("the values: {e}"))?;
    Ok((years, values))
}
