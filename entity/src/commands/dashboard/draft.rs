//! Client input for dashboards.

use serde_json::Value;

use crate::{
    commands::validation::Validator,
    error::Error,
    id::{TypedId, WidgetId},
    models::{Dashboard, Visibility, Widget, WidgetKind},
    text::TextKind,
    time::now,
};

/// Whether a dashboard is new or a copy of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DashboardOrigin {
    /// It is new.
    Anew,
    /// It is a copy.
    ACopy,
}

/// A widget's query as stored, or the problems that its author can fix.
pub type StoredQuery = Result<Value, Error>;

/// Returns the reason why a query is confidential, or none if it is not. The crate that interprets queries supplies
/// this function. It runs under the dashboard's lock, so that no query can be added unchecked while the dashboard is
/// being shared.
pub type PiiCheck = fn(&Value) -> Option<String>;

/// A dashboard to be created for the caller.
#[derive(Clone, Debug)]
pub struct DashboardDraft {
    /// The title.
    pub title: String,
    /// Who sees it.
    pub visibility: Visibility,
    /// The widgets.
    pub widgets: Vec<WidgetDraft>,
}

/// A change of a dashboard.
#[derive(Clone, Debug, Default)]
pub struct DashboardPatch {
    /// The title.
    pub title: Option<String>,
    /// Who sees it.
    pub visibility: Option<Visibility>,
    /// Expected version of the dashboard; the change is rejected if the dashboard has another version.
    pub expected_version: Option<i32>,
}

/// The position and size of a widget on a grid of twelve columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WidgetPosition {
    /// Its first column, from 0.
    pub x: i32,
    /// Its first grid row, from 0.
    pub y: i32,
    /// Its width in columns.
    pub width: i32,
    /// Its height in grid rows.
    pub height: i32,
}

/// A widget to be added to a dashboard.
#[derive(Clone, Debug)]
pub struct WidgetDraft {
    /// The title.
    pub title: String,
    /// How the widget displays its result.
    pub kind: WidgetKind,
    /// Its position; below the other widgets if not given.
    pub place: Option<WidgetPosition>,
    /// Its query.
    pub query: StoredQuery,
}

/// A change of a widget.
#[derive(Clone, Debug, Default)]
pub struct WidgetPatch {
    /// The title.
    pub title: Option<String>,
    /// How the widget displays its result.
    pub kind: Option<WidgetKind>,
    /// Its position.
    pub place: Option<WidgetPosition>,
    /// Its query.
    pub query: Option<StoredQuery>,
    /// Expected version of the dashboard; the change is rejected if the dashboard has another version.
    pub expected_version: Option<i32>,
}

/// Position of a widget that is added without one. It is placed below all others, where there is always room.
const DEFAULT_SIZE: WidgetPosition = WidgetPosition { x: 0, y: 0, width: 6, height: 4 };

impl WidgetPosition {
    pub(super) fn check(self, checks: &mut Validator) {
        checks.range("x", Some(self.x), 0, 11);
        checks.range("y", Some(self.y), 0, 999);
        checks.range("width", Some(self.width), 1, 12_i32.saturating_sub(self.x.clamp(0, 11)));
        checks.range("height", Some(self.height), 1, 24);
    }

    pub(super) fn apply(self, widget: &mut Widget) {
        let Self { x, y, width, height } = self;
        (widget.x, widget.y, widget.width, widget.height) = (x, y, width, height);
    }
}

/// A widget draft that has passed the checks, provided that the validator has reported no problem.
pub(super) struct ValidatedWidget {
    title: String,
    kind: WidgetKind,
    place: Option<WidgetPosition>,
    query: Value,
}

impl WidgetDraft {
    pub(super) fn validate_widget(self, checks: &mut Validator) -> ValidatedWidget {
        let title = checks.required("title", &self.title, TextKind::NAME);
        if let Some(place) = self.place {
            place.check(checks);
        }
        ValidatedWidget {
            title,
            kind: self.kind,
            place: self.place,
            query: checks.accept(self.query).unwrap_or_default(),
        }
    }
}

impl ValidatedWidget {
    pub(super) fn into_row(self, dashboard: &Dashboard, lowest: i32) -> Widget {
        let Self { title, kind, place, query } = self;
        let WidgetPosition { x, y, width, height } =
            place.unwrap_or(WidgetPosition { y: lowest.min(999), ..DEFAULT_SIZE });
        Widget {
            organization_id: dashboard.organization_id,
            id: WidgetId::generate(),
            dashboard_id: dashboard.id,
            title,
            kind,
            x,
            y,
            width,
            height,
            query,
            created_at: now(),
            updated_at: now(),
        }
    }
}
