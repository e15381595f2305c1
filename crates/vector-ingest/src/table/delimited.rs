//! Delimited text: which delimiter, which encoding, rows with their own widths.

use belcheer_door::Refusal;
use csv::ReaderBuilder;

use super::sheet::Sheet;
use crate::{
    limits::Limits,
    messages::{Log, refuse},
    text::encoding,
};

/// Reads delimited text; rows keep the number of the line they begin on.
pub(crate) fn read(bytes: &[u8], limits: &Limits, input: &str, log: &mut Log) -> Result<Sheet, Refusal> {
    let decoded = encoding::decode_file(bytes);
    if decoded.guessed {
        log.note("encoding_guessed", "", 1, decoded.encoding);
    }
    let nulls = decoded.text.chars().take(4096).filter(|c| *c == '\0').count();
    if nulls > 0 {
        return Err(refuse("unknown_table_format", input, ""));
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&decoded.text))
        .from_reader(decoded.text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| refuse("unreadable_table", input, e.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        if rows.len() >= limits.rows || record.len() > limits.columns {
            return Err(refuse("table_too_large", input, format!("{} x {}", limits.rows, limits.columns)));
        }
        if record.iter().any(|cell| cell.len() > limits.cell_bytes) {
            return Err(refuse("cell_too_long", input, line.to_string()));
        }
        rows.push((line, record.iter().map(str::to_owned).collect()));
    }
    Ok(Sheet { rows, ragged: true })
}

/// The delimiter whose count is the same in most of the first lines, and largest there; comma when none is found.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(30).collect();
    let score = |d: char| {
        let mut counts: Vec<usize> = lines.iter().map(|l| count_outside_quotes(l, d)).filter(|c| *c > 0).collect();
        counts.sort_unstable();
        let middle = counts.get(counts.len() / 2).copied().unwrap_or(0);
        let alike = counts.iter().filter(|c| **c == middle).count();
        (alike, middle)
    };
    let mut best = (b',', score(','));
    for (byte, delimiter) in [(b';', ';'), (b'\t', '\t')] {
        let found = score(delimiter);
        if found > best.1 {
            best = (byte, found);
        }
    }
    best.0
}

fn count_outside_quotes(line: &str, delimiter: char) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c == delimiter && !quoted => count += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_told_apart() {
        assert_eq!(delimiter("a;b;c\n1,5;2,5;3,5\n"), b';');
        assert_eq!(delimiter("a\tb\n1\t2\n"), b'\t');
        assert_eq!(delimiter("a,b\n\"1;2;3\",4\n"), b',');
        assert_eq!(delimiter("alone\n"), b',');
    }

    #[test]
    fn rows_keep_their_lines() {
        let mut log = Log::new("x.csv");
        let sheet = read("a,b\n\"x\ny\",1\n2,3\n".as_bytes(), &Limits::DEFAULT, "x.csv", &mut log).unwrap();
        assert_eq!(sheet.rows.iter().map(|r| r.0).collect::<Vec<_>>(), [1, 2, 4]);
    }
}
