//! What the figures were taken on.

use std::fs;

/// Facts of this machine, as lines of the page.
#[must_use]
pub fn facts(counting: bool) -> Vec<String> {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    let unknown = || "not known".to_owned();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory_kb: f64 = field(&read("/proc/meminfo"), "MemTotal")
        .and_then(|text| text.split_whitespace().next()?.parse().ok())
        .unwrap_or(0.0);
    vec![
        format!("- processor: {}", field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(unknown)),
        format!("- cores: {cores}, memory: {:.0} GB", memory_kb / 1e6),
        format!("- kernel: {}", read("/proc/sys/kernel/osrelease").trim()),
        format!("- load at the start: {}", load().map_or_else(unknown, |load| format!("{load:.1}"))),
        format!("- instruction counts: {}", if counting { "perf stat" } else { "not supported on this machine" }),
    ]
}

/// Programs that ran or waited, over the last minute.
#[must_use]
pub fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}
