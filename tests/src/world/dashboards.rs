//! The world's dashboards: one for each form of a result, and one private dashboard.

use sea_orm::Value;
use serde_json::json;

use super::{
    Side,
    rows::{On, id, time},
};

/// Shared dashboards with one widget each: name, kind, and the widget's query.
fn shared() -> [(&'static str, &'static str, serde_json::Value); 4] {
    let years = json!({ "field": "OCCURRED_AT", "unit": "YEAR" });
    [
        ("figure", "NUMBER", json!({ "overview": "DOCTORS" })),
        ("groups", "BAR", json!({ "doctors": { "groupBy": ["DSO"] } })),
        ("times", "LINE", json!({ "activities": { "bucket": years } })),
        ("list", "LIST", json!({ "doctorList": { "first": 10 } })),
    ]
}

/// The owner's dashboards are shared; the private one belongs to another member with the same rights on shared
/// dashboards.
pub(super) async fn on(on: &On<'_>, owner: &str) {
    for (name, kind, query) in shared() {
        dashboard(on, name, "SHARED", owner).await;
        widget(on, name, kind, query).await;
    }
    let author = match on.side {
        Side::A => "admin",
        Side::B => "both",
    };
    dashboard(on, "private", "PRIVATE", author).await;
    widget(on, "private", "NUMBER", json!({ "overview": "CASES" })).await;
}

async fn dashboard(on: &On<'_>, name: &str, visibility: &str, author: &str) {
    let row = vec![
        ("id", id(&format!("dashboard {name}"))),
        ("author_member_id", id(&format!("member {author}"))),
        ("title", on.text(&format!("Board {name}"))),
        ("visibility", visibility.into()),
        ("created_at", time(16).into()),
        ("updated_at", time(16).into()),
        ("version", 1.into()),
    ];
    on.insert("dashboards", row).await;
}

async fn widget(on: &On<'_>, name: &str, kind: &str, query: serde_json::Value) {
    let row = vec![
        ("id", id(&format!("widget {name}"))),
        ("dashboard_id", id(&format!("dashboard {name}"))),
        ("title", on.text(&format!("Widget {name}"))),
        ("kind", kind.into()),
        ("x", 0.into()),
        ("y", 0.into()),
        ("width", 6.into()),
        ("height", 4.into()),
        ("query", Value::from(query)),
        ("created_at", time(16).into()),
        ("updated_at", time(16).into()),
    ];
    on.insert("dashboard_widgets", row).await;
}
