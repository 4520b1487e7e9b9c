//! The matrix as a reviewed file.
//!
//! Owns: laying it out, comparing it with `tests/golden`, writing it anew on demand. Invariant: a file is written only by
//! somebody who asks for it (`UPDATE_GOLDEN=1`), never where `CI` is set.

use std::fmt::Write as _;

use tests::Actor;

use super::outcome::Cell;

/// A line: what was asked, and what each actor got.
pub(crate) struct Line {
    pub(crate) coordinate: String,
    pub(crate) label: String,
    pub(crate) guard: String,
    pub(crate) cells: Vec<Cell>,
}

/// The file's text: aligned columns, then notes.
pub(crate) fn layout(head: &str, mut lines: Vec<Line>, notes: &[String]) -> String {
    lines.sort_by(|one, other| (&one.coordinate, &one.label).cmp(&(&other.coordinate, &other.label)));
    let names = ["field", "row", "guard"].map(str::to_owned).into_iter();
    let mut table = vec![names.chain(Actor::ALL.iter().map(|actor| format!("{actor:?}"))).collect::<Vec<_>>()];
    for line in lines {
        assert_eq!(line.cells.len(), Actor::ALL.len(), "`{}` has not been asked by everybody", line.coordinate);
        let label = if line.label.is_empty() { "-".to_owned() } else { line.label };
        let cells = line.cells.iter().map(ToString::to_string);
        table.push([line.coordinate, label, line.guard].into_iter().chain(cells).collect());
    }
    let columns = table[0].len();
    let widths: Vec<_> =
        (0..columns).map(|column| table.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for line in head.lines() {
        writeln!(text, "# {line}").unwrap();
    }
    for row in table {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            write!(line, "{cell:<width$}  ").unwrap();
        }
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    for note in notes {
        writeln!(text, "# {note}").unwrap();
    }
    text
}

/// Compares with the reviewed file.
pub(crate) fn check(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name);
    let is_asked = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    if is_asked && std::env::var_os("CI").is_none() {
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("`{}` cannot be written: {error}", path.display()));
        return;
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    if reviewed == text {
        return;
    }
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    let squeeze = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines = |text: &str| text.lines().map(squeeze).collect::<Vec<_>>();
    let (old_lines, new_lines) = (lines(&reviewed), lines(text));
    gone.extend(old_lines.iter().filter(|line| !new_lines.contains(line)).take(20).map(|line| format!("- {line}")));
    new.extend(new_lines.iter().filter(|line| !old_lines.contains(line)).take(20).map(|line| format!("+ {line}")));
    panic!(
        "`tests/golden/{name}` no longer says what the gateway does; if it is meant, run the suite with UPDATE_GOLDEN=1 and review \
         the difference:\n{}\n{}",
        gone.join("\n"),
        new.join("\n")
    );
}
