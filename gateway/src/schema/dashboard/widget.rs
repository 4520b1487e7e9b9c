//! The pieces of a dashboard.

use std::sync::Arc;

use async_graphql::{Context, ID, Json};
use entity::{
    id::{DsoId, TypedId},
    models::ColumnSet,
    queries::{DefaultOrder, Direction, ListQuery, NoFilter, PageDirection, PageRequest, WidgetParent, Widgets},
};
use gateway_macros::guarded;

use super::{Dashboard, query::WidgetQueryInput, result::WidgetResult, validated_query::ValidatedQuery};
use crate::{
    errors::ResolverError,
    request::{IdArg, RequestContext, id},
    schema::{
        aggregate::{WidgetOverrides, zone},
        enums::WidgetKind,
        overview::TimeRange,
        replayed_result::replayed,
    },
};

/// Most widgets of a dashboard.
const MAX_WIDGETS: u32 = 40;

/// A piece of a dashboard.
#[derive(Clone)]
pub struct Widget(Arc<entity::models::Widget>);

impl From<Arc<entity::models::Widget>> for Widget {
    fn from(row: Arc<entity::models::Widget>) -> Self {
        Self(row)
    }
}

impl Widget {
    /// All of a dashboard, line by line.
    pub(super) async fn all_of(context: &Context<'_>, dashboard: &Dashboard) -> Result<Vec<Self>, ResolverError> {
        let request = RequestContext::of(context);
        let row = match dashboard {
            Dashboard::Kept(row) => row,
            Dashboard::BuiltIn(built_in) => {
                let widgets = built_in.widgets(request.scope()?.context().organization());
                return Ok(widgets.into_iter().map(|widget| Self(Arc::new(widget))).collect());
            }
        };
        let listing = ListQuery {
            filter: NoFilter,
            order: DefaultOrder::Natural,
            direction: Direction::Asc,
            window: PageRequest { take: PageDirection::First(MAX_WIDGETS), after: None, before: None },
        };
        let page = request
            .loaders()?
            .page::<Widgets>(Some((WidgetParent::Dashboard, row.id.uuid())), Arc::new(listing), ColumnSet::ALL)
            .await?;
        Ok(page.rows.iter().cloned().map(Self).collect())
    }

    pub(super) fn row(&self) -> &entity::models::Widget {
        &self.0
    }
}

replayed!(Widget: Widgets, entity::id::WidgetId);

/// A piece of a dashboard.
#[guarded(org = Member)]
impl Widget {
    /// Which widget.
    #[guard(org = Member)]
    fn id(&self) -> ID {
        id(self.0.id)
    }

    /// The dashboard that it is on.
    #[guard(org = Member)]
    async fn dashboard(&self, context: &Context<'_>) -> Result<Option<Dashboard>, ResolverError> {
        Dashboard::find(context, self.0.dashboard_id).await
    }

    /// What it is called.
    #[guard(org = Member)]
    fn title(&self) -> &str {
        &self.0.title
    }

    /// As what it shows its answer.
    #[guard(org = Member)]
    fn kind(&self) -> WidgetKind {
        self.0.kind.into()
    }

    /// Its first column of twelve, from 0.
    #[guard(org = Member)]
    fn x(&self) -> i32 {
        self.0.x
    }

    /// Its first line, from 0.
    #[guard(org = Member)]
    fn y(&self) -> i32 {
        self.0.y
    }

    /// How many columns it takes.
    #[guard(org = Member)]
    fn width(&self) -> i32 {
        self.0.width
    }

    /// How many lines it takes.
    #[guard(org = Member)]
    fn height(&self) -> i32 {
        self.0.height
    }

    /// What it asks, as it was written: a `WidgetQueryInput`. Whoever sees the widget reads it; on a shared dashboard it names no
    /// person.
    #[guard(org = Member)]
    fn query(&self) -> Json<serde_json::Value> {
        Json(self.0.query.clone())
    }

    /// Its answer for the caller: of what they see, and null with an error if it looks at a field that they may not read.
    #[guard(org = Member)]
    async fn result(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these DSOs, among those that the query names.")] dso_ids: Option<Vec<IdArg<DsoId>>>,
        #[graphql(
            desc = "In which range, in place of the query's own: of its bucket, or without one of its filter. Doctors without a \
                    bucket are told as they stand now."
        )]
        range: Option<TimeRange>,
        #[graphql(desc = "In which time zone intervals begin, in place of the query's own.")] time_zone: Option<String>,
    ) -> Result<Option<WidgetResult>, ResolverError> {
        let narrowing = WidgetOverrides {
            dsos: dso_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            range: range.map(|range| range.checked("range")).transpose()?,
            zone: time_zone.as_deref().map(zone).transpose()?,
        };
        let prepared = ValidatedQuery::of(context, WidgetQueryInput::stored(&self.0.query)?)?;
        prepared.run(context, narrowing, range).await
    }
}
