//! Quantities with units, for use where crates meet.

use serde::{Deserialize, Serialize};

/// Why a number is no such quantity.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{value} is not a {quantity}")]
pub struct UnitError {
    value: f64,
    quantity: &'static str,
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $what:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(f64);

        impl $name {
            /// The quantity, if the number is a possible value of it.
            ///
            /// # Errors
            /// When the number is not finite or out of range.
            pub fn new(value: f64) -> Result<Self, UnitError> {
                let valid: fn(f64) -> bool = $valid;
                if value.is_finite() && valid(value) { Ok(Self(value)) } else { Err(UnitError { value, quantity: $what }) }
            }

            /// The bare number.
            #[must_use]
            pub fn get(self) -> f64 {
                self.0
            }
        }
    };
}

quantity!(
    /// An area in hectares, not negative.
    Hectares, "area in hectares", |v| v >= 0.0
);
quantity!(
    /// A yield in kilograms of dry matter per hectare, not negative.
    KgPerHa, "yield in kg/ha", |v| v >= 0.0
);
quantity!(
    /// An amount of livestock in sheep forage units, not negative.
    SheepForageUnits, "number of sheep forage units", |v| v >= 0.0
);
quantity!(
    /// A share from 0 to 1.
    Fraction, "fraction between 0 and 1", |v| (0.0..=1.0).contains(&v)
);
