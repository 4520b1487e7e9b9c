//! People, their access and their invitations.

use chrono::{DateTime, Utc};
use entity::{
    auth::DsoRole,
    id::{DsoGrantId, DsoId, TypedId as _, UserId},
    import::{InvitationRow, InvitationStatus, PersonRow},
    text::TextKind,
};
use uuid::Uuid;

use super::{ImportedIds, ParseRow, created_at, dso_role};
use crate::legacy_import::{
    LegacyFile,
    field_reader::{FieldReader, Read},
};

impl ParseRow for PersonRow {
    const FILE: LegacyFile = LegacyFile::Users;

    fn parse_row(fields: &FieldReader, _: &ImportedIds, remarks: &mut Vec<String>) -> Read<Self> {
        let email = fields.email("email")?;
        let id = fields.id("id")?;
        let name = fields.optional_text("full_name", TextKind::NAME)?.unwrap_or_else(|| {
            remarks.push("`full_name` is empty: the beginning of the address is taken".to_owned());
            email.as_entered().split('@').next().unwrap_or_default().to_owned()
        });
        Ok(Self { id, email, name, created_at: created_at(fields, remarks) })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

/// Who may enter which DSO.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::legacy_import) struct AccessRow {
    pub(in crate::legacy_import) id: DsoGrantId,
    pub(in crate::legacy_import) user: UserId,
    pub(in crate::legacy_import) dso: DsoId,
    pub(in crate::legacy_import) role: DsoRole,
    pub(in crate::legacy_import) created_at: Option<DateTime<Utc>>,
}

impl ParseRow for AccessRow {
    const FILE: LegacyFile = LegacyFile::Access;

    fn parse_row(fields: &FieldReader, known: &ImportedIds, remarks: &mut Vec<String>) -> Read<Self> {
        Ok(Self {
            id: fields.id("id")?,
            user: known.user(fields, "user_id")?,
            dso: known.dso(fields)?,
            role: dso_role(fields)?,
            created_at: created_at(fields, remarks),
        })
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

impl ParseRow for InvitationRow {
    const FILE: LegacyFile = LegacyFile::Invites;

    fn parse_row(fields: &FieldReader, known: &ImportedIds, remarks: &mut Vec<String>) -> Read<Self> {
        let email = fields.email("email")?;
        let expires_at = fields.time("expires_at")?;
        // An unsound time of acceptance refuses the row: without it the invitation would be open again.
        let accepted_at = fields.value("accepted_at").map(|_| fields.time("accepted_at")).transpose()?;
        let status = match accepted_at {
            Some(at) => InvitationStatus::Accepted(at),
            None if expires_at <= known.at => InvitationStatus::Expired,
            None if known.excluded.contains(email.normalized()) => {
                remarks.push("the invited person is excluded: the invitation is revoked".to_owned());
                InvitationStatus::Revoked
            }
            None => InvitationStatus::Pending,
        };
        Ok(Self {
            id: fields.id::<UserId>("id")?.uuid(),
            dso: known.dso(fields)?,
            role: dso_role(fields)?,
            email,
            status,
            invited_by: known.member(fields, "invited_by", remarks),
            created_at: created_at(fields, remarks),
            expires_at,
        })
    }

    fn key(&self) -> Uuid {
        self.id
    }
}
