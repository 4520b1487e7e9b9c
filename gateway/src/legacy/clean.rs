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
use entity::{CourseId, DoctorId, DsoId, DsoRole, EmailAddress, MemberId, UserId};
use uuid::Uuid;

use super::{
    LegacyFile,
    field::{Fields, Read},
};

/// What earlier files told.
#[derive(Debug, Default)]
pub(super) struct Known {
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
pub(super) trait Clean: Hash + Send + Sized {
    /// Which file.
    const FILE: LegacyFile;
    /// Cleans one row. `Err` refuses it; a remark tells what was left out of a row that is taken.
    fn clean(fields: &Fields, known: &Known, remarks: &mut Vec<String>) -> Read<Self>;
    /// What makes it the only one in its file.
    fn key(&self) -> Uuid;
}

impl Known {
    fn dso(&self, fields: &Fields) -> Read<DsoId> {
        let dso = fields.id("dso_id")?;
        if self.dsos.contains(&dso) { Ok(dso) } else { Err("the DSO is gone".to_owned()) }
    }

    fn doctor(&self, fields: &Fields) -> Read<(DoctorId, DsoId)> {
        let doctor = fields.id("doctor_id")?;
        let dso = self.doctors.get(&doctor).ok_or("the doctor is gone")?;
        Ok((doctor, *dso))
    }

    fn user(&self, fields: &Fields, column: &str) -> Read<UserId> {
        let user = fields.id(column)?;
        self.people.get(&user).copied().ok_or_else(|| "the user is gone".to_owned())
    }

    /// The membership of a person that the row can do without.
    fn member(&self, fields: &Fields, column: &str, remarks: &mut Vec<String>) -> Option<MemberId> {
        let member = |user| self.members.get(&user).copied().ok_or_else(|| "the user is gone".to_owned());
        let read = self.user(fields, column).and_then(member);
        or_nothing(fields, column, read, remarks)
    }
}

/// A value that the row can do without: one that is of no use is left out, with a remark.
fn or_nothing<T>(fields: &Fields, column: &str, read: Read<T>, remarks: &mut Vec<String>) -> Option<T> {
    fields.value(column)?;
    read.map_err(|why| remarks.push(format!("{why}: `{column}` is left empty"))).ok()
}

/// The address of somebody who is no user here.
fn address(fields: &Fields, remarks: &mut Vec<String>) -> Option<EmailAddress> {
    or_nothing(fields, "email", fields.email("email"), remarks)
}

/// When a row was made: bookkeeping, for which nothing is refused.
fn created_at(fields: &Fields, remarks: &mut Vec<String>) -> Option<DateTime<Utc>> {
    fields.time("created_at").map_err(|why| remarks.push(format!("{why}: the time of the import is taken"))).ok()
}

fn dso_role(fields: &Fields) -> Read<DsoRole> {
    fields.word("role", |word| DsoRole::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(word)))
}
