//! The audit log's vocabulary.
//!
//! Owns: what can be done to what. May use: nothing of the database.
//! Invariant: the log holds the changed fields only.

macro_rules! names {
    ($(#[$doc:meta])* $enum:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $enum { $($(#[$variant_doc])* $variant,)+ }

        impl $enum {
            /// All variants.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name as stored in the database and spelled in the schema.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The variant with this stored name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

names! {
    /// The audited action.
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
        /// A dashboard was made.
        DashboardCreate = "DASHBOARD_CREATE",
        /// A dashboard was changed.
        DashboardUpdate = "DASHBOARD_UPDATE",
        /// A dashboard was deleted.
        DashboardDelete = "DASHBOARD_DELETE",
        /// A dashboard was copied.
        DashboardDuplicate = "DASHBOARD_DUPLICATE",
        /// The widgets of a dashboard were put elsewhere.
        DashboardArrange = "DASHBOARD_ARRANGE",
        /// A dashboard got a widget.
        WidgetAdd = "WIDGET_ADD",
        /// A widget of a dashboard was changed.
        WidgetUpdate = "WIDGET_UPDATE",
        /// A dashboard lost a widget.
        WidgetRemove = "WIDGET_REMOVE",
        /// A DSO's own words were changed.
        TerminologyUpdate = "TERMINOLOGY_UPDATE",
        /// A person came for the first time and got an organization of their own.
        SignUp = "SIGN_UP",
        /// An organization was made.
        OrganizationCreate = "ORGANIZATION_CREATE",
        /// An organization was given another name or slug.
        OrganizationRename = "ORGANIZATION_RENAME",
        /// What an organization decides about itself was changed.
        OrganizationSettingsUpdate = "ORGANIZATION_SETTINGS_UPDATE",
        /// An organization was deleted.
        OrganizationDelete = "ORGANIZATION_DELETE",
        /// A deleted organization was brought back.
        OrganizationRestore = "ORGANIZATION_RESTORE",
        /// A member left.
        OrganizationLeave = "ORGANIZATION_LEAVE",
        /// The ownership went to another member.
        OrganizationOwnershipTransfer = "ORGANIZATION_OWNERSHIP_TRANSFER",
        /// A member got another role.
        MemberRoleUpdate = "MEMBER_ROLE_UPDATE",
        /// A member was removed.
        MemberRemove = "MEMBER_REMOVE",
        /// A member was stopped for now.
        MemberSuspend = "MEMBER_SUSPEND",
        /// A suspended member may go on.
        MemberResume = "MEMBER_RESUME",
        /// A member got a role on a DSO.
        DsoGrant = "DSO_GRANT",
        /// A member lost their role on a DSO.
        DsoGrantRevoke = "DSO_GRANT_REVOKE",
        /// Somebody was invited.
        InvitationCreate = "INVITATION_CREATE",
        /// An invitation was sent again, with a new token.
        InvitationResend = "INVITATION_RESEND",
        /// An invitation was taken back.
        InvitationRevoke = "INVITATION_REVOKE",
        /// An invitation was accepted.
        InvitationAccept = "INVITATION_ACCEPT",
        /// An invitation was declined.
        InvitationDecline = "INVITATION_DECLINE",
        /// Somebody asked to be let in.
        JoinRequestCreate = "JOIN_REQUEST_CREATE",
        /// Somebody who asked was let in.
        JoinRequestApprove = "JOIN_REQUEST_APPROVE",
        /// Somebody who asked was not let in.
        JoinRequestDeny = "JOIN_REQUEST_DENY",
        /// Somebody who asked asks no more.
        JoinRequestCancel = "JOIN_REQUEST_CANCEL",
        /// An admin looked at what a member sees.
        RunAs = "RUN_AS",
        /// A legacy export was imported.
        LegacyImport = "LEGACY_IMPORT",
        /// The counts that are kept were made anew from the rows.
        RollUpsRebuild = "ROLL_UPS_REBUILD",
        /// The whole audit log was downloaded.
        AuditLogExport = "AUDIT_LOG_EXPORT",
        /// The operator tied a member to another sign-in of their identity provider.
        IdentityRelink = "IDENTITY_RELINK",
    }
}

impl AuditAction {
    /// Whether the action changes access rights. Refused attempts at such actions are audited as well.
    #[must_use]
    pub const fn changes_access(self) -> bool {
        match self {
            Self::DsoCreate
            | Self::DsoUpdate
            | Self::DsoArchive
            | Self::DsoRestore
            | Self::DoctorCreate
            | Self::DoctorUpdate
            | Self::DoctorArchive
            | Self::DoctorRestore
            | Self::DoctorMove
            | Self::OnboardingPeriodRecord
            | Self::ActivityLog
            | Self::ActivityUpdate
            | Self::ActivityDelete
            | Self::CaseOpen
            | Self::CaseUpdate
            | Self::DashboardCreate
            | Self::DashboardUpdate
            | Self::DashboardDelete
            | Self::DashboardDuplicate
            | Self::DashboardArrange
            | Self::WidgetAdd
            | Self::WidgetUpdate
            | Self::WidgetRemove
            | Self::TerminologyUpdate
            | Self::IdentityRelink
            | Self::LegacyImport
            | Self::RollUpsRebuild
            | Self::AuditLogExport => false,
            Self::SignUp
            | Self::OrganizationCreate
            | Self::OrganizationRename
            | Self::OrganizationSettingsUpdate
            | Self::OrganizationDelete
            | Self::OrganizationRestore
            | Self::OrganizationLeave
            | Self::OrganizationOwnershipTransfer
            | Self::MemberRoleUpdate
            | Self::MemberRemove
            | Self::MemberSuspend
            | Self::MemberResume
            | Self::DsoGrant
            | Self::DsoGrantRevoke
            | Self::InvitationCreate
            | Self::InvitationResend
            | Self::InvitationRevoke
            | Self::InvitationAccept
            | Self::InvitationDecline
            | Self::JoinRequestCreate
            | Self::JoinRequestApprove
            | Self::JoinRequestDeny
            | Self::JoinRequestCancel
            | Self::RunAs => true,
        }
    }
}

names! {
    /// The kind of the target row.
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
        /// A member.
        Member = "MEMBER",
        /// A member's role on a DSO.
        DsoGrant = "DSO_GRANT",
        /// An invitation.
        Invitation = "INVITATION",
        /// A request to be let in.
        JoinRequest = "JOIN_REQUEST",
        /// A dashboard, with its widgets.
        Dashboard = "DASHBOARD",
    }
}

impl TargetKind {
    /// The UUID in a public id of any kind; the nil UUID, which no row has, if the text is not a public id.
    #[must_use]
    pub fn uuid_of(text: &str) -> uuid::Uuid {
        let found = Self::ALL.iter().map(|kind| kind.parse_id(text)).find(|uuid| !uuid.is_nil());
        found.unwrap_or(uuid::Uuid::nil())
    }

    fn parse_id(self, text: &str) -> uuid::Uuid {
        use crate::id::{
            ActivityId, CaseId, DashboardId, DoctorId, DsoGrantId, DsoId, InvitationId, JoinRequestId, MemberId,
            OnboardingPeriodId, OrganizationId, TypedId,
        };
        match self {
            Self::Organization => OrganizationId::from_text(text).uuid(),
            Self::Dso => DsoId::from_text(text).uuid(),
            Self::Doctor => DoctorId::from_text(text).uuid(),
            Self::OnboardingPeriod => OnboardingPeriodId::from_text(text).uuid(),
            Self::Activity => ActivityId::from_text(text).uuid(),
            Self::Case => CaseId::from_text(text).uuid(),
            Self::Member => MemberId::from_text(text).uuid(),
            Self::DsoGrant => DsoGrantId::from_text(text).uuid(),
            Self::Invitation => InvitationId::from_text(text).uuid(),
            Self::JoinRequest => JoinRequestId::from_text(text).uuid(),
            Self::Dashboard => DashboardId::from_text(text).uuid(),
        }
    }

    /// The public id of a row of this kind.
    #[must_use]
    pub fn id_of(self, uuid: uuid::Uuid) -> String {
        use crate::id::{
            ActivityId, CaseId, DashboardId, DoctorId, DsoGrantId, DsoId, InvitationId, JoinRequestId, MemberId,
            OnboardingPeriodId, OrganizationId, TypedId,
        };
        match self {
            Self::Organization => OrganizationId::from_uuid(uuid).to_text(),
            Self::Dso => DsoId::from_uuid(uuid).to_text(),
            Self::Doctor => DoctorId::from_uuid(uuid).to_text(),
            Self::OnboardingPeriod => OnboardingPeriodId::from_uuid(uuid).to_text(),
            Self::Activity => ActivityId::from_uuid(uuid).to_text(),
            Self::Case => CaseId::from_uuid(uuid).to_text(),
            Self::Member => MemberId::from_uuid(uuid).to_text(),
            Self::DsoGrant => DsoGrantId::from_uuid(uuid).to_text(),
            Self::Invitation => InvitationId::from_uuid(uuid).to_text(),
            Self::JoinRequest => JoinRequestId::from_uuid(uuid).to_text(),
            Self::Dashboard => DashboardId::from_uuid(uuid).to_text(),
        }
    }
}
