//! What a client may write into a dashboard.

use serde_json::Value;

use crate::{
    commands::validation::Validator,
    error::Error,
    id::{TypedId, WidgetId},
    models::{Dashboard, Visibility, Widget, WidgetKind},
    text::TextKind,
    time::now,
};

/// Whether a dashboard is made of nothing, or of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DashboardOrigin {
    /// It is new.
    Anew,
    /// It is a copy.
    ACopy,
}

/// What a widget asks, as it was written; or the problems that its author can mend.
pub type StoredQuery = Result<Value, Error>;

/// Tells why a query is not for everybody's eyes, if it is not: said by whoever knows what queries mean, and asked behind
/// the dashboard's lock, so that no query slips in while the dashboard is being shared.
pub type PiiCheck = fn(&Value) -> Option<String>;

/// A dashboard to be made, the caller's own.
#[derive(Clone, Debug)]
pub struct DashboardDraft {
    /// What it is called.
    pub title: String,
    /// Who sees it.
    pub visibility: Visibility,
    /// What is on it.
    pub widgets: Vec<WidgetDraft>,
}

/// A change of a dashboard.
#[derive(Clone, Debug, Default)]
pub struct DashboardPatch {
    /// What it is called.
    pub title: Option<String>,
    /// Who sees it.
    pub visibility: Option<Visibility>,
    /// The version on whose sight the change was made.
    pub expected_version: Option<i32>,
}

/// Where a widget is, on a grid of twelve columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WidgetPosition {
    /// Its first column, from 0.
    pub x: i32,
    /// Its first line, from 0.
    pub y: i32,
    /// How many columns it takes.
    pub width: i32,
    /// How many lines it takes.
    pub height: i32,
}

/// A widget to be put on a dashboard.
#[derive(Clone, Debug)]
pub struct WidgetDraft {
    /// What it is called.
    pub title: String,
    /// As what it shows its answer.
    pub kind: WidgetKind,
    /// Where; below the others, if not given.
    pub place: Option<WidgetPosition>,
    /// What it asks.
    pub query: StoredQuery,
}

/// A change of a widget.
#[derive(Clone, Debug, Default)]
pub struct WidgetPatch {
    /// What it is called.
    pub title: Option<String>,
    /// As what it shows its answer.
    pub kind: Option<WidgetKind>,
    /// Where.
    pub place: Option<WidgetPosition>,
    /// What it asks.
    pub query: Option<StoredQuery>,
    /// The dashboard's version on whose sight the change was made.
    pub expected_version: Option<i32>,
}

/// Where there is always room.
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

/// A widget's draft without problems, as far as its checks have been heard.
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
