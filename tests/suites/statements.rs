//! One statement a level, whatever the number of rows, and none for a denied field.

mod levels;
mod limits;
mod pipelining;
mod plans;

use entity::db::{Purpose, Recorded};
use tests::Gateway;

/// Asks, expects no error, and gives back the statements for data and the number of those for the context.
async fn cost(gateway: &Gateway, token: &str, organization: &str, query: &str) -> (Vec<Recorded>, usize) {
    let _before = gateway.recorder.take();
    let answer = gateway.ask_as(Some(token), Some(organization), query, serde_json::json!({})).await;
    assert!(answer.json["errors"].is_null(), "{query}\n{}", answer.text);
    split(gateway.recorder.take())
}

fn split(all: Vec<Recorded>) -> (Vec<Recorded>, usize) {
    let (data, context): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.purpose == Purpose::Data);
    (data, context.len())
}

/// The statements, one a line, for a failing test's message.
fn listed(statements: &[Recorded]) -> String {
    statements.iter().map(|one| format!("  {}", one.sql)).collect::<Vec<_>>().join("\n")
}
