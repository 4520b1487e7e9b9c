//! What the caller decides for themselves.

use async_graphql::{Context, InputObject};
use entity::id::OrganizationId;
use gateway_macros::guarded;

use super::Viewer;
use crate::{
    errors::ResolverError,
    request::{IdArg, RequestContext},
    schema::payload::{into_result, payload},
};

/// The organization to work in.
#[derive(InputObject)]
pub struct ViewerDefaultOrganizationSetInput {
    /// One of the caller's own organizations.
    organization_id: IdArg<OrganizationId>,
}

payload! {
    (signed_in)
    /// The outcome of `viewerDefaultOrganizationSet`.
    ViewerDefaultOrganizationSetPayload {
        /// Whoever asks.
        viewer: Viewer
    }
}

/// Changes of the caller's own settings.
#[derive(Default)]
pub struct ViewerMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl ViewerMutations {
    /// Saves in which organization the caller works when a request names none. Works without any organization.
    #[guard(signed_in)]
    async fn viewer_default_organization_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The organization.")] input: ViewerDefaultOrganizationSetInput,
    ) -> Result<Option<ViewerDefaultOrganizationSetPayload>, ResolverError> {
        let visitor = RequestContext::of(context).visitor()?;
        let settled = into_result(visitor.default_organization_set(input.organization_id.0).await)?;
        Ok(Some(ViewerDefaultOrganizationSetPayload::new(settled.map(|()| Some(Viewer)))))
    }
}
