//! Changing the widgets of dashboards.

use async_graphql::Context;
use entity::commands::{WidgetDraft, WidgetPatch};
use gateway_macros::guarded;

use super::{editor, kept};
use crate::{
    errors::ResolverError,
    request::RequestContext,
    schema::{
        dashboard::{
            Dashboard, Widget,
            input::{WidgetAddInput, WidgetRemoveInput, WidgetUpdateInput, check, written},
            query::{WidgetQueryInput, reads_personal_data},
        },
        payload::{MutationResult, into_result, payload},
    },
};

payload! {
    /// The outcome of `widgetAdd`.
    WidgetAddPayload {
        /// The new widget.
        widget: Widget
    }
}

payload! {
    /// The outcome of `widgetUpdate`.
    WidgetUpdatePayload {
        /// The widget after the change.
        widget: Widget
    }
}

payload! {
    /// The outcome of `widgetRemove`.
    WidgetRemovePayload {
        /// The dashboard without it.
        dashboard: Dashboard
    }
}

/// Changes of the widgets of dashboards.
#[derive(Default)]
pub struct WidgetMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl WidgetMutations {
    /// Puts a widget on a dashboard. What its query would be refused for whoever asks is told at once.
    #[guard(org = Member)]
    async fn widget_add(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The widget.")] input: WidgetAddInput,
    ) -> Result<Option<WidgetAddPayload>, ResolverError> {
        let editor = editor(context, input.dashboard_id.0).await?;
        let kind = input.kind.into();
        let query = written(context, kind, input.query)?;
        let draft = WidgetDraft { title: input.title, kind, place: input.place.map(Into::into), query };
        let settled = into_result(editor.widget_add(draft, input.expected_version).await)?;
        Ok(Some(WidgetAddPayload::new(shown(context, settled))))
    }

    /// Changes a widget of a dashboard.
    #[guard(org = Member)]
    async fn widget_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The change.")] input: WidgetUpdateInput,
    ) -> Result<Option<WidgetUpdatePayload>, ResolverError> {
        let (editor, before) =
            RequestContext::of(context).scope()?.editor_of_widget(input.widget_id.0, reads_personal_data).await?;
        let kind = input.kind.map(Into::into);
        let query = match (input.query, kind) {
            (Some(query), _) => Some(written(context, kind.unwrap_or(before.kind), query)?),
            // Another kind must suit the query that is there.
            (None, Some(kind)) => {
                let saved = WidgetQueryInput::stored(&before.query)?;
                Some(check(context, kind, saved, &before.query)?.map(|()| before.query))
            }
            (None, None) => None,
        };
        let patch = WidgetPatch {
            title: input.title,
            kind,
            place: input.place.map(Into::into),
            query,
            expected_version: input.expected_version,
        };
        let settled = into_result(editor.widget_update(input.widget_id.0, patch).await)?;
        Ok(Some(WidgetUpdatePayload::new(shown(context, settled))))
    }

    /// Takes a widget off its dashboard.
    #[guard(org = Member)]
    async fn widget_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The widget.")] input: WidgetRemoveInput,
    ) -> Result<Option<WidgetRemovePayload>, ResolverError> {
        let (editor, _) =
            RequestContext::of(context).scope()?.editor_of_widget(input.widget_id.0, reads_personal_data).await?;
        let settled = into_result(editor.widget_remove(input.widget_id.0, input.expected_version).await)?;
        Ok(Some(WidgetRemovePayload::new(kept(context, settled))))
    }
}

/// The widget as the change left it.
fn shown(context: &Context<'_>, settled: MutationResult<entity::models::Widget>) -> MutationResult<Option<Widget>> {
    RequestContext::of(context).clear_loaders();
    settled.map(|row| Some(Widget::from(std::sync::Arc::new(row))))
}
