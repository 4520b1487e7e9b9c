//! Whoever asks.

mod mutations;
mod onboarding;

pub use mutations::{ViewerDefaultOrganizationSetPayload, ViewerMutations};
pub use onboarding::OnboardingStep;

use async_graphql::{Context, ID};
use entity::{
    auth::{Membership, policy::PolicyTarget},
    id::TypedId,
    queries::Users,
    text::name_key,
};
use gateway_macros::guarded;

use super::{
    dashboard::Dashboard,
    invitation::PendingInvitation,
    join_request::ViewerJoinRequest,
    member::Member,
    organization::{DeletedOrganization, Organization},
    replayed_result::ReplayedResult,
    user::User,
};
use crate::guard::OrgRole;
use crate::request::id;
use crate::{errors::ResolverError, guard::HasResource, request::RequestContext};

/// The verified person who asks, with an organization or without.
pub struct Viewer;

/// The verified person who asks, with an organization or without.
#[guarded(signed_in)]
impl Viewer {
    /// Which person; none until we know them.
    #[guard(signed_in)]
    fn id(&self, context: &Context<'_>) -> Option<ID> {
        RequestContext::of(context).person().map(|person| id(person.id))
    }

    /// What to call them.
    #[guard(signed_in)]
    fn name(&self, context: &Context<'_>) -> Option<String> {
        let request = RequestContext::of(context);
        let known = request.person().map(|person| person.name.as_str());
        known.or_else(|| request.principal()?.name()).map(str::to_owned)
    }

    /// Their verified e-mail address; refused while running as another member.
    #[guard(signed_in)]
    fn email(&self, context: &Context<'_>) -> Result<Option<String>, ResolverError> {
        let request = RequestContext::of(context);
        request.require_own_identity()?;
        let known = request.person().map(|person| person.email.as_str());
        Ok(known.or_else(|| Some(request.principal()?.email()?.as_entered())).map(str::to_owned))
    }

    /// The organizations that they are an active member of, by name: for a switcher. While running as another member, the active one.
    #[guard(signed_in)]
    fn memberships(&self, context: &Context<'_>) -> Vec<ViewerMembership> {
        let memberships = RequestContext::of(context).person().map(|person| person.memberships.clone());
        let mut memberships = memberships.unwrap_or_default();
        memberships.sort_by_cached_key(|membership| (name_key(&membership.name), membership.organization));
        memberships.into_iter().map(ViewerMembership).collect()
    }

    /// The organizations that they own and have deleted, as long as they can be brought back; refused while
    /// running as another member.
    #[guard(signed_in)]
    async fn deleted_organizations(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<Vec<DeletedOrganization>>, ResolverError> {
        let request = RequestContext::of(context);
        request.require_own_identity()?;
        let Ok(visitor) = request.visitor() else { return Ok(Some(Vec::new())) };
        Ok(Some(visitor.deleted_organizations().await?.into_iter().map(DeletedOrganization::from).collect()))
    }

    /// The open invitations to their verified address, oldest first; refused while
    /// running as another member.
    #[guard(signed_in)]
    async fn pending_invitations(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<Vec<PendingInvitation>>, ResolverError> {
        let request = RequestContext::of(context);
        request.require_own_identity()?;
        let Ok(visitor) = request.visitor() else { return Ok(Some(Vec::new())) };
        Ok(Some(visitor.pending_invitations().await?.into_iter().map(PendingInvitation::from).collect()))
    }

    /// Their own requests to be let in, latest first, at most 100; refused while
    /// running as another member.
    #[guard(signed_in)]
    async fn join_requests(&self, context: &Context<'_>) -> Result<Option<Vec<ViewerJoinRequest>>, ResolverError> {
        let request = RequestContext::of(context);
        request.require_own_identity()?;
        let Ok(visitor) = request.visitor() else { return Ok(Some(Vec::new())) };
        Ok(Some(visitor.join_requests().await?.into_iter().map(ViewerJoinRequest::from).collect()))
    }

    /// The first steps of their role, each done or not, computed from the data.
    #[guard(signed_in)]
    async fn onboarding(&self, context: &Context<'_>) -> Result<Option<Vec<OnboardingStep>>, ResolverError> {
        Self::steps(context).await.map(Some)
    }

    /// They, as the active organization sees them.
    #[guard(org = Member)]
    async fn user(&self, context: &Context<'_>) -> Result<Option<User>, ResolverError> {
        let request = RequestContext::of(context);
        let user = request.scope()?.context().permissions().user();
        Ok(request.loaders()?.row::<Users>(user.uuid()).await?.map(User::from))
    }

    /// Their membership in the active organization.
    #[guard(org = Member)]
    async fn member(&self, context: &Context<'_>) -> Result<Option<Member>, ResolverError> {
        let member = RequestContext::of(context).scope()?.context().member();
        Member::find(context, member).await
    }

    /// The dashboard that is built in for their role; `dashboardDuplicate` makes it one of their own.
    #[guard(org = Member)]
    fn default_dashboard(&self, context: &Context<'_>) -> Result<Option<Dashboard>, ResolverError> {
        Dashboard::of_role(context).map(Some)
    }

    /// The active organization.
    #[guard(org = Member)]
    async fn organization(&self, context: &Context<'_>) -> Result<Option<Organization>, ResolverError> {
        Organization::active(context).await.map(Some)
    }
}

/// One of the caller's own memberships.
pub struct ViewerMembership(Membership);

impl From<Membership> for ViewerMembership {
    fn from(membership: Membership) -> Self {
        Self(membership)
    }
}

impl ReplayedResult for ViewerMembership {
    fn keys(&self) -> Vec<String> {
        vec![self.0.organization.to_text()]
    }

    async fn found(context: &Context<'_>, keys: &[String]) -> Result<Option<Self>, ResolverError> {
        let mut own = RequestContext::of(context).person().into_iter().flat_map(|person| &person.memberships);
        Ok(own.find(|membership| keys.contains(&membership.organization.to_text())).cloned().map(Self))
    }
}

impl ReplayedResult for Viewer {
    fn keys(&self) -> Vec<String> {
        Vec::new()
    }

    async fn found(_: &Context<'_>, _: &[String]) -> Result<Option<Self>, ResolverError> {
        Ok(Some(Self))
    }
}

impl HasResource for ViewerMembership {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Nothing
    }
}

/// One of the caller's own memberships.
#[guarded(signed_in)]
impl ViewerMembership {
    /// The organization's id, for the header `X-Organization-Id`.
    #[guard(signed_in)]
    fn organization_id(&self) -> ID {
        id(self.0.organization)
    }

    /// What the organization is called.
    #[guard(signed_in)]
    fn organization_name(&self) -> &str {
        &self.0.name
    }

    /// The organization's slug, which the header takes too.
    #[guard(signed_in)]
    fn organization_slug(&self) -> &str {
        &self.0.slug
    }

    /// The caller's role there.
    #[guard(signed_in)]
    fn role(&self) -> OrgRole {
        self.0.role.into()
    }
}

/// Queries about whoever asks.
#[derive(Default)]
pub struct ViewerQueries;

#[guarded(signed_in, part_of = "Query")]
impl ViewerQueries {
    /// The verified person who asks. Works before and without any organization.
    #[guard(signed_in)]
    fn viewer(&self) -> Option<Viewer> {
        Some(Viewer)
    }
}
