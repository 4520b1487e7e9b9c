//! The matrix as a table.
//!
//! Owns: the two forms for people. May use: nothing. Invariant: one line a field, so that a change shows as one line.

use std::fmt::Write as _;

use entity::auth::policy::Decision;

use super::Matrix;

/// Columns under each other.
pub(super) fn aligned(Matrix { names, rows }: &Matrix) -> String {
    let field = rows.iter().map(|row| row.field.coordinate.len()).max().unwrap_or(0);
    let guards: Vec<String> = rows.iter().map(|row| row.field.guard.to_string()).collect();
    let guard = guards.iter().map(String::len).max().unwrap_or(0);
    let mut text = format!("{:field$}  {:guard$}", "field", "guard");
    for name in names {
        // Into a string, here and below: it cannot fail.
        let _ = write!(text, "  {name}");
    }
    text.push('\n');
    for (row, demand) in rows.iter().zip(&guards) {
        let mut line = format!("{:field$}  {demand:guard$}", row.field.coordinate);
        for (name, decision) in &row.cells {
            let width = name.len();
            let _ = write!(line, "  {:width$}", word(*decision));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// For a document.
pub(super) fn markdown(Matrix { names, rows }: &Matrix) -> String {
    let mut text = format!("| field | guard | {} |\n|---|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
    for row in rows {
        let cells: Vec<&str> = row.cells.iter().map(|(_, decision)| word(*decision)).collect();
        let _ = writeln!(text, "| `{}` | {} | {} |", row.field.coordinate, row.field.guard, cells.join(" | "));
    }
    text
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "yes",
        Decision::Deny(_) => "-",
    }
}
