//! Progress of long work: a bar on a terminal, JSON lines for programs, nothing when quiet.

use std::sync::Mutex;

use belcheer_assessment::Watch;
use indicatif::{ProgressBar, ProgressStyle};

/// How progress is shown.
pub enum Progress {
    /// Not at all.
    Quiet,
    /// One JSON object a line on standard error.
    Json,
    /// To the service whose job this is.
    Told(belcheer_jobs::Teller),
    /// A bar.
    Bar(Mutex<Option<ProgressBar>>),
}

impl Progress {
    /// What the global options ask for; a bar is drawn only where standard error is a terminal.
    pub fn new(quiet: bool, json: bool) -> Self {
        if json {
            Self::Json
        } else if quiet {
            Self::Quiet
        } else {
            Self::Bar(Mutex::new(None))
        }
    }
}

impl Watch for Progress {
    #[expect(clippy::print_stderr, reason = "progress for programs goes to standard error")]
    fn step(&self, stage: &str, done: u64, total: u64) {
        match self {
            Self::Quiet => {}
            Self::Json => {
                eprintln!("{}", serde_json::json!({"event": "progress", "stage": stage, "done": done, "total": total}));
            }
            Self::Told(teller) => teller.step(stage, done, total),
            Self::Bar(slot) => {
                let Ok(mut slot) = slot.lock() else { return };
                let bar = slot.get_or_insert_with(|| {
                    let style = ProgressStyle::with_template("{msg:32} {wide_bar} {pos}/{len} {eta}");
                    ProgressBar::new(total).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
                });
                bar.set_message(stage.to_owned());
                bar.set_length(total);
                bar.set_position(done);
                if done >= total {
                    bar.finish_and_clear();
                    *slot = None;
                }
            }
        }
    }
}
