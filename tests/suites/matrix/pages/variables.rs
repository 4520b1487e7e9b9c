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

/// The shared dashboards of the world, one for each form of an answer.
const DASHBOARDS: [&str; 4] = ["figure", "groups", "times", "list"];

/// An operation's variables, as somebody would set them on the page: once for each form that its answer can have.
pub(super) fn variables(operation: &Operation, actor: Actor) -> Vec<Value> {
    let mut given = Map::new();
    let mut is_of_a_dashboard = false;
    for definition in &operation.definition.variable_definitions {
        let name = definition.node.name.node.as_str();
        // Pages call the id of what an operation is named after by `id`.
        if name == "id" && operation.name.contains("Dashboard") {
            is_of_a_dashboard = true;
            continue;
        }
        let value = value(name).unwrap_or_else(|| {
            panic!(
                "`{}` of the page has a variable `${name}`, and nothing to ask it with: give it a value in \
                 matrix/pages/variables.rs (asked as {actor:?})",
                operation.name
            )
        });
        given.insert(name.to_owned(), value);
    }
    if !is_of_a_dashboard {
        return vec![Value::Object(given)];
    }
    let of = |name| {
        let mut given = given.clone();
        given.insert("id".to_owned(), json!(dashboard(name)));
        Value::Object(given)
    };
    DASHBOARDS.map(of).into()
}

/// The value of a variable.
fn value(name: &str) -> Option<Value> {
    Some(match name {
        // All that the caller sees, as the page asks at first.
        "dsoIds" | "filter" | "orderBy" | "after" | "before" | "timeZone" => Value::Null,
        "dsoId" => json!(id_in("Dso", DSOS[0])),
        "doctorId" => json!(id_in("Doctor", DSOS[0])),
        "first" => json!(100),
        // When all that is counted had happened, and something had before.
        "range" => json!({ "from": "2026-01-16T00:00:00Z", "until": "2030-01-01T00:00:00Z" }),
        "inactiveDays" => json!(30),
        "dashboardId" => json!(dashboard("groups")),
        "widgetId" => json!(widget("groups")),
        _ => return None,
    })
}
