//! The report as Markdown.

use std::fmt::Write;

use crate::raster_countries::RasterTally;
use crate::tally::Tally;
use crate::world::World;

/// What was counted of one kind of country.
#[derive(Default)]
pub struct WorldTally {
    pub productivity: Tally,
    pub condition: Tally,
    pub plots_only: Tally,
    /// Soums of each status: improving, maintained, not verified, insufficient.
    pub status: [usize; 4],
    /// Statuses `verified_improving` of soums in which nothing changed, and such soums.
    pub improving_wrongly: (usize, usize),
}

/// One promise with what was found.
pub struct Promise {
    pub text: &'static str,
    pub found: String,
    pub kept: bool,
}

/// Everything that the page tells.
pub struct Report<'a> {
    pub worlds: &'a [(&'a World, WorldTally)],
    pub all: &'a Tally,
    pub seed: u64,
    pub rasters: Option<RasterTally>,
    /// Timings of the national decision stage, one line each.
    pub national: String,
    /// How constants were chosen.
    pub tuning: &'a str,
}

impl Report<'_> {
    fn of(&self, key: &str) -> Option<&Tally> {
        self.worlds.iter().find(|(w, _)| w.key == key).map(|(_, t)| &t.productivity)
    }

    fn worst(&self, of: fn(&Tally) -> Option<f64>) -> f64 {
        self.worlds.iter().filter_map(|(_, t)| of(&t.productivity)).fold(0.0, f64::max)
    }

    /// Mean over kinds of the false discovery rate, each kind with equal weight.
    fn false_discovery_rate(&self) -> Option<f64> {
        let each: Vec<f64> = self.worlds.iter().filter_map(|(_, t)| t.productivity.false_discovery_rate()).collect();
        (!each.is_empty()).then(|| each.iter().sum::<f64>() / each.len() as f64)
    }

    /// The same over the kinds in which nothing changes, with its standard error and the number of countries.
    fn unchanged_rate(&self) -> (f64, f64, usize) {
        let mut all = Tally::default();
        self.worlds.iter().filter(|(w, _)| w.unchanged()).for_each(|(_, t)| all.merge(&t.productivity));
        let rate = all.false_discovery_rate().unwrap_or(0.0);
        (rate, (rate * (1.0 - rate) / all.countries.max(1) as f64).sqrt(), all.countries)
    }

    /// Aims of the calibration against what was found.
    pub fn promises(&self) -> Vec<Promise> {
        let within = |v: Option<f64>, low: f64, high: f64| v.is_some_and(|v| (low..=high).contains(&v));
        let coverages: Vec<f64> = self.worlds.iter().filter_map(|(_, t)| t.productivity.coverage()).collect();
        let (low, high) = coverages.iter().fold((1.0, 0.0), |(l, h): (f64, f64), c| (l.min(*c), h.max(*c)));
        let power = self.all.power(0);
        let weather = self.of("only the weather improved").and_then(Tally::improved_wrongly);
        let nothing = self.of("nothing changes").and_then(Tally::improved_wrongly);
        let rate = self.false_discovery_rate();
        let (unchanged, error, countries) = self.unchanged_rate();
        vec![
            Promise {
                text: "90 % intervals hold the truth in 87 to 93 %, over all countries",
                found: percent(self.all.coverage()),
                kept: within(self.all.coverage(), 0.87, 0.93),
            },
            Promise {
                text: "the same in every kind of country",
                found: format!("{} to {}", percent(Some(low)), percent(Some(high))),
                kept: low >= 0.87 && high <= 0.93,
            },
            Promise {
                text: "unchanged soums called improved: at most 5 %, in the worst kind of country",
                found: percent(Some(self.worst(Tally::improved_wrongly))),
                kept: self.worst(Tally::improved_wrongly) <= 0.05,
            },
            Promise {
                text: "unchanged soums called declined: at most 5 %, in the worst kind of country",
                found: percent(Some(self.worst(Tally::declined_wrongly))),
                kept: self.worst(Tally::declined_wrongly) <= 0.05,
            },
            Promise {
                text: "false discovery rate at most 0.10, mean over kinds of country",
                found: number(rate),
                kept: within(rate, 0.0, 0.10),
            },
            Promise {
                text: "where nothing changes, a country with any false call: at most 0.10, within two standard errors",
                found: format!("{unchanged:.3} ± {error:.3} of {countries} countries"),
                kept: unchanged <= 0.10 + 2.0 * error,
            },
            Promise {
                text: "power for a true change of 20 % at least 0.80, over all countries with one",
                found: power.map_or_else(none, |(p, b)| format!("{p:.3} (noise known: {})", number(b))),
                kept: power.is_some_and(|(p, _)| p >= 0.80),
            },
            Promise {
                text: "a country in which only the weather improved has no more improvements than 5 %",
                found: format!("{} (nothing changes: {})", percent(weather), percent(nothing)),
                kept: within(weather, 0.0, 0.05),
            },
        ]
    }

    /// The whole page.
    pub fn page(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "# Calibration\n\nWritten by `make calibrate`: {} simulated countries of 330 soums and 24 years, seed {}. Each \
             is made with known truth at the level of partials and judged by the assessment's own code, from partials to \
             verdict, under the national scheme. No constant was chosen on these countries (see *How constants were \
             chosen*).\n\n## Promises\n\n| promise | found | kept |\n|---|---|---|",
            self.all.countries, self.seed
        );
        for p in self.promises() {
            let _ = writeln!(out, "| {} | {} | {} |", p.text, p.found, if p.kept { "yes" } else { "**no**" });
        }
        out.push_str(&self.weak_kinds());
        out.push_str(PRODUCTIVITY);
        for (world, tally) in self.worlds {
            let _ = writeln!(out, "| {} | {} |", world.key, row(&tally.productivity));
        }
        let _ = writeln!(out, "| **all** | {} |", row(self.all));
        out.push_str(CONDITION);
        for (world, tally) in self.worlds {
            let _ = writeln!(out, "| {} | {} |", world.key, short(&tally.condition, false));
        }
        out.push_str(PLOTS);
        for (world, tally) in self.worlds {
            let _ = writeln!(out, "| {} | {} |", world.key, short(&tally.plots_only, true));
        }
        out.push_str(STATUS);
        for (world, t) in self.worlds {
            let total = t.status.iter().sum::<usize>().max(1) as f64;
            let shares: Vec<String> = t.status.iter().map(|n| percent(Some(*n as f64 / total))).collect();
            let wrong = t.improving_wrongly;
            let wrong = (wrong.1 > 0).then(|| wrong.0 as f64 / wrong.1 as f64);
            let _ = writeln!(out, "| {} | {} | {} |", world.key, shares.join(" | "), percent(wrong));
        }
        out.push_str(&self.rasters.map_or_else(|| NO_RASTERS.to_owned(), |t| rasters(&t)));
        let _ = write!(out, "{NATIONAL}{}", self.national);
        out.push_str(WORLDS);
        for (world, _) in self.worlds {
            let _ = writeln!(out, "- **{}**: {}", world.key, world.text);
        }
        let _ = write!(out, "{MADE_OF}{}{NOT_SHOWN}", self.tuning);
        out
    }

    /// Kinds of country in which a promise that holds over all does not hold.
    fn weak_kinds(&self) -> String {
        let mut weak: Vec<String> = Vec::new();
        for (world, tally) in self.worlds {
            let t = &tally.productivity;
            if let Some((power, _)) = t.power(0).filter(|(power, _)| *power < 0.80) {
                weak.push(format!("*{}*: power for 20 % is {power:.3}", world.key));
            }
            if let Some(rate) = t.false_discovery_rate().filter(|rate| *rate > 0.10) {
                weak.push(format!("*{}*: false discovery rate {rate:.3} in {} countries", world.key, t.countries));
            }
        }
        if weak.is_empty() {
            return String::new();
        }
        format!("\nBelow the promise in single kinds of country: {}.\n", weak.join("; "))
    }
}

fn rasters(t: &RasterTally) -> String {
    let share = |part: usize, whole: usize| percent((whole > 0).then(|| part as f64 / whole as f64));
    format!(
        "{RASTERS}| countries | soums | I1: intervals that hold the truth | unchanged called improved | called declined | \
         FDR | changed soums found | better soums verified as improving | worse soums not verified | others verified as \
         improving |\n|---|---|---|---|---|---|---|---|---|---|\n| {} | {} | {} | {} | {} | {:.3} | {} | {} | {} | {} |\n",
        t.countries,
        t.soums,
        share(t.held, t.intervals),
        share(t.improved_wrongly, t.unchanged),
        share(t.declined_wrongly, t.unchanged),
        t.false_discoveries / t.countries.max(1) as f64,
        share(t.found, t.changed),
        share(t.improving.1, t.improving.0),
        share(t.declining.1, t.declining.0),
        share(t.improving_wrongly.1, t.improving_wrongly.0),
    )
}

const PRODUCTIVITY: &str = "
## I1, productivity from a 24-year vegetation stack

Power counts a soum as found when its verdict is `improved` or `declined` in the true direction. The bound is the power \
of a test that knows each soum's noise, at the p that the false discovery rate left in that country; it is derived where \
the noise is independent from year to year, and no test that must learn the noise from 24 years reaches it. Rises are \
asked for more than falls: they need evidence of tier T2 and a noise floor of at most 10 %; `rises held back` are those \
of 20 % that were beyond chance and not called for these rules. The plain estimator is Welch's comparison of the fifteen \
years after a plain zone-by-year median.

| kind of country | coverage | coverage of the plain estimator | unchanged called improved | called declined | FDR | power 20 % | bound | rises | falls | rises held back | power 10 % | bound | soums with a verdict |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
";
const CONDITION: &str = "
## I2, condition from 14 photo points a soum

The interval is the wider of two (years, points), so its coverage is meant to pass 90 %. A new technician is a bias that \
no estimator sees: only re-measurement by another party does.

| kind of country | coverage | unchanged called improved | called declined | FDR | soums with a verdict |
|---|---|---|---|---|---|
";
const PLOTS: &str = "
## Productivity from five plots a soum alone

| kind of country | coverage | unchanged called improved | called declined | FDR | soums with a verdict | power 20 % | power 10 % |
|---|---|---|---|---|---|---|---|
";
const STATUS: &str = "
## Status of soums on I1 and I2

| kind of country | verified_improving | verified_maintained | not_verified | insufficient_evidence | unchanged soums called improving |
|---|---|---|---|---|---|
";
const WORLDS: &str = "\n## Kinds of country\n\n";
const RASTERS: &str = "
## Countries from rasters

Made by `belcheer sample`, ingested and assessed by the program as built, from yearly rasters, weather, plots, photo \
points, livestock and losses to the exported tables; then held against `truth.csv`. Their vegetation follows ln rain in a line, as \
the estimator's model does, with noise of pixels, soums and zones; the code that makes it is not the estimator's. A better soum is verified as improving when two indicators are improved and \
none is declined: I1 finds them; pressure (I3) falls by destocking, which records of losses tell from a dzud; a few dozen \
photo points often cannot see twice the margin (I2 undecided).

";
const NO_RASTERS: &str = "
## Countries from rasters

Not run: no program was given (`--program`).
";
const NATIONAL: &str = "
## The national decision stage

From stored partials of 330 soums and 24 years to evidence, adjusted p, verdicts, status and score, with 2,000 bootstrap \
draws of years for each of five indicators and 2,000 of space and years for I1; on the machine that wrote this page. The \
bytes of the three runs are compared.

";
const MADE_OF: &str = "
## What the countries are made of

- Vegetation follows soil water with a year's memory and a saturating response; the weather records hold rain with an \
error of 8 % and temperature with 0.2 degrees. The estimator fits a line in ln rain and temperature: it never meets its own model.
- Shocks shared by the nation and by each zone and year (SD 0.05 ln each) come on top of the weather.
- A soum's own yearly noise has SD 0.055 ln (lognormal over soums, spread 0.22) and correlates between soums with \
distance as plots of 2007-2020 do: .33 below 60 km, .23 at 100-150 km, .09 at 200-300 km.
- Plots carry the technician's year (SD 0.30 ln) and the visit (SD 0.55 ln); photo points likewise.

## What the estimator does about it

1. *Years resemble their neighbours.* The lag-1 correlation of one soum's fifteen years is biased towards zero, so \
persistent noise goes unnoticed. It is estimated over all soums with its exact bias removed, and the standard error is \
that of least squares under this persistence.
2. *Five reporting years do not show their own variance.* Every year of the stack adds to the scale; where the \
reporting years are noisier beyond chance (F test), Welch's wider interval counts.
3. *Zone-by-year medians lean towards a changed side.* Soums whose change stands out of their zone do not vote on \
the zone's years.
4. *The noise floor* is the wider of an interleaved and a blocked placebo on the baseline, so that a persistent soum \
does not get a margin narrower than its own swings.

## How constants were chosen

Two constants of `verification_1` have no other source than simulation: the level of the F test (`noisier_p`) and the \
distance at which a soum stops voting on its zone's years (`standing_out_t`). They were chosen by \
`calibrate --tune 1 --countries 12`:

";
const NOT_SHOWN: &str = "
## What these figures do not show

- In a country where nothing is true the false discovery rate is the chance of any false call at all; the procedure of \
Benjamini and Hochberg puts it at 0.10 exactly, not below.
- The noise of real soums is not 0.055 ln everywhere: `belcheer placebo` measures it on the data loaded.
- A change common to a whole zone is not seen by I1 by design; the unadjusted change stands beside it.
- I3, I4 and I5 are simulated only in the countries from rasters.
- A technician who changes with the reporting period biases I2, and no interval shows it.
";

fn row(t: &Tally) -> String {
    let power = |class| t.power(class).map_or_else(|| "– | –".to_owned(), |(p, b)| format!("{p:.3} | {}", number(b)));
    let (c, i, d) = (percent(t.coverage()), percent(t.improved_wrongly()), percent(t.declined_wrongly()));
    let fdr = number(t.false_discovery_rate());
    let plain = percent(t.plain_coverage());
    let [rises, falls, held_back] = t.directions(0);
    let directions = format!("{} | {} | {}", number(rises), number(falls), number(held_back));
    let verdicts = percent(t.verdict_share());
    format!("{c} | {plain} | {i} | {d} | {fdr} | {} | {directions} | {} | {verdicts}", power(0), power(1))
}

fn short(t: &Tally, with_power: bool) -> String {
    let (c, i, d) = (percent(t.coverage()), percent(t.improved_wrongly()), percent(t.declined_wrongly()));
    let mut line = format!("{c} | {i} | {d} | {} | {}", number(t.false_discovery_rate()), percent(t.verdict_share()));
    if with_power {
        for class in [0, 1] {
            let _ = write!(line, " | {}", number(t.power(class).map(|p| p.0)));
        }
    }
    line
}

pub fn percent(share: Option<f64>) -> String {
    share.map_or_else(none, |s| format!("{:.1} %", 100.0 * s))
}

pub fn number(value: Option<f64>) -> String {
    value.map_or_else(none, |v| format!("{v:.3}"))
}

fn none() -> String {
    "–".to_owned()
}
