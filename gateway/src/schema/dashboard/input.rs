//! What can be written into dashboards.

use async_graphql::{Context, InputObject};
use entity::{
    commands::{StoredQuery, WidgetPosition},
    error::Error,
    id::{DashboardId, WidgetId},
};

use super::{
    query::{WidgetQueryInput, problem},
    validated_query::ValidatedQuery,
};
use crate::{
    errors::ResolverError,
    request::IdArg,
    schema::{
        enums::{DashboardVisibility, WidgetKind},
        raw_input::RawInput,
    },
};

/// Longest query of a widget, in bytes of JSON.
const MAX_JSON_BYTES: usize = 16 * 1024;

/// A dashboard to be made.
#[derive(InputObject)]
pub struct DashboardCreateInput {
    /// What it is called, 1 to 200 characters.
    pub(super) title: String,
    /// Who sees it.
    #[graphql(default)]
    pub(super) visibility: DashboardVisibility,
}

/// A change of a dashboard: what is left out stays.
#[derive(InputObject)]
pub struct DashboardUpdateInput {
    /// The dashboard.
    pub(super) dashboard_id: IdArg<DashboardId>,
    /// What it is called, 1 to 200 characters.
    pub(super) title: Option<String>,
    /// Who sees it; only its author can keep it for themselves. It is not shared while a widget on it filters by a person's
    /// `email` or by `text`: all members read what the widgets of a shared dashboard ask.
    pub(super) visibility: Option<DashboardVisibility>,
    /// Refuse if the dashboard has changed since this version was read.
    pub(super) expected_version: Option<i32>,
}

/// The dashboard to be deleted.
#[derive(InputObject)]
pub struct DashboardDeleteInput {
    /// The dashboard.
    pub(super) dashboard_id: IdArg<DashboardId>,
    /// Refuse if the dashboard has changed since this version was read.
    pub(super) expected_version: Option<i32>,
}

/// The dashboard to be copied.
#[derive(InputObject)]
pub struct DashboardDuplicateInput {
    /// The dashboard: any that one sees, a built-in one too.
    pub(super) dashboard_id: IdArg<DashboardId>,
    /// What the copy is called, 1 to 200 characters; as the original, if not given.
    pub(super) title: Option<String>,
}

/// The places of all widgets of a dashboard.
#[derive(InputObject)]
pub struct DashboardArrangeInput {
    /// The dashboard.
    pub(super) dashboard_id: IdArg<DashboardId>,
    /// All its widgets, each once.
    pub(super) widgets: Vec<WidgetPlacedInput>,
    /// Refuse if the dashboard has changed since this version was read.
    pub(super) expected_version: Option<i32>,
}

/// A widget and its place.
#[derive(InputObject)]
pub struct WidgetPlacedInput {
    /// The widget.
    pub(super) widget_id: IdArg<WidgetId>,
    /// Where it is to be.
    pub(super) place: WidgetPlaceInput,
}

/// A place on a grid of twelve columns.
#[derive(InputObject)]
pub struct WidgetPlaceInput {
    /// The first column, from 0.
    x: i32,
    /// The first line, from 0 to 999.
    y: i32,
    /// How many columns, up to the twelfth.
    width: i32,
    /// How many lines, 1 to 24.
    height: i32,
}

impl From<WidgetPlaceInput> for WidgetPosition {
    fn from(place: WidgetPlaceInput) -> Self {
        let WidgetPlaceInput { x, y, width, height } = place;
        Self { x, y, width, height }
    }
}

/// A widget to be put on a dashboard.
#[derive(InputObject)]
pub struct WidgetAddInput {
    /// The dashboard.
    pub(super) dashboard_id: IdArg<DashboardId>,
    /// What it is called, 1 to 200 characters.
    pub(super) title: String,
    /// As what it shows its answer.
    pub(super) kind: WidgetKind,
    /// Where; below all others, if not given.
    pub(super) place: Option<WidgetPlaceInput>,
    /// What it asks. On a shared dashboard all members read it, so there it must not filter by a person's `email` or by `text`.
    pub(super) query: RawInput<WidgetQueryInput>,
    /// Refuse if the dashboard has changed since this version was read.
    pub(super) expected_version: Option<i32>,
}

/// A change of a widget: what is left out stays.
#[derive(InputObject)]
pub struct WidgetUpdateInput {
    /// The widget.
    pub(super) widget_id: IdArg<WidgetId>,
    /// What it is called, 1 to 200 characters.
    pub(super) title: Option<String>,
    /// As what it shows its answer.
    pub(super) kind: Option<WidgetKind>,
    /// Where.
    pub(super) place: Option<WidgetPlaceInput>,
    /// What it asks. On a shared dashboard all members read it, so there it must not filter by a person's `email` or by `text`.
    pub(super) query: Option<RawInput<WidgetQueryInput>>,
    /// Refuse if the dashboard has changed since this version was read.
    pub(super) expected_version: Option<i32>,
}

/// The widget to be taken off its dashboard.
#[derive(InputObject)]
pub struct WidgetRemoveInput {
    /// The widget.
    pub(super) widget_id: IdArg<WidgetId>,
    /// Refuse if the dashboard has changed since this version was read.
    pub(super) expected_version: Option<i32>,
}

/// A query as it is to be kept, or all that is wrong with it for a widget of this kind.
pub(super) fn written(
    context: &Context<'_>,
    kind: entity::models::WidgetKind,
    query: RawInput<WidgetQueryInput>,
) -> Result<StoredQuery, ResolverError> {
    let json = query.json()?;
    Ok(check(context, kind, query.input, &json)?.map(|()| json))
}

/// All that is wrong with a query for a widget of this kind.
pub(super) fn check(
    context: &Context<'_>,
    kind: entity::models::WidgetKind,
    query: WidgetQueryInput,
    json: &serde_json::Value,
) -> Result<Result<(), Error>, ResolverError> {
    let mut problems = Vec::new();
    let length = json.to_string().len();
    if length > MAX_JSON_BYTES {
        problems.push(problem("query", format!("`query` has {length} bytes; at most {MAX_JSON_BYTES} are allowed")));
    }
    match ValidatedQuery::of(context, query) {
        Ok(prepared) => {
            problems.extend(prepared.problems().into_iter().map(|message| problem("query", message)));
            problems.extend(prepared.incompatibility(kind).map(|message| problem("kind", message.to_owned())));
        }
        Err(refused) => problems.extend(refused.messages()?.into_iter().map(|message| problem("query", message))),
    }
    Ok(if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) })
}
