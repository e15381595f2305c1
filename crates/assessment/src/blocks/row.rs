//! A row of the table of partials that blocks yield.

use crate::area_sums::AreaSums;

/// What was measured of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// The value of a year.
    Value,
    /// Theil-Sen slope a year, over all years of the job; its year is the last.
    Slope,
}

impl Measure {
    /// As the table of partials writes it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Value => 0,
            Self::Slope => 1,
        }
    }

    /// The measure of a code.
    #[must_use]
    pub const fn of_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Value),
            1 => Some(Self::Slope),
            _ => None,
        }
    }
}

/// Sums over the part of a zone in one statistical cell and one block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartialRow {
    /// Number of the zone in the job's zone set.
    pub zone: u32,
    /// What was measured.
    pub measure: Measure,
    /// Year of the raster.
    pub year: i32,
    /// Statistical cell, counted east.
    pub east: i32,
    /// Statistical cell, counted north.
    pub north: i32,
    /// Number of the block.
    pub block: u32,
    /// The sums.
    pub sums: AreaSums,
}

impl PartialRow {
    /// The fixed order in which rows are merged, whatever computed them.
    #[must_use]
    pub fn key(&self) -> (u32, Measure, i32, i32, i32, u32) {
        (self.zone, self.measure, self.year, self.east, self.north, self.block)
    }
}
