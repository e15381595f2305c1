//! The kinds of country that are simulated, and what truly changes in them.

/// A kind of country.
#[derive(Debug, Clone, Copy)]
pub struct World {
    pub key: &'static str,
    pub text: &'static str,
    /// Shares of soums with a true change, percent each.
    pub changes: &'static [(f64, f64)],
    /// Lag-1 correlation of a soum's own yearly noise.
    pub persistence: f64,
    pub heavy_tails: bool,
    /// Standard deviation, ln, of a regional driver that no covariate holds, itself persistent.
    pub unseen_driver: f64,
    /// Factor on the rain of the reporting years.
    pub rain_reporting: f64,
    /// Share of soums whose technician changes with the reporting period.
    pub new_technicians: f64,
    /// Share of years without a usable image.
    pub missing: f64,
    /// Factor on a soum's noise in the reporting years.
    pub reporting_noise: f64,
    /// Change of all soums' level before the baseline, ln, drawn with this standard deviation.
    pub past_shift: f64,
}

impl World {
    /// Whether no soum changes; then the false discovery rate is the chance of any false call, and more countries are
    /// needed to know it.
    pub fn unchanged(&self) -> bool {
        self.changes.is_empty()
    }
}

const BOTH: &[(f64, f64)] = &[(0.10, 20.0), (0.10, -20.0), (0.10, 10.0), (0.10, -10.0)];

const PLAIN: World = World {
    key: "both directions",
    text: "a tenth of the soums each +20, -20, +10, -10 %",
    changes: BOTH,
    persistence: 0.0,
    heavy_tails: false,
    unseen_driver: 0.0,
    rain_reporting: 1.0,
    new_technicians: 0.0,
    missing: 0.0,
    reporting_noise: 1.0,
    past_shift: 0.0,
};

/// Every kind, in the order of the report.
pub const WORLDS: &[World] = &[
    PLAIN,
    World { key: "nothing changes", text: "no soum changes", changes: &[], ..PLAIN },
    World {
        key: "one-sided rise",
        text: "a quarter of the soums +20 %, none falls",
        changes: &[(0.25, 20.0)],
        ..PLAIN
    },
    World {
        key: "one-sided fall",
        text: "a quarter of the soums -20 %, none rises",
        changes: &[(0.25, -20.0)],
        ..PLAIN
    },
    World { key: "persistent years", text: "noise with lag-1 correlation 0.4", persistence: 0.4, ..PLAIN },
    World { key: "heavy tails", text: "noise after Student's t with 3 degrees of freedom", heavy_tails: true, ..PLAIN },
    World {
        key: "unseen driver",
        text: "a regional driver outside the covariates, SD 0.03 ln, lag-1 correlation 0.5",
        unseen_driver: 0.03,
        ..PLAIN
    },
    World {
        key: "only the weather improved",
        text: "30 % more rain in the reporting years, no soum changes",
        changes: &[],
        rain_reporting: 1.3,
        ..PLAIN
    },
    World {
        key: "new technicians",
        text: "a third of the soums measured by another technician from the reporting period on",
        new_technicians: 0.33,
        ..PLAIN
    },
    World { key: "gaps", text: "15 % of soum-years without a usable image", missing: 0.15, ..PLAIN },
    World {
        key: "noisier reporting years",
        text: "noise 1.5 times as large in the reporting years",
        reporting_noise: 1.5,
        ..PLAIN
    },
    World {
        key: "shifted past",
        text: "every soum's level before the baseline shifted, SD 0.10 ln",
        past_shift: 0.10,
        ..PLAIN
    },
];
