//! Builds the three levels as JSON from flat rows: measures the cost of making the JSON here instead of in PostgreSQL.
//!
//! Owns: the serialization. Rows are ordered by DSO, doctor and time, so a list ends where an id changes.

use std::io::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use tokio_postgres::Row;
use uuid::Uuid;

/// Approximate size of an answer, in bytes.
const CAPACITY: usize = 64 * 1024;

pub fn json(rows: &[Row]) -> Vec<u8> {
    let mut out = Vec::with_capacity(CAPACITY);
    out.extend(br#"{"data":{"dsos":["#);
    let (mut dso, mut doctor) = (Uuid::nil(), Uuid::nil());
    for row in rows {
        let (row_dso, row_doctor): (Uuid, Uuid) = (row.get(0), row.get(2));
        let (new_dso, new_doctor) = (row_dso != dso, row_doctor != doctor);
        if new_doctor && !doctor.is_nil() {
            out.extend(b"]}");
        }
        if new_dso {
            if !dso.is_nil() {
                out.extend(b"]},");
            }
            write!(out, r#"{{"id":"{row_dso}","name":"#).unwrap();
            quote(&mut out, row.get(1));
            out.extend(br#","doctors":["#);
            dso = row_dso;
        } else if new_doctor {
            out.push(b',');
        }
        if new_doctor {
            begin_doctor(&mut out, row, row_doctor);
            doctor = row_doctor;
        }
        if let Some(activity) = row.get::<_, Option<Uuid>>(6) {
            if !new_doctor {
                out.push(b',');
            }
            write_activity(&mut out, row, activity);
        }
    }
    if !doctor.is_nil() {
        out.extend(b"]}]}");
    }
    out.extend(b"]}}");
    out
}

fn begin_doctor(out: &mut Vec<u8>, row: &Row, id: Uuid) {
    write!(out, r#"{{"id":"{id}","name":"#).unwrap();
    quote(out, row.get(3));
    write!(out, r#","progress":{},"riskLevel":"#, row.get::<_, i32>(4)).unwrap();
    quote(out, row.get(5));
    out.extend(br#","activities":["#);
}

fn write_activity(out: &mut Vec<u8>, row: &Row, id: Uuid) {
    let at: DateTime<Utc> = row.get(8);
    write!(out, r#"{{"id":"{id}","kind":"#).unwrap();
    quote(out, row.get(7));
    write!(out, r#","occurredAt":"{}"}}"#, at.to_rfc3339_opts(SecondsFormat::Micros, true)).unwrap();
}

fn quote(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).unwrap();
}
