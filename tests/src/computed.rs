//! Columns that the gateway computes for each row.
//!
//! Owns: the list of these columns, for rows that are inserted without the gateway. Invariant: the values are the ones
//! that the gateway would have written.

use entity::text::{name_key, search_text};
use sea_orm::Value;

/// Computed columns of a row of this table, derived from its name and practice.
#[must_use]
pub fn of(table: &str, column: impl Fn(&str) -> Option<Value>) -> Vec<(&'static str, Value)> {
    let text = |name: &str| match column(name) {
        Some(Value::String(text)) => text,
        _ => None,
    };
    let Some(name) = text("name").filter(|_| ["doctors", "dsos", "attendees"].contains(&table)) else {
        return Vec::new();
    };
    let mut computed = vec![("name_key", name_key(&name).into())];
    if table == "doctors" {
        let practice = text("practice");
        computed.push(("search_text", search_text([name.as_str()].into_iter().chain(practice.as_deref())).into()));
    }
    computed
}
