//! The audit log's vocabulary.
//!
//! Owns: what can be done to what, and the difference between two states of a row. May use: nothing of the database.
//! Invariant: the log holds the changed fields only.

use serde::Serialize;
use serde_json::{Map, Value};

macro_rules! names {
    ($(#[$doc:meta])* $enum:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $enum { $($(#[$variant_doc])* $variant,)+ }

        impl $enum {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As it is stored and spelled in the schema.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// By its stored name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

names! {
    /// What was done.
    AuditAction {
        /// A DSO was made.
        DsoCreate = "DSO_CREATE",
        /// A DSO was changed.
        DsoUpdate = "DSO_UPDATE",
        /// A DSO was archived.
        DsoArchive = "DSO_ARCHIVE",
        /// A DSO was brought back.
        DsoRestore = "DSO_RESTORE",
        /// A doctor was added.
        DoctorCreate = "DOCTOR_CREATE",
        /// A doctor was changed.
        DoctorUpdate = "DOCTOR_UPDATE",
        /// A doctor was archived.
        DoctorArchive = "DOCTOR_ARCHIVE",
        /// A doctor was brought back.
        DoctorRestore = "DOCTOR_RESTORE",
        /// A doctor went to another DSO.
        DoctorMove = "DOCTOR_MOVE",
        /// Onboarding progress was recorded.
        OnboardingPeriodRecord = "ONBOARDING_PERIOD_RECORD",
        /// An activity was logged.
        ActivityLog = "ACTIVITY_LOG",
        /// An activity was changed.
        ActivityUpdate = "ACTIVITY_UPDATE",
        /// An activity was deleted.
        ActivityDelete = "ACTIVITY_DELETE",
        /// A case was opened.
        CaseOpen = "CASE_OPEN",
        /// A case was changed.
        CaseUpdate = "CASE_UPDATE",
        /// A legacy export was imported.
        LegacyImport = "LEGACY_IMPORT",
    }
}

names! {
    /// To what it was done.
    TargetKind {
        /// The organization.
        Organization = "ORGANIZATION",
        /// A DSO.
        Dso = "DSO",
        /// A doctor.
        Doctor = "DOCTOR",
        /// An onboarding period.
        OnboardingPeriod = "ONBOARDING_PERIOD",
        /// An activity.
        Activity = "ACTIVITY",
        /// A case.
        Case = "CASE",
    }
}

impl TargetKind {
    /// The public id of a row of this kind.
    #[must_use]
    pub fn id_of(self, uuid: uuid::Uuid) -> String {
        use crate::{ActivityId, CaseId, DoctorId, DsoId, OnboardingPeriodId, OrganizationId, TypedId};
        match self {
            Self::Organization => OrganizationId::from_uuid(uuid).to_text(),
            Self::Dso => DsoId::from_uuid(uuid).to_text(),
            Self::Doctor => DoctorId::from_uuid(uuid).to_text(),
            Self::OnboardingPeriod => OnboardingPeriodId::from_uuid(uuid).to_text(),
            Self::Activity => ActivityId::from_uuid(uuid).to_text(),
            Self::Case => CaseId::from_uuid(uuid).to_text(),
        }
    }
}

/// What every change moves, and therefore tells nothing.
const BOOKKEEPING: [&str; 4] = ["created_at", "updated_at", "version", "email_normal"];

/// The fields that differ, before and after; on a new row all that are set.
pub(crate) fn difference<R: Serialize>(before: Option<&R>, after: &R) -> Result<(Option<Value>, Value), crate::Error> {
    let fields = |row: &R| match serde_json::to_value(row) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(crate::Error::Internal(std::sync::Arc::new(error))),
    };
    let mut after = fields(after)?;
    after.retain(|name, _| !BOOKKEEPING.contains(&name.as_str()));
    let Some(before) = before else {
        after.retain(|_, value| !value.is_null());
        return Ok((None, Value::Object(after)));
    };
    let mut before = fields(before)?;
    after.retain(|name, value| before.get(name) != Some(value));
    before.retain(|name, _| after.contains_key(name));
    Ok((Some(Value::Object(before)), Value::Object(after)))
}
