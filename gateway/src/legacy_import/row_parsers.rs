//! From the fields of a row to a clean row.
//!
//! Owns: the rules of each file, as pure functions. May use: field, and what earlier files told. Invariant: whatever comes
//! out of here fits its table, and hangs on rows that are there.

mod doctor;
mod dso;
mod person;
#[cfg(test)]
mod tests;

pub(super) use person::AccessRow;

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use chrono::{DateTime, Utc};
use entity::{
    auth::DsoRole,
    email::EmailAddress,
    id::{CourseId, DoctorId, DsoId, MemberId, UserId},
};
use uuid::Uuid;

use super::{
    LegacyFile,
    field_reader::{FieldReader, Read},
};

/// What earlier files told.
#[derive(Debug, Default)]
pub(super) struct ImportedIds {
    /// When the import began.
    pub(super) at: DateTime<Utc>,
    /// The DSOs of the export.
    pub(super) dsos: HashSet<DsoId>,
    /// Who the people of the export are here.
    pub(super) people: HashMap<UserId, UserId>,
    /// Addresses that must not come back, in normal form.
    pub(super) excluded: HashSet<String>,
    /// The membership of each of them.
    pub(super) members: HashMap<UserId, MemberId>,
    /// Where each doctor is.
    pub(super) doctors: HashMap<DoctorId, DsoId>,
    /// Where each course is.
    pub(super) courses: HashMap<CourseId, DsoId>,
}

/// A clean row of a file.
pub(super) trait ParseRow: Hash + Send + Sized {
    /// Which file.
    const FILE: LegacyFile;
    /// Cleans one row. `Err` refuses it; a remark tells what was left out of a row that is taken.
    fn parse_row(fields: &FieldReader, known: &ImportedIds, remarks: &mut Vec<String>) -> Read<Self>;
    /// What makes it the only one in its file.
    fn key(&self) -> Uuid;
}

impl ImportedIds {
    fn dso(&self, fields: &FieldReader) -> Read<DsoId> {
        let dso = fields.id("dso_id")?;
        if self.dsos.contains(&dso) { Ok(dso) } else { Err("the DSO is gone".to_owned()) }
    }

    fn doctor(&self, fields: &FieldReader) -> Read<(DoctorId, DsoId)> {
        let doctor = fields.id("doctor_id")?;
        let dso = self.doctors.get(&doctor).ok_or("the doctor is gone")?;
        Ok((doctor, *dso))
    }

    fn user(&self, fields: &FieldReader, column: &str) -> Read<UserId> {
        let user = fields.id(column)?;
        self.people.get(&user).copied().ok_or_else(|| "the user is gone".to_owned())
    }

    /// The membership of a person that the row can do without.
    fn member(&self, fields: &FieldReader, column: &str, remarks: &mut Vec<String>) -> Option<MemberId> {
        let member = |user| self.members.get(&user).copied().ok_or_else(|| "the user is gone".to_owned());
        let read = self.user(fields, column).and_then(member);
        none_if_empty(fields, column, read, remarks)
    }
}

/// A value that the row can do without: one that is of no use is left out, with a remark.
fn none_if_empty<T>(fields: &FieldReader, column: &str, read: Read<T>, remarks: &mut Vec<String>) -> Option<T> {
    fields.value(column)?;
    read.map_err(|why| remarks.push(format!("{why}: `{column}` is left empty"))).ok()
}

/// The address of somebody who is no user here.
fn address(fields: &FieldReader, remarks: &mut Vec<String>) -> Option<EmailAddress> {
    none_if_empty(fields, "email", fields.email("email"), remarks)
}

/// When a row was made: bookkeeping, for which nothing is refused.
fn created_at(fields: &FieldReader, remarks: &mut Vec<String>) -> Option<DateTime<Utc>> {
    fields.time("created_at").map_err(|why| remarks.push(format!("{why}: the time of the import is taken"))).ok()
}

fn dso_role(fields: &FieldReader) -> Read<DsoRole> {
    fields.keyword("role", |word| DsoRole::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(word)))
}
