//! The inputs of the mutations that change dashboards.
//!
//! Owns: for each of them an input that succeeds for whoever may, and one whose author can mend it; for whom it succeeds: the
//! guard asks for a member, and the dashboard is the owner's and shared. Invariant: one row is named by all.

use entity::id::{DashboardId, WidgetId};
use serde_json::{Value, json};
use tests::{Actor, World};

use super::{Ends, life::Fate};
use crate::matrix::actor_roles::{ADMIN, Standing};

/// The mutations whose inputs are here.
pub(crate) const BOARDS: [&str; 8] = [
    "dashboardCreate",
    "dashboardUpdate",
    "dashboardDelete",
    "dashboardDuplicate",
    "dashboardArrange",
    "widgetAdd",
    "widgetUpdate",
    "widgetRemove",
];

pub(crate) fn dashboard(name: &str) -> String {
    World::id::<DashboardId>(&format!("dashboard {name}"))
}

pub(crate) fn widget(name: &str) -> String {
    World::id::<WidgetId>(&format!("widget {name}"))
}

/// The input; `UserErrors` makes it one that its author can mend.
pub(crate) fn input(mutation: &str, ends: Ends) -> Value {
    let is_spoilt = ends == Ends::UserErrors;
    let title = if is_spoilt { " " } else { "New" };
    let (dashboard, widget) = (dashboard("figure"), widget("figure"));
    let place = json!({ "x": 3, "y": 1, "width": 3, "height": 2 });
    let mut input = match mutation {
        "dashboardCreate" => json!({ "title": title }),
        "dashboardUpdate" => json!({ "dashboardId": dashboard, "title": "Renamed" }),
        "dashboardDelete" => json!({ "dashboardId": dashboard }),
        "dashboardDuplicate" => json!({ "dashboardId": dashboard, "title": title }),
        "dashboardArrange" => {
            json!({ "dashboardId": dashboard, "widgets": [{ "widgetId": widget, "place": place }] })
        }
        "widgetAdd" => {
            let query = json!({ "doctors": { "groupBy": ["RISK"] } });
            json!({ "dashboardId": dashboard, "title": title, "kind": "BAR", "query": query })
        }
        "widgetUpdate" => json!({ "widgetId": widget, "title": "Renamed" }),
        "widgetRemove" => json!({ "widgetId": widget }),
        unknown => panic!("`Mutation.{unknown}` has no input"),
    };
    if is_spoilt && !["dashboardCreate", "dashboardDuplicate"].contains(&mutation) {
        input["expectedVersion"] = json!(99);
    }
    input
}

/// The fate of a member.
pub(crate) fn fate(mutation: &str, actor: Actor) -> Fate {
    match Standing::of(actor) {
        Standing::Member(rank, _) if rank < ADMIN => {
            if ["dashboardCreate", "dashboardDuplicate"].contains(&mutation) {
                Fate::AsAsked
            } else {
                Fate::Forbidden
            }
        }
        Standing::Member(..) | Standing::Outside | Standing::Anonymous => Fate::AsAsked,
    }
}
