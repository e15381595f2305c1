//! The table of limits that users read, for tests that hold it against the code.

/// The number in the row of `docs/limits.md` that names a limit.
///
/// # Panics
/// When no row names it, or the row has no number.
#[must_use]
pub fn documented(limit: &str) -> u64 {
    let table = include_str!("../../docs/limits.md");
    let row = table.lines().find(|row| row.starts_with('|') && row.contains(&format!("| `{limit}` |")));
    let value = row.and_then(|row| row.split('|').nth(2)).unwrap_or_else(|| panic!("{limit} has no row"));
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}
