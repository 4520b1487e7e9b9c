//! With what the page's queries are asked.
//!
//! Owns: the value of each variable of the page. Invariant: a variable without a value here fails, and says what to do; all
//! ids are those of rows that the world has on both sides.

use serde_json::{Map, Value, json};
use tests::Actor;

use super::operations::Operation;
use crate::matrix::{
    changes::boards::{dashboard, widget},
    rows::DSOS,
    rows::id_in,
};

/// An operation's variables, as somebody would set them on the page.
pub(super) fn variables(operation: &Operation, actor: Actor) -> Value {
    let mut given = Map::new();
    for definition in &operation.definition.variable_definitions {
        let name = definition.node.name.node.as_str();
        let value = value(&operation.name, name).unwrap_or_else(|| {
            panic!(
                "`{}` of the page has a variable `${name}`, and nothing to ask it with: give it a value in \
                 matrix/pages/variables.rs (asked as {actor:?})",
                operation.name
            )
        });
        given.insert(name.to_owned(), value);
    }
    Value::Object(given)
}

/// The value of a variable: by its name wherever that says enough, else by its operation too.
fn value(operation: &str, name: &str) -> Option<Value> {
    Some(match (operation, name) {
        // All that the caller sees, as the page asks at first.
        (_, "dsoIds" | "filter" | "orderBy" | "after" | "before" | "timeZone") => Value::Null,
        (_, "dsoId") => json!(id_in("Dso", DSOS[0])),
        (_, "doctorId") => json!(id_in("Doctor", DSOS[0])),
        (_, "first") => json!(100),
        // When all that is counted had happened, and something had before.
        (_, "range") => json!({ "from": "2026-01-16T00:00:00Z", "until": "2030-01-01T00:00:00Z" }),
        (_, "inactiveDays") => json!(30),
        (_, "dashboardId") => json!(dashboard("groups")),
        (_, "widgetId") => json!(widget("groups")),
        // Pages call the id of what an operation is named after by `id`.
        (operation, "id") if operation.contains("Dashboard") => json!(dashboard("groups")),
        _ => return None,
    })
}
