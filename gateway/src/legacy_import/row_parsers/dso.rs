//! DSOs, their courses and their words.

use entity::{
    id::TypedId as _,
    import::{AttendeeRow, CourseRow, DsoRow, TermRow, derived_id},
    text::TextKind,
};
use uuid::Uuid;

use super::{ImportedIds, ParseRow, address, created_at, none_if_empty};
use crate::legacy_import::{
    LegacyFile,
    field_reader::{FieldReader, Read},
};

impl ParseRow for DsoRow {
    const FILE: LegacyFile = LegacyFile::Dsos;

    fn parse_row(fields: &FieldReader, _: &ImportedIds, remarks: &mut Vec<String>) -> Read<Self> {
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

impl ParseRow for CourseRow {
    const FILE: LegacyFile = LegacyFile::Courses;

    fn parse_row(fields: &FieldReader, known: &ImportedIds, remarks: &mut Vec<String>) -> Read<Self> {
        Ok(Self {
            id: fields.id("id")?,
            dso: known.dso(fields)?,
            title: fields.text("title", TextKind::NAME)?,
            held_at: none_if_empty(fields, "held_at", fields.time("held_at"), remarks),
        })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

impl ParseRow for AttendeeRow {
    const FILE: LegacyFile = LegacyFile::Attendees;

    fn parse_row(fields: &FieldReader, known: &ImportedIds, remarks: &mut Vec<String>) -> Read<Self> {
        let course = fields.id("course_id")?;
        let doctor = known.doctor(fields).map(|(doctor, _)| doctor);
        Ok(Self {
            id: fields.id("id")?,
            dso: *known.courses.get(&course).ok_or("the course is gone")?,
            course,
            name: fields.text("name", TextKind::NAME)?,
            attended: fields.bool("attended")?,
            doctor: none_if_empty(fields, "doctor_id", doctor, remarks),
            email: address(fields, remarks),
        })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

impl ParseRow for TermRow {
    const FILE: LegacyFile = LegacyFile::Terminology;

    fn parse_row(fields: &FieldReader, known: &ImportedIds, _: &mut Vec<String>) -> Read<Self> {
        let dso = known.dso(fields)?;
        // Our nouns are spelled in lower case.
        let key = fields.text("key", TextKind::NAME)?.to_ascii_lowercase();
        Ok(Self { id: derived_id(dso.uuid(), &key), dso, label: fields.text("label", TextKind::NAME)?, key })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}
