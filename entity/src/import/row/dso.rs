//! DSOs, their members, and what else belongs to them.

use chrono::{DateTime, Utc};

use super::{TenantColumns, sealed::WithTenant};
use crate::{
    auth::{DsoRole, OrgRole},
    email::EmailAddress,
    id::{AttendeeId, CourseId, DoctorId, DsoGrantId, DsoId, MemberId, TermId, UserId},
    import::member_id,
    models::{self, Attendee, Course, Dso, DsoGrant, Member, MemberStatus, Term},
};

/// A DSO.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DsoRow {
    /// Which DSO.
    pub id: DsoId,
    /// What it is called; two may have one name.
    pub name: String,
    /// When it was made, to the microsecond; the import's time, if it is not known.
    pub created_at: Option<DateTime<Utc>>,
}

impl WithTenant for DsoRow {
    type Active = models::dso::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        let row = Dso {
            organization_id: stamp.organization,
            id: self.id,
            name: self.name,
            created_at: self.created_at.unwrap_or(stamp.at),
            updated_at: stamp.at,
            deleted_at: None,
            version: 1,
            // Computed when it is written.
            name_key: String::new(),
        };
        models::active(row)
    }
}

/// A person in the organization; the membership's id is derived from both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberRow {
    /// The person.
    pub user: UserId,
    /// Their role.
    pub role: OrgRole,
    /// Whether the membership counts.
    pub status: MemberStatus,
}

impl WithTenant for MemberRow {
    type Active = models::membership::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        let row = Member {
            organization_id: stamp.organization,
            id: member_id(stamp.organization, self.user),
            user_id: self.user,
            role: self.role,
            status: self.status,
            created_at: stamp.at,
            updated_at: stamp.at,
            version: 1,
            last_seen_at: None,
        };
        models::active(row)
    }
}

/// A member's role on one DSO.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GrantRow {
    /// Which grant.
    pub id: DsoGrantId,
    /// On what.
    pub dso: DsoId,
    /// To whom.
    pub member: MemberId,
    /// Which role.
    pub role: DsoRole,
    /// When it was made, to the microsecond; the import's time, if it is not known.
    pub created_at: Option<DateTime<Utc>>,
}

impl WithTenant for GrantRow {
    type Active = models::dso_grant::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        let row = DsoGrant {
            organization_id: stamp.organization,
            id: self.id,
            dso_id: self.dso,
            member_id: self.member,
            role: self.role,
            granted_by: None,
            created_at: self.created_at.unwrap_or(stamp.at),
        };
        models::active(row)
    }
}

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvitationStatus {
    /// Nothing yet.
    Pending,
    /// It was accepted at this time.
    Accepted(DateTime<Utc>),
    /// It was taken back.
    Revoked,
    /// Its time ran out.
    Expired,
}

/// An invitation to one DSO, as an ordinary member. Without a token, nobody can accept it: it is sent anew.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InvitationRow {
    /// Which invitation.
    pub id: uuid::Uuid,
    /// Who was invited: a sound address, as written.
    pub email: EmailAddress,
    /// Into what.
    pub dso: DsoId,
    /// With which role.
    pub role: DsoRole,
    /// What became of it.
    pub status: InvitationStatus,
    /// By whom, where it is known.
    pub invited_by: Option<MemberId>,
    /// When it was made, to the microsecond; the import's time, if it is not known.
    pub created_at: Option<DateTime<Utc>>,
    /// When its time ran or runs out, to the microsecond.
    pub expires_at: DateTime<Utc>,
}

/// A course held by a DSO.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CourseRow {
    /// Which course.
    pub id: CourseId,
    /// Who holds it.
    pub dso: DsoId,
    /// What it is called.
    pub title: String,
    /// When it is held, to the microsecond.
    pub held_at: Option<DateTime<Utc>>,
}

impl WithTenant for CourseRow {
    type Active = models::course::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        let row = Course {
            organization_id: stamp.organization,
            id: self.id,
            dso_id: self.dso,
            title: self.title,
            held_at: self.held_at,
            created_at: stamp.at,
            updated_at: stamp.at,
            version: 1,
        };
        models::active(row)
    }
}

/// Somebody on the list of a course.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttendeeRow {
    /// Which entry.
    pub id: AttendeeId,
    /// The course's DSO.
    pub dso: DsoId,
    /// Which course.
    pub course: CourseId,
    /// Which doctor, where it is one of ours.
    pub doctor: Option<DoctorId>,
    /// What they are called.
    pub name: String,
    /// Their address as written.
    pub email: Option<EmailAddress>,
    /// Whether they came.
    pub attended: bool,
}

impl WithTenant for AttendeeRow {
    type Active = models::attendee::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        let row = Attendee {
            organization_id: stamp.organization,
            id: self.id,
            dso_id: self.dso,
            course_id: self.course,
            doctor_id: self.doctor,
            name: self.name,
            email: self.email.map(|email| email.as_entered().to_owned()),
            attended: self.attended,
            created_at: stamp.at,
            // Computed when it is written.
            name_key: String::new(),
        };
        models::active(row)
    }
}

/// A DSO's own word for one of our nouns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TermRow {
    /// Which term: derived from the DSO and the key, since the export has no id.
    pub id: TermId,
    /// Whose word.
    pub dso: DsoId,
    /// Our noun.
    pub key: String,
    /// Their word.
    pub label: String,
}

impl WithTenant for TermRow {
    type Active = models::term::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        let row = Term {
            organization_id: stamp.organization,
            id: self.id,
            dso_id: self.dso,
            key: self.key,
            label: self.label,
        };
        models::active(row)
    }
}
