//! Doctors and what hangs on them.

use entity::{
    id::TypedId as _,
    import::{ActivityRow, CaseRow, DoctorRow, OnboardingRow, derived_id},
    models::{ActivityKind, CaseStatus, Risk},
    text::TextKind,
};
use uuid::Uuid;

use super::{ImportedIds, ParseRow, address, none_if_empty};
use crate::legacy_import::{
    LegacyFile,
    field_reader::{FieldReader, Read},
};

impl ParseRow for DoctorRow {
    const FILE: LegacyFile = LegacyFile::Doctors;

    fn parse_row(fields: &FieldReader, known: &ImportedIds, remarks: &mut Vec<String>) -> Read<Self> {
        Ok(Self {
            id: fields.id("id")?,
            dso: known.dso(fields)?,
            name: fields.text("name", TextKind::NAME)?,
            phone: fields.optional_text("phone", TextKind::PHONE)?,
            practice: fields.optional_text("practice", TextKind::NAME)?,
            notes: fields.optional_text("notes", TextKind::NOTE)?,
            email: address(fields, remarks),
            onboarding_period: none_if_empty(
                fields,
                "onboarding_period",
                fields.number("onboarding_period", 1, 12),
                remarks,
            ),
            risk: none_if_empty(fields, "risk_level", fields.keyword("risk_level", risk), remarks),
            joined_at: none_if_empty(fields, "joined_at", fields.time("joined_at"), remarks),
        })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

fn risk(word: &str) -> Option<Risk> {
    match word {
        "low" => Some(Risk::Low),
        "medium" => Some(Risk::Medium),
        "high" => Some(Risk::High),
        "critical" => Some(Risk::Critical),
        _ => None,
    }
}

impl ParseRow for OnboardingRow {
    const FILE: LegacyFile = LegacyFile::Onboarding;

    fn parse_row(fields: &FieldReader, known: &ImportedIds, _: &mut Vec<String>) -> Read<Self> {
        let (doctor, dso) = known.doctor(fields)?;
        let period = fields.number("period", 1, 12)?;
        Ok(Self {
            id: derived_id(doctor.uuid(), &period.to_string()),
            dso,
            doctor,
            period,
            percent: fields.number("percent", 0, 100)?,
            recorded_at: fields.time("recorded_at")?,
        })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

impl ParseRow for ActivityRow {
    const FILE: LegacyFile = LegacyFile::Activities;

    fn parse_row(fields: &FieldReader, known: &ImportedIds, remarks: &mut Vec<String>) -> Read<Self> {
        let (doctor, dso) = known.doctor(fields)?;
        Ok(Self {
            id: fields.id("id")?,
            dso,
            doctor,
            kind: fields.keyword("kind", kind)?,
            occurred_at: fields.time("occurred_at")?,
            note: fields.optional_text("note", TextKind::NOTE)?,
            actor: known.member(fields, "user_id", remarks),
        })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

fn kind(word: &str) -> Option<ActivityKind> {
    match word {
        "phone" | "call" => Some(ActivityKind::Phone),
        "email" | "e_mail" | "mail" => Some(ActivityKind::Email),
        "text" | "sms" => Some(ActivityKind::Text),
        "meeting" => Some(ActivityKind::Meeting),
        "note" => Some(ActivityKind::Note),
        _ => None,
    }
}

impl ParseRow for CaseRow {
    const FILE: LegacyFile = LegacyFile::Cases;

    fn parse_row(fields: &FieldReader, known: &ImportedIds, _: &mut Vec<String>) -> Read<Self> {
        let (doctor, dso) = known.doctor(fields)?;
        Ok(Self {
            id: fields.id("id")?,
            dso,
            doctor,
            title: fields.text("title", TextKind::NAME)?,
            status: fields.keyword("status", status)?,
            opened_at: fields.time("opened_at")?,
        })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

fn status(word: &str) -> Option<CaseStatus> {
    match word {
        "submitted" => Some(CaseStatus::Submitted),
        "in_progress" => Some(CaseStatus::InProgress),
        "completed" => Some(CaseStatus::Completed),
        "cancelled" | "canceled" => Some(CaseStatus::Cancelled),
        _ => None,
    }
}
