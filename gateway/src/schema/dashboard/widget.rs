//! The pieces of a dashboard.

use std::sync::Arc;

use async_graphql::{Context, ID, Json};
use entity::{Columns, Direction, DsoId, Listing, NoFilter, OneOrder, Take, TypedId, WidgetUnder, Widgets, Window};
use gateway_macros::guarded;

use super::{Dashboard, prepared::Prepared, query::WidgetQueryInput, result::WidgetResult};
use crate::{
    graphql::{Fault, Request},
    schema::{
        Ref,
        aggregate::{Narrowing, zone},
        enums::WidgetKind,
        id,
        overview::TimeRange,
        replay::replayed,
    },
};

/// Most widgets of a dashboard.
const MOST: u32 = 40;

/// A piece of a dashboard.
#[derive(Clone)]
pub struct Widget(Arc<entity::Widget>);

impl From<Arc<entity::Widget>> for Widget {
    fn from(row: Arc<entity::Widget>) -> Self {
        Self(row)
    }
}

impl Widget {
    /// All of a dashboard, line by line.
    pub(super) async fn all_of(context: &Context<'_>, dashboard: &Dashboard) -> Result<Vec<Self>, Fault> {
        let request = Request::of(context);
        let row = match dashboard {
            Dashboard::Kept(row) => row,
            Dashboard::BuiltIn(built_in) => {
                let widgets = built_in.widgets(request.scope()?.context().organization());
                return Ok(widgets.into_iter().map(|widget| Self(Arc::new(widget))).collect());
            }
        };
        let listing = Listing {
            filter: NoFilter,
            order: OneOrder::Natural,
            direction: Direction::Asc,
            window: Window { take: Take::First(MOST), after: None, before: None },
        };
        let page = request
            .loaders()?
            .page::<Widgets>(Some((WidgetUnder::Dashboard, row.id.uuid())), Arc::new(listing), Columns::ALL)
            .await?;
        Ok(page.rows.iter().cloned().map(Self).collect())
    }

    pub(super) fn row(&self) -> &entity::Widget {
        &self.0
    }
}

replayed!(Widget: Widgets, entity::WidgetId);

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
    async fn dashboard(&self, context: &Context<'_>) -> Result<Option<Dashboard>, Fault> {
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
        #[graphql(desc = "Only these DSOs, among those that the query names.")] dso_ids: Option<Vec<Ref<DsoId>>>,
        #[graphql(
            desc = "In which range, in place of the query's own: of its bucket, or without one of its filter. Doctors without a \
                    bucket are told as they stand now."
        )]
        range: Option<TimeRange>,
        #[graphql(desc = "In which time zone intervals begin, in place of the query's own.")] time_zone: Option<String>,
    ) -> Result<Option<WidgetResult>, Fault> {
        let narrowing = Narrowing {
            dsos: dso_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            range: range.map(|range| range.checked("range")).transpose()?,
            zone: time_zone.as_deref().map(zone).transpose()?,
        };
        let prepared = Prepared::of(context, WidgetQueryInput::saved(&self.0.query)?)?;
        prepared.run(context, narrowing, range).await
    }
}
