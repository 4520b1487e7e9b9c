//! The active organization.

mod mutations;

pub use mutations::{
    DeletedOrganization, OrganizationCreatePayload, OrganizationDeletePayload, OrganizationLeavePayload,
    OrganizationMutations, OrganizationOwnershipTransferPayload, OrganizationRenamePayload, OrganizationRestorePayload,
    OrganizationSettingsUpdatePayload,
};

use std::sync::Arc;

use async_graphql::{Context, ID};
use chrono::{DateTime, Utc};
use entity::{
    commands::JoinPolicy,
    id::{DsoId, TypedId},
};
use gateway_macros::guarded;

use super::{
    PageArgs,
    audit_event::{AuditEventConnection, AuditEventFilter},
    dso::{DsoConnection, DsoFilter, DsoOrder},
    explain::ViewerPermission,
    invitation::{InvitationConnection, InvitationFilter},
    join_request::{JoinRequestConnection, JoinRequestFilter},
    member::{MemberConnection, MemberFilter, MemberOrder},
    overview::{Overview, TimeRange},
    replayed_result::ReplayedResult,
};
use crate::request::IdArg;
use crate::request::id;
use crate::{errors::ResolverError, request::RequestContext};

/// An organization: the tenant.
#[derive(Clone)]
pub struct Organization(Arc<entity::models::Organization>);

impl Organization {
    /// The organization that the request has entered.
    pub(crate) async fn active(context: &Context<'_>) -> Result<Self, ResolverError> {
        Ok(Self(RequestContext::of(context).loaders()?.organization().await?))
    }
}

/// The active one: its mutations change no other.
impl ReplayedResult for Organization {
    fn keys(&self) -> Vec<String> {
        vec![self.0.id.to_text()]
    }

    async fn found(context: &Context<'_>, _: &[String]) -> Result<Option<Self>, ResolverError> {
        Self::active(context).await.map(Some)
    }
}

/// An organization: the tenant.
#[guarded(org = Member)]
impl Organization {
    /// Which organization.
    #[guard(org = Member)]
    pub(crate) async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What it is called.
    #[guard(org = Member)]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Its name in addresses.
    #[guard(org = Member)]
    fn slug(&self) -> &str {
        &self.0.slug
    }

    /// When it was made.
    #[guard(org = Member)]
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Counts the changes.
    #[guard(org = Member)]
    fn version(&self) -> i32 {
        self.0.version
    }

    /// Its DSOs, as far as the caller sees them, by name unless asked otherwise.
    #[guard(org = Member)]
    async fn dsos(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which DSOs.")] filter: Option<DsoFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<DsoOrder>,
        page: PageArgs,
    ) -> Result<Option<DsoConnection>, ResolverError> {
        DsoOrder::list(context, filter, order_by, page).await
    }

    /// Its members, longest first unless asked otherwise.
    #[guard(org = Member)]
    async fn members(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which members.")] filter: Option<MemberFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<MemberOrder>,
        page: PageArgs,
    ) -> Result<Option<MemberConnection>, ResolverError> {
        MemberOrder::list(context, filter, order_by, page).await
    }

    /// Figures over the DSOs that the caller sees, or over those of them that are named.
    #[guard(org = Member)]
    fn overview(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Over these DSOs; over all that the caller sees, if not given.")] dso_ids: Option<
            Vec<IdArg<DsoId>>,
        >,
        #[graphql(desc = "In which range; the last 30 days, if not given.")] range: Option<TimeRange>,
        #[graphql(
            desc = "After how many days without contact a doctor counts as without, 1 to 3650; 30, if not given."
        )]
        inactive_days: Option<i32>,
    ) -> Result<Option<Overview>, ResolverError> {
        let named = dso_ids.map(|ids| ids.into_iter().map(|id| id.0).collect());
        Overview::over(context, named, range, inactive_days).map(Some)
    }

    /// Who was invited, latest first.
    #[guard(org = Admin)]
    async fn invitations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which invitations.")] filter: Option<InvitationFilter>,
        page: PageArgs,
    ) -> Result<Option<InvitationConnection>, ResolverError> {
        InvitationFilter::list(context, filter, page).await
    }

    /// Whether people outside may ask to join. If not, to them the organization is an unknown slug.
    #[guard(org = Admin)]
    async fn accepts_join_requests(&self, context: &Context<'_>) -> Result<Option<bool>, ResolverError> {
        let policy = RequestContext::of(context).loaders()?.join_policy().await?;
        Ok(Some(match policy {
            JoinPolicy::Open => true,
            JoinPolicy::Closed => false,
        }))
    }

    /// Who asks to be let in, latest first.
    #[guard(org = Admin)]
    async fn join_requests(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which requests.")] filter: Option<JoinRequestFilter>,
        page: PageArgs,
    ) -> Result<Option<JoinRequestConnection>, ResolverError> {
        JoinRequestFilter::list(context, filter, page).await
    }

    /// What was changed or tried, by whom, and how it was before; latest first.
    #[guard(org = Admin)]
    async fn audit_log(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which events.")] filter: Option<AuditEventFilter>,
        page: PageArgs,
    ) -> Result<Option<AuditEventConnection>, ResolverError> {
        AuditEventFilter::list(context, filter, page).await
    }

    /// What the caller may do in the organization: every guarded field and mutation that looks at their role in it.
    #[guard(org = Member)]
    fn viewer_permissions(&self, context: &Context<'_>) -> Result<Option<Vec<ViewerPermission>>, ResolverError> {
        ViewerPermission::in_organization(context).map(Some)
    }
}

/// Queries about the organization.
#[derive(Default)]
pub struct OrganizationQueries;

#[guarded(signed_in, part_of = "Query")]
impl OrganizationQueries {
    /// The active organization: the one that the request names, else the caller's default, else their only one.
    #[guard(org = Member)]
    async fn organization(&self, context: &Context<'_>) -> Result<Option<Organization>, ResolverError> {
        Organization::active(context).await.map(Some)
    }
}
