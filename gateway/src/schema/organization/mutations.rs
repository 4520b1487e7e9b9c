//! Making, naming, deleting and leaving organizations, and handing them over.

use async_graphql::{Context, ID, InputObject};
use chrono::{DateTime, Utc};
use entity::{
    commands::{JoinPolicy, OrganizationDraft, OrganizationPatch, RestorableOrganization, SettingsPatch},
    id::{MemberId, OrganizationId, TypedId},
};
use gateway_macros::guarded;

use super::Organization;
use crate::{
    errors::ResolverError,
    request::{IdArg, RequestContext, id},
    schema::{
        member::{Member, kept},
        payload::{into_result, payload},
        replayed_result::ReplayedResult,
        viewer::ViewerMembership,
    },
};

/// An organization to be made.
#[derive(InputObject)]
pub struct OrganizationCreateInput {
    /// What it is called, 1 to 200 characters.
    name: String,
    /// Its name in addresses, 3 to 48 letters, digits and hyphens; made of the name, if none is given.
    slug: Option<String>,
}

/// Another name or slug: what is left out stays.
#[derive(InputObject)]
pub struct OrganizationRenameInput {
    /// What it is called, 1 to 200 characters.
    name: Option<String>,
    /// Its name in addresses, 3 to 48 letters, digits and hyphens. Nobody else gets the old one for 90 days.
    slug: Option<String>,
    /// Refuse if the organization has changed since this version was read.
    expected_version: Option<i32>,
}

/// What the active organization decides about itself: what is left out stays.
#[derive(InputObject)]
pub struct OrganizationSettingsUpdateInput {
    /// Whether people outside may ask to join. If not, to them the organization is an unknown slug. Open requests stay open.
    accepts_join_requests: Option<bool>,
    /// Refuse if the organization has changed since this version was read.
    expected_version: Option<i32>,
}

/// The active organization is to be deleted.
#[derive(InputObject)]
pub struct OrganizationDeleteInput {
    /// The organization's slug, as the person has typed it.
    confirmation: String,
}

/// The organization to be brought back.
#[derive(InputObject)]
pub struct OrganizationRestoreInput {
    /// The organization.
    organization_id: IdArg<OrganizationId>,
}

/// The organization to be left.
#[derive(InputObject)]
pub struct OrganizationLeaveInput {
    /// The organization: the active one, named once more, since another tab may have chosen another.
    organization_id: IdArg<OrganizationId>,
}

/// Who is to own the organization.
#[derive(InputObject)]
pub struct OrganizationOwnershipTransferInput {
    /// An active member other than the caller.
    member_id: IdArg<MemberId>,
}

/// A deleted organization that its owner may still bring back.
pub struct DeletedOrganization(RestorableOrganization);

impl From<RestorableOrganization> for DeletedOrganization {
    fn from(deleted: RestorableOrganization) -> Self {
        Self(deleted)
    }
}

impl ReplayedResult for DeletedOrganization {
    fn keys(&self) -> Vec<String> {
        vec![self.0.id.to_text()]
    }

    async fn found(context: &Context<'_>, keys: &[String]) -> Result<Option<Self>, ResolverError> {
        let deleted = RequestContext::of(context).visitor()?.deleted_organizations().await?;
        Ok(deleted.into_iter().find(|deleted| keys.contains(&deleted.id.to_text())).map(Self))
    }
}

/// A deleted organization that its owner may still bring back.
#[guarded(signed_in)]
impl DeletedOrganization {
    /// Which organization.
    #[guard(signed_in)]
    fn organization_id(&self) -> ID {
        id(self.0.id)
    }

    /// What it was called.
    #[guard(signed_in)]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Its name in addresses.
    #[guard(signed_in)]
    fn slug(&self) -> &str {
        &self.0.slug
    }

    /// When it was deleted.
    #[guard(signed_in)]
    fn deleted_at(&self) -> DateTime<Utc> {
        self.0.deleted_at
    }

    /// Until when it can be brought back.
    #[guard(signed_in)]
    fn restorable_until(&self) -> DateTime<Utc> {
        self.0.restorable_until()
    }
}

payload! {
    (signed_in)
    /// The outcome of `organizationCreate`.
    OrganizationCreatePayload {
        /// The caller's membership in the new organization: requests name it from now on.
        membership: ViewerMembership
    }
}

payload! {
    /// The outcome of `organizationRename`.
    OrganizationRenamePayload {
        /// The organization after the change.
        organization: Organization
    }
}

payload! {
    (org = Admin)
    /// The outcome of `organizationSettingsUpdate`.
    OrganizationSettingsUpdatePayload {
        /// The organization after the change.
        organization: Organization
    }
}

payload! {
    (signed_in)
    /// The outcome of `organizationDelete`.
    OrganizationDeletePayload {
        /// What was deleted.
        deleted_organization: DeletedOrganization
    }
}

payload! {
    (signed_in)
    /// The outcome of `organizationRestore`.
    OrganizationRestorePayload {
        /// The caller's membership in the organization.
        membership: ViewerMembership
    }
}

payload! {
    /// The outcome of `organizationLeave`.
    OrganizationLeavePayload {
        /// The caller's membership, which counts no more.
        member: Member
    }
}

payload! {
    /// The outcome of `organizationOwnershipTransfer`.
    OrganizationOwnershipTransferPayload {
        /// The new owner.
        member: Member
    }
}

/// Changes of organizations.
#[derive(Default)]
pub struct OrganizationMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl OrganizationMutations {
    /// Makes an organization, with the caller as its owner. Works without any organization.
    #[guard(signed_in)]
    async fn organization_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The organization.")] input: OrganizationCreateInput,
    ) -> Result<Option<OrganizationCreatePayload>, ResolverError> {
        let draft = OrganizationDraft { name: input.name, slug: input.slug };
        let settled = into_result(RequestContext::of(context).visitor()?.organization_create(draft).await)?;
        Ok(Some(OrganizationCreatePayload::new(settled.map(|made| Some(made.into())))))
    }

    /// Gives the active organization another name or slug.
    #[guard(org = Owner)]
    async fn organization_rename(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The names.")] input: OrganizationRenameInput,
    ) -> Result<Option<OrganizationRenamePayload>, ResolverError> {
        let request = RequestContext::of(context);
        let OrganizationRenameInput { name, slug, expected_version } = input;
        let patch = OrganizationPatch { name, slug, expected_version };
        let settled = into_result(request.scope()?.owner()?.organization_rename(patch).await)?;
        request.clear_loaders();
        Ok(Some(OrganizationRenamePayload::new(settled.map(|row| Some(Organization(row.into()))))))
    }

    /// Changes what the active organization decides about itself.
    #[guard(org = Admin)]
    async fn organization_settings_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The settings.")] input: OrganizationSettingsUpdateInput,
    ) -> Result<Option<OrganizationSettingsUpdatePayload>, ResolverError> {
        let request = RequestContext::of(context);
        let OrganizationSettingsUpdateInput { accepts_join_requests, expected_version } = input;
        let join_requests =
            accepts_join_requests.map(|accepts| if accepts { JoinPolicy::Open } else { JoinPolicy::Closed });
        let patch = SettingsPatch { join_requests, expected_version };
        let settled = into_result(request.scope()?.admin()?.organization_settings_update(patch).await)?;
        request.clear_loaders();
        Ok(Some(OrganizationSettingsUpdatePayload::new(settled.map(|row| Some(Organization(row.into()))))))
    }

    /// Deletes the active organization: nobody gets in any more, and its invitations are dead. An owner can bring it back
    /// for 30 days.
    #[guard(org = Owner)]
    async fn organization_delete(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The confirmation.")] input: OrganizationDeleteInput,
    ) -> Result<Option<OrganizationDeletePayload>, ResolverError> {
        let request = RequestContext::of(context);
        let settled = into_result(request.scope()?.owner()?.organization_delete(&input.confirmation).await)?;
        request.clear_loaders();
        Ok(Some(OrganizationDeletePayload::new(settled.map(|deleted| Some(deleted.into())))))
    }

    /// Brings an organization back that the caller owned when it was deleted. Works without any organization.
    #[guard(signed_in)]
    async fn organization_restore(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The organization.")] input: OrganizationRestoreInput,
    ) -> Result<Option<OrganizationRestorePayload>, ResolverError> {
        let visitor = RequestContext::of(context).visitor()?;
        let settled = into_result(visitor.organization_restore(input.organization_id.0).await)?;
        Ok(Some(OrganizationRestorePayload::new(settled.map(|back| Some(back.into())))))
    }

    /// Leaves the active organization. Coming back takes a new invitation, and brings no old grants.
    #[guard(org = Member)]
    async fn organization_leave(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The organization.")] input: OrganizationLeaveInput,
    ) -> Result<Option<OrganizationLeavePayload>, ResolverError> {
        let scope = RequestContext::of(context).scope()?;
        let settled = into_result(scope.organization_leave(input.organization_id.0).await)?;
        Ok(Some(OrganizationLeavePayload::new(kept(context, settled))))
    }

    /// Makes another active member an owner and the caller an admin, at once.
    #[guard(org = Owner)]
    async fn organization_ownership_transfer(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "To whom.")] input: OrganizationOwnershipTransferInput,
    ) -> Result<Option<OrganizationOwnershipTransferPayload>, ResolverError> {
        let owner = RequestContext::of(context).scope()?.owner()?;
        let settled = into_result(owner.ownership_transfer(input.member_id.0).await)?;
        Ok(Some(OrganizationOwnershipTransferPayload::new(kept(context, settled))))
    }
}
