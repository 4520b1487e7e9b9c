//! Audit log entries for dashboards.
//!
//! Invariant: admins read the log, and only its author may see a private dashboard. For a private dashboard, the log
//! records that it was changed and by which member, but neither its title nor the queries of its widgets.

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    analytics::rollup::NotRolledUp,
    id::TypedId,
    models::{Dashboard, Visibility, Widget},
};

#[derive(Default, Serialize)]
pub(super) struct DashboardEntry {
    visibility: Option<Visibility>,
    title: Option<String>,
    widgets: Option<Vec<Value>>,
    deleted: Option<bool>,
}

impl NotRolledUp for DashboardEntry {}

impl DashboardEntry {
    pub(super) fn of(dashboard: &Dashboard, widgets: &[Widget]) -> Self {
        let visibility = Some(dashboard.visibility);
        match dashboard.visibility {
            Visibility::Private => Self { visibility, ..Self::default() },
            Visibility::Shared => Self {
                visibility,
                title: Some(dashboard.title.clone()),
                widgets: Some(widgets.iter().map(widget).collect()),
                deleted: None,
            },
        }
    }

    pub(super) fn deleted() -> Self {
        Self { deleted: Some(true), ..Self::default() }
    }
}

fn widget(widget: &Widget) -> Value {
    let Widget { id, title, kind, x, y, width, height, query, .. } = widget;
    json!({ "id": id.to_text(), "title": title, "kind": kind, "x": x, "y": y, "width": width, "height": height, "query": query })
}
