//! `gateway access-matrix`: every field and mutation, and who may read or call it.
//!
//! Owns: the columns and the three forms. May use: the registry, the policy. Invariant: each cell is what `decide` says;
//! nothing is decided here.

mod column;
mod table;

use clap::Args;
use entity::auth::policy::{Decision, decide};
use serde_json::{Map, Value, json};

use super::{CliError, output};
use crate::request::Field;
use crate::schema;
use column::Column;

#[derive(Debug, Args)]
pub(super) struct AccessMatrix {
    /// Print JSON, with the reason of each refusal.
    #[arg(long)]
    json: bool,
    /// Print a Markdown table.
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
}

/// A field and the decision for each column.
struct Row {
    field: &'static Field,
    cells: Vec<(&'static str, Decision)>,
}

/// The whole matrix.
struct Matrix {
    names: Vec<&'static str>,
    rows: Vec<Row>,
}

impl AccessMatrix {
    pub(super) fn run(self) -> Result<(), CliError> {
        let matrix = Matrix::decided();
        output::print(&match (self.json, self.markdown) {
            (true, _) => json(&matrix.rows)?,
            (false, true) => table::markdown(&matrix),
            (false, false) => table::aligned(&matrix),
        })
    }
}

impl Matrix {
    fn decided() -> Self {
        let columns = Column::all();
        let rows = schema::registry().fields().map(|field| row(field, &columns)).collect();
        Self { names: columns.iter().map(|column| column.name).collect(), rows }
    }
}

/// The matrix as it is printed unless asked otherwise.
#[cfg(test)]
pub(super) fn text() -> String {
    table::aligned(&Matrix::decided())
}

fn row(field: &'static Field, columns: &[Column]) -> Row {
    let cell = |column: &Column| (column.name, decide(column.caller(), field.guard, column.about(field.guard)));
    Row { field, cells: columns.iter().map(cell).collect() }
}

/// A list of fields, in the order of the registry.
fn json(rows: &[Row]) -> Result<String, CliError> {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let cells = row.cells.iter().map(|(name, decision)| {
                let said = match decision {
                    Decision::Allow => "allow".to_owned(),
                    Decision::Deny(reason) => format!("deny: {reason}"),
                };
                ((*name).to_owned(), said.into())
            });
            let cells: Map<String, Value> = cells.collect();
            json!({ "coordinate": row.field.coordinate, "guard": row.field.guard.to_string(), "decisions": cells })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&rows)?)
}
