//! Changing dashboards.

mod widgets;

pub use widgets::{WidgetAddPayload, WidgetMutations, WidgetRemovePayload, WidgetUpdatePayload};

use async_graphql::{Context, ID};
use entity::{
    auth::policy::Reason,
    commands::{DashboardDraft, DashboardOrigin, DashboardPatch, Editor, WidgetDraft},
    id::DashboardId,
    models::{Dashboard as Row, Visibility},
};
use gateway_macros::guarded;

use super::{
    BuiltIn, Dashboard, Widget,
    input::{
        DashboardArrangeInput, DashboardCreateInput, DashboardDeleteInput, DashboardDuplicateInput,
        DashboardUpdateInput,
    },
    query::reads_personal_data,
};
use crate::{
    errors::ResolverError,
    request::{RequestContext, id},
    schema::payload::{MutationResult, into_result, payload},
};

payload! {
    /// The outcome of `dashboardCreate`.
    DashboardCreatePayload {
        /// The new dashboard.
        dashboard: Dashboard
    }
}

payload! {
    /// The outcome of `dashboardUpdate`.
    DashboardUpdatePayload {
        /// The dashboard after the change.
        dashboard: Dashboard
    }
}

payload! {
    /// The outcome of `dashboardDelete`.
    DashboardDeletePayload {
        /// Which dashboard is gone.
        dashboard_id: ID
    }
}

payload! {
    /// The outcome of `dashboardDuplicate`.
    DashboardDuplicatePayload {
        /// The copy.
        dashboard: Dashboard
    }
}

payload! {
    /// The outcome of `dashboardArrange`.
    DashboardArrangePayload {
        /// The dashboard after the change.
        dashboard: Dashboard
    }
}

/// Changes of dashboards.
#[derive(Default)]
pub struct DashboardMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl DashboardMutations {
    /// Makes a dashboard, the caller's own.
    #[guard(org = Member)]
    async fn dashboard_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The dashboard.")] input: DashboardCreateInput,
    ) -> Result<Option<DashboardCreatePayload>, ResolverError> {
        let author = RequestContext::of(context).scope()?.author()?;
        let draft = DashboardDraft { title: input.title, visibility: input.visibility.into(), widgets: Vec::new() };
        let settled = into_result(author.dashboard_create(DashboardOrigin::Anew, draft).await)?;
        Ok(Some(DashboardCreatePayload::new(kept(context, settled))))
    }

    /// Changes a dashboard: its author, or an admin if it is shared.
    #[guard(org = Member)]
    async fn dashboard_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The change.")] input: DashboardUpdateInput,
    ) -> Result<Option<DashboardUpdatePayload>, ResolverError> {
        let patch = DashboardPatch {
            title: input.title,
            visibility: input.visibility.map(Into::into),
            expected_version: input.expected_version,
        };
        let settled = into_result(editor(context, input.dashboard_id.0).await?.dashboard_update(patch).await)?;
        Ok(Some(DashboardUpdatePayload::new(kept(context, settled))))
    }

    /// Deletes a dashboard with its widgets: its author, or an admin if it is shared.
    #[guard(org = Member)]
    async fn dashboard_delete(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The dashboard.")] input: DashboardDeleteInput,
    ) -> Result<Option<DashboardDeletePayload>, ResolverError> {
        let editor = editor(context, input.dashboard_id.0).await?;
        let settled = into_result(editor.dashboard_delete(input.expected_version).await)?;
        RequestContext::of(context).clear_loaders();
        Ok(Some(DashboardDeletePayload::new(settled.map(|gone| Some(id(gone))))))
    }

    /// Copies a dashboard that the caller sees into a private one of their own.
    #[guard(org = Member)]
    async fn dashboard_duplicate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The dashboard.")] input: DashboardDuplicateInput,
    ) -> Result<Option<DashboardDuplicatePayload>, ResolverError> {
        let author = RequestContext::of(context).scope()?.author()?;
        let original = Dashboard::find(context, input.dashboard_id.0).await?.ok_or(ResolverError::NotFound)?;
        let copy = |widget: &Widget| {
            let entity::models::Widget { title, kind, x, y, width, height, query, .. } = widget.row().clone();
            let place = Some(entity::commands::WidgetPosition { x, y, width, height });
            WidgetDraft { title, kind, place, query: Ok(query) }
        };
        let widgets = Widget::all_of(context, &original).await?.iter().map(copy).collect();
        let title = input.title.unwrap_or_else(|| match &original {
            Dashboard::Kept(row) => row.title.clone(),
            Dashboard::BuiltIn(built_in) => built_in.title().to_owned(),
        });
        let draft = DashboardDraft { title, visibility: Visibility::Private, widgets };
        let settled = into_result(author.dashboard_create(DashboardOrigin::ACopy, draft).await)?;
        Ok(Some(DashboardDuplicatePayload::new(kept(context, settled))))
    }

    /// Puts all widgets of a dashboard in their places.
    #[guard(org = Member)]
    async fn dashboard_arrange(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The places.")] input: DashboardArrangeInput,
    ) -> Result<Option<DashboardArrangePayload>, ResolverError> {
        let editor = editor(context, input.dashboard_id.0).await?;
        let places: Vec<_> =
            input.widgets.into_iter().map(|placed| (placed.widget_id.0, placed.place.into())).collect();
        let settled = into_result(editor.arrange(&places, input.expected_version).await)?;
        Ok(Some(DashboardArrangePayload::new(kept(context, settled))))
    }
}

/// The right to change a dashboard. A built-in one everybody sees and nobody changes.
async fn editor<'a>(context: &Context<'a>, dashboard: DashboardId) -> Result<Editor<'a>, ResolverError> {
    if BuiltIn::of_id(dashboard).is_some() {
        return Err(ResolverError::Forbidden(Reason::NotSelf));
    }
    Ok(RequestContext::of(context).scope()?.editor(dashboard, reads_personal_data).await?)
}

/// The dashboard as the change left it.
fn kept(context: &Context<'_>, settled: MutationResult<Row>) -> MutationResult<Option<Dashboard>> {
    RequestContext::of(context).clear_loaders();
    settled.map(|row| Some(Dashboard::Kept(row.into())))
}
