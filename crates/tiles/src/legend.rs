//! Legends: which colour a value has.

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// A value and its colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    /// The value, in the unit of the raster.
    pub value: f64,
    /// Its colour.
    pub color: Rgb,
}

/// A legend that says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a legend needs stops of finite, rising values: two of them at least for measurements, at most 255 for classes"
)]
pub struct LegendError;

/// Which colour a value has: place 0 of its palette is nothing at all, for what is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Legend {
    palette: Vec<Rgb>,
    scale: Scale,
}

#[derive(Debug, Clone, PartialEq)]
enum Scale {
    /// Colours run from stop to stop over so many places.
    Continuous { low: f64, high: f64 },
    /// Each value has its colour, others have none.
    Classes(Vec<f64>),
}

/// Places of a palette for values.
const PLACES: usize = 255;

impl Legend {
    /// Colours that run from stop to stop; values beyond the ends have the colour of the end.
    ///
    /// # Errors
    /// When there are fewer than two stops, or their values do not rise.
    pub fn continuous(stops: &[Stop]) -> Result<Self, LegendError> {
        let (Some(first), Some(last)) = (stops.first(), stops.last()) else { return Err(LegendError) };
        if stops.len() < 2 || !rise(stops) {
            return Err(LegendError);
        }
        let (low, high) = (first.value, last.value);
        let at = |place: usize| low + (high - low) * place as f64 / (PLACES - 1) as f64;
        let palette = (0..PLACES).map(|place| between(stops, at(place))).collect();
        Ok(Self { palette, scale: Scale::Continuous { low, high } })
    }

    /// A colour for each class.
    ///
    /// # Errors
    /// When there is no class or more than 255, or their values do not rise.
    pub fn classes(stops: &[Stop]) -> Result<Self, LegendError> {
        if stops.is_empty() || stops.len() > PLACES || !rise(stops) {
            return Err(LegendError);
        }
        let palette = stops.iter().map(|stop| stop.color).collect();
        Ok(Self { palette, scale: Scale::Classes(stops.iter().map(|stop| stop.value).collect()) })
    }

    /// The place of a value in the palette; 0, nothing at all, for what has no colour.
    #[must_use]
    pub fn place(&self, value: f64) -> u8 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 254; what is no number is 0")]
        match &self.scale {
            Scale::Continuous { .. } if value.is_nan() => 0,
            Scale::Continuous { low, high } => {
                let part = ((value - low) / (high - low)).clamp(0.0, 1.0);
                (part * (PLACES - 1) as f64).round() as u8 + 1
            }
            Scale::Classes(values) => {
                values.binary_search_by(|v| v.total_cmp(&value)).map_or(0, |place| place as u8 + 1)
            }
        }
    }

    /// The colours of places 1 and on.
    #[must_use]
    pub fn palette(&self) -> &[Rgb] {
        &self.palette
    }
}

fn rise(stops: &[Stop]) -> bool {
    stops.iter().all(|stop| stop.value.is_finite())
        && stops.iter().zip(stops.iter().skip(1)).all(|(a, b)| a.value < b.value)
}

/// The colour between the two stops around a value.
fn between(stops: &[Stop], value: f64) -> Rgb {
    let above = stops.iter().position(|stop| stop.value >= value).unwrap_or(stops.len() - 1).max(1);
    let (Some(a), Some(b)) = (stops.get(above - 1), stops.get(above)) else { return [0; 3] };
    let part = ((value - a.value) / (b.value - a.value)).clamp(0.0, 1.0);
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * part).round();
    let mut color = [0; 3];
    for (channel, (a, b)) in color.iter_mut().zip(a.color.iter().zip(b.color)) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
        {
            *channel = mix(*a, b) as u8;
        }
    }
    color
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(value: f64, color: Rgb) -> Stop {
        Stop { value, color }
    }

    #[test]
    fn measurements_run_and_missing_is_nothing() {
        let legend =
            Legend::continuous(&[stop(0.0, [0, 0, 0]), stop(0.5, [100, 0, 0]), stop(1.0, [100, 200, 0])]).unwrap();
        assert_eq!((legend.place(-5.0), legend.place(0.0), legend.place(1.0), legend.place(9.0)), (1, 1, 255, 255));
        assert_eq!(legend.place(f64::NAN), 0);
        let at = |value| legend.palette()[legend.place(value) as usize - 1];
        assert_eq!((at(0.0), at(0.5), at(1.0)), ([0, 0, 0], [100, 0, 0], [100, 200, 0]));
        assert_eq!(at(0.25)[1], 0);
    }

    #[test]
    fn classes_have_their_colours_and_others_none() {
        let legend = Legend::classes(&[stop(10.0, [1, 2, 3]), stop(30.0, [4, 5, 6])]).unwrap();
        assert_eq!((legend.place(10.0), legend.place(30.0), legend.place(20.0), legend.place(f64::NAN)), (1, 2, 0, 0));
    }

    #[test]
    fn a_legend_that_says_nothing_is_refused() {
        assert_eq!(Legend::continuous(&[stop(1.0, [0; 3])]), Err(LegendError));
        assert_eq!(Legend::continuous(&[stop(1.0, [0; 3]), stop(1.0, [1; 3])]), Err(LegendError));
        assert_eq!(Legend::classes(&[]), Err(LegendError));
        assert_eq!(Legend::classes(&[stop(f64::NAN, [0; 3])]), Err(LegendError));
    }
}
