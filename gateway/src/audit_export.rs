//! The audit log outside the gateway.
//!
//! Owns: its two written forms. May use: serde and the writer of CSV, of `entity` the events. Invariant: both forms have the same fields
//! in the same order, among them all that an event's hash covers, so that an export can be checked by itself.

use clap::ValueEnum;
use entity::{
    id::TypedId,
    models::{AuditEvent, TargetKind},
};
use serde::Serialize;

use crate::csv_file::CsvFile;
pub use crate::csv_file::ListLayout;

/// A written form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line of JSON for each event.
    Jsonl,
    /// A head line and a line for each event; `before` and `after` are JSON in a field. A text that a spreadsheet would take for a formula
    /// has an apostrophe before it, so hashes are checked by the other form.
    Csv,
}

#[derive(Serialize)]
struct Row<'a, J> {
    sequence: Option<i32>,
    id: String,
    at: String,
    action: &'a str,
    outcome: serde_json::Value,
    reason: Option<&'a str>,
    actor_kind: serde_json::Value,
    actor_member_id: Option<String>,
    actor_user_id: Option<String>,
    target_kind: &'a str,
    target_id: String,
    dso_id: Option<String>,
    request_id: Option<&'a str>,
    address: Option<&'a str>,
    agent: Option<&'a str>,
    before: Option<J>,
    after: Option<J>,
    hash: Option<&'a str>,
}

fn row<J>(event: &AuditEvent, json: impl Fn(&serde_json::Value) -> J) -> Row<'_, J> {
    let target = TargetKind::from_name(&event.target_kind);
    Row {
        sequence: event.sequence,
        id: event.id.to_text(),
        at: event.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        action: &event.action,
        outcome: serde_json::to_value(event.outcome).unwrap_or_default(),
        reason: event.reason.as_deref(),
        actor_kind: serde_json::to_value(event.actor_kind).unwrap_or_default(),
        actor_member_id: event.actor_member_id.map(TypedId::to_text),
        actor_user_id: event.actor_user_id.map(TypedId::to_text),
        target_kind: &event.target_kind,
        target_id: target.map_or_else(|| event.target_id.to_string(), |kind| kind.id_of(event.target_id)),
        dso_id: event.dso_id.map(TypedId::to_text),
        request_id: event.request_id.as_deref(),
        address: event.address.as_deref(),
        agent: event.agent.as_deref(),
        before: event.before.as_ref().map(&json),
        after: event.after.as_ref().map(&json),
        hash: event.hash.as_deref(),
    }
}

/// Some events as text; `head` asks for the head line, which CSV has before the first of them.
pub fn write(events: &[AuditEvent], format: Format, head: ListLayout) -> Result<String, WriteError> {
    match format {
        Format::Jsonl => {
            let lines =
                events.iter().map(|event| serde_json::to_string(&row(event, Clone::clone)).map(|line| line + "\n"));
            Ok(lines.collect::<Result<String, _>>()?)
        }
        Format::Csv => {
            let mut file = CsvFile::to(Vec::new());
            file.rows(events.iter().map(|event| row(event, ToString::to_string)), head)?;
            let bytes = file.end().map_err(|error| WriteError::Csv(error.into()))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
    }
}

/// An event that cannot be written: none that the gateway has made.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// As JSON.
    #[error("an event cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// As CSV.
    #[error("an event cannot be written as CSV: {0}")]
    Csv(#[from] csv::Error),
}
