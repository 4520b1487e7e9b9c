//! The dashboards that everybody has from the start.
//!
//! Owns: their ids and their widgets, one dashboard for each kind of role. Invariant: they are written as a member would write
//! them, so that a duplicate shows the same.

use entity::{
    auth::OrgRole,
    id::{DashboardId, OrganizationId, TypedId, WidgetId},
    models::{Widget, WidgetKind},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// A dashboard that is made of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// For owners and admins: the organization as a whole.
    Organization,
    /// For members: their own DSOs.
    Member,
}

/// Title, kind, place and question of a widget. The title names no time: whoever asks may ask about another one.
type WidgetSpec = (&'static str, WidgetKind, [i32; 4], Value);

impl BuiltIn {
    const ALL: [Self; 2] = [Self::Organization, Self::Member];

    pub(super) fn of_role(role: OrgRole) -> Self {
        match role {
            OrgRole::Owner | OrgRole::Admin => Self::Organization,
            OrgRole::Member => Self::Member,
        }
    }

    /// No row has such an id: those of rows are made of times or of digests.
    pub(super) fn id(self) -> DashboardId {
        DashboardId::from_uuid(Uuid::from_u128(self.number()))
    }

    pub(super) fn of_id(id: DashboardId) -> Option<Self> {
        Self::ALL.into_iter().find(|built_in| built_in.id() == id)
    }

    fn number(self) -> u128 {
        match self {
            Self::Organization => 1,
            Self::Member => 2,
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Organization => "The organization at a glance",
            Self::Member => "My DSOs",
        }
    }

    /// Its widgets, line by line.
    pub(super) fn widgets(self, organization: OrganizationId) -> Vec<Widget> {
        let pieces = match self {
            Self::Organization => of_organization(),
            Self::Member => of_member(),
        };
        let widget = |(place, (title, kind, [x, y, width, height], query)): (u128, WidgetSpec)| Widget {
            organization_id: organization,
            id: WidgetId::from_uuid(Uuid::from_u128(self.number() << 16 | place)),
            dashboard_id: self.id(),
            title: title.to_owned(),
            kind,
            x,
            y,
            width,
            height,
            query,
            created_at: chrono::DateTime::UNIX_EPOCH,
            updated_at: chrono::DateTime::UNIX_EPOCH,
        };
        (1..).zip(pieces).map(widget).collect()
    }
}

fn of_organization() -> Vec<WidgetSpec> {
    use WidgetKind::{Bar, Line, Number, Pie};
    let most = json!([{ "measure": { "count": true }, "direction": "DESC" }]);
    let riskiest = json!([{ "dimension": "RISK", "direction": "DESC" }]);
    let monthly = json!({ "field": "OCCURRED_AT", "unit": "MONTH", "fill": true });
    vec![
        ("Doctors", Number, [0, 0, 3, 2], json!({ "overview": "DOCTORS" })),
        ("On track", Number, [3, 0, 3, 2], json!({ "overview": "ON_TRACK" })),
        ("Activities", Number, [6, 0, 3, 2], json!({ "overview": "ACTIVITIES" })),
        ("Without contact", Number, [9, 0, 3, 2], json!({ "overview": "WITHOUT_CONTACT" })),
        ("Doctors by risk", Bar, [0, 2, 6, 4], json!({ "doctors": { "groupBy": ["RISK"], "orderBy": riskiest } })),
        ("Doctors by period", Bar, [6, 2, 6, 4], json!({ "doctors": { "groupBy": ["ONBOARDING_PERIOD"] } })),
        ("Activities by month", Line, [0, 6, 8, 4], json!({ "activities": { "bucket": monthly, "lastDays": 365 } })),
        ("Cases by status", Pie, [8, 6, 4, 4], json!({ "cases": { "groupBy": ["STATUS"] } })),
        (
            "Most activities",
            Bar,
            [0, 10, 12, 4],
            json!({ "activities": { "groupBy": ["ACTOR"], "orderBy": most, "first": 10, "lastDays": 30 } }),
        ),
    ]
}

fn of_member() -> Vec<WidgetSpec> {
    use WidgetKind::{Bar, Line, List, Number, Table};
    let weekly = json!({ "field": "OCCURRED_AT", "unit": "WEEK", "fill": true });
    let longest = json!({ "field": "LAST_CONTACT", "direction": "ASC" });
    let highest = json!({ "field": "RISK", "direction": "DESC" });
    vec![
        ("Doctors", Number, [0, 0, 3, 2], json!({ "overview": "DOCTORS" })),
        ("Without contact", Number, [3, 0, 3, 2], json!({ "overview": "WITHOUT_CONTACT" })),
        ("Doctors by DSO", Bar, [6, 0, 6, 4], json!({ "doctors": { "groupBy": ["DSO"] } })),
        (
            "Longest without contact",
            List,
            [0, 2, 6, 6],
            json!({ "doctorList": { "withoutContactDays": 30, "orderBy": longest, "first": 10 } }),
        ),
        (
            "Doctors at risk",
            Table,
            [6, 4, 6, 4],
            json!({ "doctorList": { "filter": { "risk": ["HIGH", "CRITICAL"] }, "orderBy": highest, "first": 25 } }),
        ),
        ("Activities by week", Line, [0, 8, 12, 4], json!({ "activities": { "bucket": weekly, "lastDays": 84 } })),
    ]
}
