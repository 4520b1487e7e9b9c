//! The difference between two states of a row, as the audit log holds it.
//!
//! Owns: which columns an event leaves out. Invariant: the log holds the changed fields only.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::Error;

/// Columns that change with every update and are therefore left out of the audit log.
const UNAUDITED_COLUMNS: [&str; 7] =
    ["created_at", "updated_at", "version", "email_normal", "last_seen_at", "token_hash", "progress"];

/// The fields that differ, before and after. For a new row, all fields that are set.
pub(crate) fn difference<R: Serialize>(before: Option<&R>, after: &R) -> Result<(Option<Value>, Value), Error> {
    let fields = |row: &R| match serde_json::to_value(row) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(Error::Internal(Arc::new(error))),
    };
    let mut after = fields(after)?;
    after.retain(|name, _| !UNAUDITED_COLUMNS.contains(&name.as_str()));
    let Some(before) = before else {
        after.retain(|_, value| !value.is_null());
        return Ok((None, Value::Object(after)));
    };
    let mut before = fields(before)?;
    after.retain(|name, value| before.get(name) != Some(value));
    before.retain(|name, _| after.contains_key(name));
    Ok((Some(Value::Object(before)), Value::Object(after)))
}
