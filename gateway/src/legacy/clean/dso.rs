//! DSOs, their courses and their words.

use entity::{
    TextKind, TypedId as _,
    import::{AttendeeRow, CourseRow, DsoRow, TermRow, derived_id},
};
use uuid::Uuid;

use super::{Clean, Known, address, created_at, or_nothing};
use crate::legacy::{
    LegacyFile,
    field::{Fields, Read},
};

impl Clean for DsoRow {
    const FILE: LegacyFile = LegacyFile::Dsos;

    fn clean(fields: &Fields, _: &Known, remarks: &mut Vec<String>) -> Read<Self> {
        Ok(Self {
            id: fields.id("id")?,
            name: fields.text("name", TextKind::NAME)?,
            created_at: created_at(fields, remarks),
        })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Clean for CourseRow {
    const FILE: LegacyFile = LegacyFile::Courses;

    fn clean(fields: &Fields, known: &Known, remarks: &mut Vec<String>) -> Read<Self> {
        Ok(Self {
            id: fields.id("id")?,
            dso: known.dso(fields)?,
            title: fields.text("title", TextKind::NAME)?,
            held_at: or_nothing(fields, "held_at", fields.time("held_at"), remarks),
        })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Clean for AttendeeRow {
    const FILE: LegacyFile = LegacyFile::Attendees;

    fn clean(fields: &Fields, known: &Known, remarks: &mut Vec<String>) -> Read<Self> {
        let course = fields.id("course_id")?;
        let doctor = known.doctor(fields).map(|(doctor, _)| doctor);
        Ok(Self {
            id: fields.id("id")?,
            dso: *known.courses.get(&course).ok_or("the course is gone")?,
            course,
            name: fields.text("name", TextKind::NAME)?,
            attended: fields.truth("attended")?,
            doctor: or_nothing(fields, "doctor_id", doctor, remarks),
            email: address(fields, remarks),
        })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Clean for TermRow {
    const FILE: LegacyFile = LegacyFile::Terminology;

    fn clean(fields: &Fields, known: &Known, _: &mut Vec<String>) -> Read<Self> {
        let dso = known.dso(fields)?;
        // Our nouns are spelled in lower case.
        let key = fields.text("key", TextKind::NAME)?.to_ascii_lowercase();
        Ok(Self { id: derived_id(dso.uuid(), &key), dso, label: fields.text("label", TextKind::NAME)?, key })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}
