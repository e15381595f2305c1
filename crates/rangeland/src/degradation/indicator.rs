//! All classes of one place in one number, so that a country fits in memory.

use crate::climate::Adjusted;

use super::{DegradationClass, DegradationStatus, Productivity, ProductivityClass, ProductivityLut, one_out_all_out};

/// A layer of the indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Productivity trend.
    Trend,
    /// Productivity state.
    State,
    /// Productivity performance: degraded or stable.
    Performance,
    /// Productivity by the look-up table.
    Productivity,
    /// Productivity in five classes, where the look-up table has them.
    Productivity5,
    /// Land cover by the matrix in use.
    LandCover,
    /// Land cover by the other matrix, for comparison.
    LandCoverOther,
    /// Soil organic carbon.
    SoilOrganicCarbon,
    /// The indicator, by the matrix in use.
    Indicator,
    /// The indicator by the other matrix.
    IndicatorOther,
    /// Status against a baseline in seven classes.
    Status7,
    /// Status against a baseline in three classes.
    Status3,
    /// How far weather was taken out of the trend: 1 adjusted, 2 the relation does not hold, 3 no precipitation.
    Climate,
}

impl Layer {
    /// Layers of three classes of their own.
    pub const THREE_CLASS: [Self; 9] = [
        Self::Trend,
        Self::State,
        Self::Performance,
        Self::Productivity,
        Self::LandCover,
        Self::LandCoverOther,
        Self::SoilOrganicCarbon,
        Self::Indicator,
        Self::IndicatorOther,
    ];
    /// The other layers: of more classes, or taken from several.
    pub const OTHERS: [Self; 4] = [Self::Productivity5, Self::Status7, Self::Status3, Self::Climate];

    /// The layer's name in files and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trend => "trend",
            Self::State => "state",
            Self::Performance => "performance",
            Self::Productivity => "productivity",
            Self::Productivity5 => "productivity_5class",
            Self::LandCover => "land_cover",
            Self::LandCoverOther => "land_cover_other_matrix",
            Self::SoilOrganicCarbon => "soil_organic_carbon",
            Self::Indicator => "sdg_15_3_1",
            Self::IndicatorOther => "sdg_15_3_1_other_matrix",
            Self::Status7 => "status_7class",
            Self::Status3 => "status",
            Self::Climate => "climate_adjustment",
        }
    }
}

/// Classes of a place as given: `None` is unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SubIndicators {
    /// Trend.
    pub trend: Option<DegradationClass>,
    /// State.
    pub state: Option<DegradationClass>,
    /// Land cover by the matrix in use.
    pub land_cover: Option<DegradationClass>,
    /// Land cover by the other matrix.
    pub land_cover_other: Option<DegradationClass>,
    /// Soil organic carbon.
    pub soil_organic_carbon: Option<DegradationClass>,
    /// Class in the baseline.
    pub baseline: Option<DegradationClass>,
    /// How far weather was taken out of the trend; `None` where that was not asked for.
    pub climate: Option<Adjusted>,
    /// Whether it is water and no land.
    pub water: bool,
}

/// All classes of a place.
///
/// ```
/// use belcheer_rangeland::degradation::{DegradationClass::{Degraded, Improved, Stable}, Layer, Packed, SubIndicators};
/// let given = SubIndicators { trend: Some(Improved), land_cover: Some(Degraded), ..SubIndicators::default() };
/// let place = Packed::of(&given);
/// assert_eq!(place.class(Layer::Trend), Some(Improved));
/// assert_eq!(place.class(Layer::LandCover), Some(Degraded));
/// assert_eq!(place.class(Layer::State), None);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Packed(u32);

const WATER: u32 = 1 << 31;
const BASELINE_AT: u32 = 18;
const FIVE_AT: u32 = 20;
const CLIMATE_AT: u32 = 23;

impl Packed {
    /// Packs what is known before productivity is.
    #[must_use]
    pub fn of(given: &SubIndicators) -> Self {
        let classes = [
            (Layer::Trend, given.trend),
            (Layer::State, given.state),
            (Layer::LandCover, given.land_cover),
            (Layer::LandCoverOther, given.land_cover_other),
            (Layer::SoilOrganicCarbon, given.soil_organic_carbon),
        ];
        let climate = given.climate.map_or(0, |how| u32::from(how.code()));
        let water = if given.water { WATER } else { 0 };
        let mut packed = Self(water | (code(given.baseline) << BASELINE_AT) | (climate << CLIMATE_AT));
        for (layer, class) in classes {
            packed.set(layer, class);
        }
        packed
    }

    /// Takes in performance and what the look-up table says.
    pub fn set_productivity(&mut self, degraded: Option<bool>, found: Option<Productivity>) {
        let of = |degraded| if degraded { DegradationClass::Degraded } else { DegradationClass::Stable };
        self.set(Layer::Performance, degraded.map(of));
        self.set(Layer::Productivity, found.map(|p| p.class));
        let five = found.and_then(|p| p.five_class).map_or(0, |class| u32::from(class.code()));
        self.0 = (self.0 & !(7 << FIVE_AT)) | (five << FIVE_AT);
    }

    /// Takes in the indicator: one out, all out of productivity, land cover and, where `with_soil`, soil; unknown where
    /// one of them is, and on water.
    pub fn set_indicator(&mut self, with_soil: bool) {
        for (land_cover, indicator) in
            [(Layer::LandCover, Layer::Indicator), (Layer::LandCoverOther, Layer::IndicatorOther)]
        {
            let all = [Layer::Productivity, land_cover, Layer::SoilOrganicCarbon].map(|layer| self.class(layer));
            let used = if with_soil { &all[..] } else { &all[..2] };
            let class = if self.is_water() { None } else { one_out_all_out(used) };
            self.set(indicator, class);
        }
    }

    /// Whether it is water.
    #[must_use]
    pub fn is_water(self) -> bool {
        self.0 & WATER != 0
    }

    /// The class of a layer of three classes; `None` where unknown, and for layers with more classes.
    #[must_use]
    pub fn class(self, layer: Layer) -> Option<DegradationClass> {
        if layer == Layer::Status3 {
            return self.status().map(DegradationStatus::simple);
        }
        from_code(self.0 >> at(layer)? & 3)
    }

    /// The place of a layer's class in counts: degraded, stable, improved, unknown; for layers of three classes.
    #[inline]
    #[must_use]
    pub fn rank(self, layer: Layer) -> usize {
        ((self.0 >> at_of(layer)).wrapping_sub(1) & 3) as usize
    }

    /// The class of five of productivity.
    #[must_use]
    pub fn five_class(self) -> Option<ProductivityClass> {
        ProductivityClass::from_code((self.0 >> FIVE_AT & 7) as i16)
    }

    /// How far weather was taken out of the trend.
    #[must_use]
    pub fn climate(self) -> Option<Adjusted> {
        Adjusted::ALL.get((self.0 >> CLIMATE_AT & 3).checked_sub(1)? as usize).copied()
    }

    /// Status of the indicator against the baseline.
    #[must_use]
    pub fn status(self) -> Option<DegradationStatus> {
        DegradationStatus::of(from_code(self.0 >> BASELINE_AT & 3), self.class(Layer::Indicator))
    }

    /// The number that stands for a layer's class in a raster; `None` where unknown.
    #[must_use]
    pub fn number(self, layer: Layer) -> Option<i16> {
        match layer {
            Layer::Productivity5 => self.five_class().map(|class| i16::from(class.code())),
            Layer::Status7 => self.status().map(|status| i16::from(status.code())),
            Layer::Climate => self.climate().map(|how| i16::from(how.code())),
            three => self.class(three).map(|class| i16::from(class.code())),
        }
    }

    fn set(&mut self, layer: Layer, class: Option<DegradationClass>) {
        if let Some(at) = at(layer) {
            self.0 = (self.0 & !(3 << at)) | (code(class) << at);
        }
    }
}

/// What follows from the given classes of a place and its performance, looked up: productivity and both indicators.
#[derive(Debug, Clone)]
pub struct Integration(Vec<u32>);

/// Bits of trend, state and performance; of land cover by both matrices and of soil, and where they begin.
const FIRST_CLASSES: u32 = 0x3f;
const OTHER_CLASSES_AT: u32 = 8;
const OTHER_CLASSES: u32 = 0x3f << OTHER_CLASSES_AT;

impl Integration {
    /// By a look-up table of productivity; soil counts where `with_soil`.
    #[must_use]
    pub fn new(table: &ProductivityLut, with_soil: bool) -> Self {
        let entry = |key: u32| {
            let water = if key >> 12 & 1 == 1 { WATER } else { 0 };
            let mut place = Packed((key & FIRST_CLASSES) | ((key >> 6 & 0x3f) << OTHER_CLASSES_AT) | water);
            let degraded = place.class(Layer::Performance).map(|class| class == DegradationClass::Degraded);
            let found = table.look_up(place.class(Layer::Trend), place.class(Layer::State), degraded);
            place.set_productivity(degraded, found);
            place.set_indicator(with_soil);
            place.0
        };
        Self((0..1 << 13).map(entry).collect())
    }

    /// The place with everything that follows from its classes and its performance.
    #[inline]
    #[must_use]
    pub fn finish(&self, place: Packed, performance_degraded: Option<bool>) -> Packed {
        let performance = match performance_degraded {
            None => 0,
            Some(true) => code(Some(DegradationClass::Degraded)),
            Some(false) => code(Some(DegradationClass::Stable)),
        };
        let at = at_of(Layer::Performance);
        let with = (place.0 & !(3 << at)) | (performance << at);
        let key = (with & FIRST_CLASSES) | (with & OTHER_CLASSES) >> 2 | (with >> 31) << 12;
        Packed(with | self.0[key as usize])
    }
}

/// The numbers that stand for a layer's classes in a raster, looked up.
#[derive(Debug, Clone)]
pub struct LayerNumbers {
    /// Where the bits begin that the number depends on, and how many they are; of two fields.
    fields: [(u32, u32); 2],
    numbers: Vec<i16>,
}

impl LayerNumbers {
    /// Of a layer, with the number of an unknown class.
    #[must_use]
    pub fn new(layer: Layer, unknown: i16) -> Self {
        let fields = match layer {
            Layer::Productivity5 => [(FIVE_AT, 3), (0, 0)],
            Layer::Climate => [(CLIMATE_AT, 2), (0, 0)],
            Layer::Status7 | Layer::Status3 => [(BASELINE_AT, 2), (at_of(Layer::Indicator), 2)],
            three => [(at_of(three), 2), (0, 0)],
        };
        let [(first, bits), (second, more)] = fields;
        let place = |key: u32| Packed((key & ((1 << bits) - 1)) << first | (key >> bits) << second);
        let numbers = (0..1 << (bits + more)).map(|key| place(key).number(layer).unwrap_or(unknown)).collect();
        Self { fields, numbers }
    }

    /// The number of a place.
    #[inline]
    #[must_use]
    pub fn of(&self, place: Packed) -> i16 {
        let [(first, bits), (second, more)] = self.fields;
        let key = (place.0 >> first & ((1 << bits) - 1)) | (place.0 >> second & ((1 << more) - 1)) << bits;
        self.numbers[key as usize]
    }
}

/// Where the two bits of a layer of three classes lie; 0 of another, which has none of its own.
#[inline]
fn at_of(layer: Layer) -> u32 {
    at(layer).unwrap_or_default()
}

/// Where the two bits of a layer lie.
#[inline]
fn at(layer: Layer) -> Option<u32> {
    Some(match layer {
        Layer::Trend => 0,
        Layer::State => 2,
        Layer::Performance => 4,
        Layer::Productivity => 6,
        Layer::LandCover => 8,
        Layer::LandCoverOther => 10,
        Layer::SoilOrganicCarbon => 12,
        Layer::Indicator => 14,
        Layer::IndicatorOther => 16,
        Layer::Productivity5 | Layer::Status7 | Layer::Status3 | Layer::Climate => return None,
    })
}

fn code(class: Option<DegradationClass>) -> u32 {
    class.map_or(0, |class| class as u32 + 1)
}

fn from_code(code: u32) -> Option<DegradationClass> {
    DegradationClass::ALL.get((code as usize).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;
    use DegradationClass::{Degraded, Improved, Stable};

    #[test]
    fn layers_do_not_touch_each_other() {
        let given = SubIndicators {
            trend: Some(Improved),
            state: Some(Degraded),
            land_cover: Some(Improved),
            land_cover_other: Some(Degraded),
            soil_organic_carbon: Some(Stable),
            baseline: Some(Degraded),
            climate: Some(Adjusted::NoPrecipitation),
            water: false,
        };
        let mut place = Packed::of(&given);
        let found = Productivity { class: Stable, five_class: ProductivityClass::from_code(3) };
        place.set_productivity(Some(true), Some(found));
        place.set_indicator(true);
        let expected = [
            (Layer::Trend, 1),
            (Layer::State, -1),
            (Layer::Performance, -1),
            (Layer::Productivity, 0),
            (Layer::Productivity5, 3),
            (Layer::LandCover, 1),
            (Layer::LandCoverOther, -1),
            (Layer::SoilOrganicCarbon, 0),
            (Layer::Indicator, 1),
            (Layer::IndicatorOther, -1),
            (Layer::Status7, 6),
            (Layer::Status3, 1),
            (Layer::Climate, 3),
        ];
        for (layer, number) in expected {
            assert_eq!(place.number(layer), Some(number), "{layer:?}");
        }
    }

    #[test]
    fn what_is_looked_up_is_what_is_computed() {
        let table = ProductivityLut::by_name("te_5class").unwrap();
        for with_soil in [false, true] {
            let integration = Integration::new(&table, with_soil);
            // every combination of the given classes, water, baseline and climate
            for bits in 0..1_u32 << 15 {
                let given = Packed(
                    (bits & 0xf)
                        | (bits >> 4 & 0x3f) << 8
                        | (bits >> 10 & 3) << BASELINE_AT
                        | (bits >> 12 & 3) << CLIMATE_AT
                        | (bits >> 14) << 31,
                );
                for performance in [None, Some(false), Some(true)] {
                    let mut computed = given;
                    let found = table.look_up(given.class(Layer::Trend), given.class(Layer::State), performance);
                    computed.set_productivity(performance, found);
                    computed.set_indicator(with_soil);
                    assert_eq!(integration.finish(given, performance), computed);
                }
            }
        }
        for layer in
            [Layer::Trend, Layer::Productivity5, Layer::IndicatorOther, Layer::Status7, Layer::Status3, Layer::Climate]
        {
            let numbers = LayerNumbers::new(layer, i16::MIN);
            for bits in 0..1_u32 << 14 {
                let place = Packed(bits.wrapping_mul(0x9e37_79b1) >> 7);
                assert_eq!(numbers.of(place), place.number(layer).unwrap_or(i16::MIN));
            }
        }
    }

    #[test]
    fn water_and_unknown_soil_have_no_indicator() {
        let given = SubIndicators { land_cover: Some(Stable), ..SubIndicators::default() };
        let found = Productivity { class: Improved, five_class: None };
        let indicator = |given: &SubIndicators, with_soil| {
            let mut place = Packed::of(given);
            place.set_productivity(Some(false), Some(found));
            place.set_indicator(with_soil);
            place.number(Layer::Indicator)
        };
        assert_eq!(indicator(&given, false), Some(1));
        assert_eq!(indicator(&given, true), None);
        assert_eq!(indicator(&SubIndicators { water: true, ..given }, false), None);
    }
}
