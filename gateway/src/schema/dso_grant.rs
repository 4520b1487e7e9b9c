//! Grants: who may see which DSO.

mod mutations;

pub use mutations::{
    DsoGrantBulkPayload, DsoGrantMutations, DsoGrantPayload, DsoGrantRevokeBulkPayload, DsoGrantRevokePayload,
};

use std::sync::Arc;

use async_graphql::{Context, ID};
use chrono::{DateTime, Utc};
use entity::{
    auth::policy::PolicyTarget,
    id::TypedId,
    queries::{Dsos, GrantOrder, Grants, Members, NoFilter},
};
use gateway_macros::guarded;

use super::{
    connection::{Listable, connection},
    dso::Dso,
    member::Member,
    replayed_result::replayed,
};
use crate::guard::DsoRole;
use crate::request::id;
use crate::{errors::ResolverError, guard::HasResource, request::RequestContext, row_encoding::SingleRow};

/// A member's role on one DSO.
#[derive(Clone)]
pub struct DsoGrant(Arc<entity::models::DsoGrant>);

impl From<Arc<entity::models::DsoGrant>> for DsoGrant {
    fn from(row: Arc<entity::models::DsoGrant>) -> Self {
        Self(row)
    }
}

impl HasResource for DsoGrant {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Dso(self.0.dso_id)
    }
}

impl Listable for Grants {
    fn read_fields(_: &NoFilter, order: GrantOrder) -> Vec<&'static str> {
        vec![match order {
            GrantOrder::CreatedAt => "DsoGrant.grantedAt",
        }]
    }
}

replayed!(DsoGrant: Grants, entity::id::DsoGrantId);
connection!(Grants, DsoGrant, DsoGrantConnection, DsoGrantEdge);

/// A member's role on one DSO. It is not a node: the ways to it, `Dso.grants` and `Member.grants`, are guarded more
/// strictly than its fields could be by themselves.
#[guarded(dso = Viewer)]
impl DsoGrant {
    /// Which grant.
    #[guard(dso = Viewer)]
    fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Which role.
    #[guard(dso = Viewer)]
    fn role(&self) -> DsoRole {
        self.0.role.into()
    }

    /// When it was given.
    #[guard(dso = Viewer)]
    fn granted_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// On what.
    #[guard(dso = Viewer)]
    async fn dso(&self, context: &Context<'_>) -> Result<Option<SingleRow<Dso>>, ResolverError> {
        Ok(RequestContext::of(context)
            .loaders()?
            .row::<Dsos>(self.0.dso_id.uuid())
            .await?
            .map(Dso::from)
            .map(SingleRow))
    }

    /// To whom.
    #[guard(dso = Viewer)]
    async fn member(&self, context: &Context<'_>) -> Result<Option<SingleRow<Member>>, ResolverError> {
        Ok(Member::find(context, self.0.member_id).await?.map(SingleRow))
    }

    /// By whom, where it is known.
    #[guard(dso = Viewer)]
    async fn granted_by(&self, context: &Context<'_>) -> Result<Option<SingleRow<Member>>, ResolverError> {
        let Some(member) = self.0.granted_by else { return Ok(None) };
        Ok(RequestContext::of(context).loaders()?.row::<Members>(member.uuid()).await?.map(Member::from).map(SingleRow))
    }
}
