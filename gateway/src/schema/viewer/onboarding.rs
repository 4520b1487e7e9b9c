//! The caller's own first steps.

use async_graphql::{Context, Enum};
use entity::{
    auth::{DsoRole, OrgRole},
    commands::OnboardingChecklist,
};
use gateway_macros::guarded;

use super::Viewer;
use crate::{errors::ResolverError, request::RequestContext, row_encoding::plain_words};

/// Something to do first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OnboardingStepKind {
    /// Let the identity provider verify one's e-mail address.
    VerifyEmail,
    /// Join an organization, or make one.
    JoinOrganization,
    /// Make a DSO.
    CreateDso,
    /// Add a doctor.
    AddDoctor,
    /// Invite somebody.
    InviteMember,
    /// Give a member a role on a DSO.
    GrantDso,
    /// Be given a role on a DSO, by an admin.
    GetGrant,
    /// See a doctor.
    MeetDoctor,
    /// Log a contact with a doctor.
    LogActivity,
    /// Record how far a doctor has come.
    RecordProgress,
}

/// A step, and whether it is done.
pub struct OnboardingStep {
    kind: OnboardingStepKind,
    done: bool,
}

plain_words!(OnboardingStepKind);

/// A step, and whether it is done.
#[guarded(signed_in)]
impl OnboardingStep {
    /// What is to be done.
    #[guard(signed_in)]
    fn kind(&self) -> OnboardingStepKind {
        self.kind
    }

    /// Whether it is done.
    #[guard(signed_in)]
    fn done(&self) -> bool {
        self.done
    }
}

impl Viewer {
    /// The steps of the caller's role in the active organization, as far as the data shows them.
    pub(super) async fn steps(context: &Context<'_>) -> Result<Vec<OnboardingStep>, ResolverError> {
        let request = RequestContext::of(context);
        let step = |kind, done| OnboardingStep { kind, done };
        let mut steps = vec![step(OnboardingStepKind::VerifyEmail, request.is_verified())];
        let Ok(scope) = request.scope() else {
            steps.push(step(OnboardingStepKind::JoinOrganization, false));
            return Ok(steps);
        };
        steps.push(step(OnboardingStepKind::JoinOrganization, true));
        let progress = scope.onboarding_checklist().await?;
        let standing = scope.context().permissions();
        let highest = scope.context().visible_dsos().iter().filter_map(|dso| standing.dso_role(*dso)).max();
        steps.extend(path(standing.org_role(), highest).iter().map(|kind| step(*kind, is_done(*kind, progress))));
        Ok(steps)
    }
}

/// The way of a role: an owner builds, an admin brings people together, a member works or looks.
fn path(role: OrgRole, highest: Option<DsoRole>) -> &'static [OnboardingStepKind] {
    use OnboardingStepKind::{
        AddDoctor, CreateDso, GetGrant, GrantDso, InviteMember, LogActivity, MeetDoctor, RecordProgress,
    };
    match (role, highest) {
        (OrgRole::Owner, _) => &[CreateDso, AddDoctor, InviteMember, GrantDso],
        (OrgRole::Admin, _) => &[InviteMember, GrantDso, AddDoctor],
        (OrgRole::Member, Some(DsoRole::Admin)) => &[GetGrant, AddDoctor, LogActivity, RecordProgress],
        (OrgRole::Member, Some(DsoRole::Manager)) => &[GetGrant, MeetDoctor, LogActivity, RecordProgress],
        (OrgRole::Member, Some(DsoRole::Viewer) | None) => &[GetGrant, MeetDoctor],
    }
}

fn is_done(kind: OnboardingStepKind, progress: OnboardingChecklist) -> bool {
    match kind {
        // Whoever reads on has done these.
        OnboardingStepKind::VerifyEmail | OnboardingStepKind::JoinOrganization => true,
        OnboardingStepKind::CreateDso => progress.has_dso,
        OnboardingStepKind::AddDoctor | OnboardingStepKind::MeetDoctor => progress.has_doctor,
        OnboardingStepKind::InviteMember => progress.has_company,
        OnboardingStepKind::GrantDso | OnboardingStepKind::GetGrant => progress.has_grant,
        OnboardingStepKind::LogActivity => progress.has_activity,
        OnboardingStepKind::RecordProgress => progress.has_record,
    }
}
