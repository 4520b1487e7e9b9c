//! Number of statements that a dashboard costs.

use entity::db::Purpose;
use serde_json::{Value, json};
use tests::{
    Actor, Answer, Database, Gateway, Kind,
    actor::token,
    tenants::{Size, Tenant},
};

use super::Stage;

const TENANT: Tenant = Tenant(1);
const FEW: Size = Size { dsos: 2, members: 1, grants: 1, doctors: 2, activities: 2, cases: 1, courses: 1 };
/// More DSOs than a list has on one page, and more than a loader's default batch size.
const MANY: Size = Size { dsos: 210, members: 40, grants: 3, doctors: 4, activities: 4, cases: 3, courses: 1 };

/// The query of a page for a dashboard, in one request.
const PAGE: &str = "query($id: ID!) { dashboard(id: $id) { title visibility viewerMayEdit widgets { id title kind x y width height query \
     result { value before rows { value keys { dimension id label at } } doctors { id name dso { id name } } } } } }";

/// Eight widgets that cover every form, each with its query, as a member would put them on one dashboard.
fn eight() -> [(&'static str, Value); 8] {
    let monthly = json!({
        "field": "OCCURRED_AT", "unit": "MONTH", "fill": true,
        "range": { "from": "2025-01-01T00:00:00Z", "until": "2026-12-01T00:00:00Z" },
    });
    [
        ("NUMBER", json!({ "overview": "DOCTORS" })),
        ("NUMBER", json!({ "overview": "CASES" })),
        ("BAR", json!({ "doctors": { "groupBy": ["DSO", "RISK"] } })),
        ("BAR", json!({ "doctors": { "groupBy": ["DSO"], "measure": { "median": "PROGRESS" } } })),
        ("TABLE", json!({ "activities": { "groupBy": ["ACTOR"] } })),
        ("LINE", json!({ "activities": { "groupBy": ["KIND"], "bucket": monthly } })),
        ("PIE", json!({ "cases": { "groupBy": ["STATUS"] } })),
        ("LIST", json!({ "doctorList": { "first": 10 } })),
    ]
}

/// Statements of the dashboard with the eight widgets: 2 for the dashboard and its widgets; 1 for the two overview
/// figures, which share it; 6 for the other widgets, one each; and 3, once for all widgets, for the names that they
/// show: of DSOs, members and users.
const STATEMENTS: usize = 2 + 1 + 6 + 3;

/// An organization of a given size, and its owner's token.
struct Stocked {
    gateway: Gateway,
    token: String,
    _database: Database,
}

impl Stocked {
    async fn new(kind: Kind, size: Size) -> Self {
        let database = Database::empty(kind).await;
        TENANT.seed(&database.connect().await, size).await;
        let gateway = Gateway::over(&database).await;
        // The rows were inserted without the gateway, so the roll-ups do not exist yet.
        for roll_ups in gateway.db.all_roll_ups().await.expect("find the organizations") {
            roll_ups.rebuild().await.expect("make the roll-ups");
        }
        Self { gateway, token: token(&TENANT.owner()), _database: database }
    }

    async fn ask(&self, query: &str, variables: Value) -> Answer {
        self.gateway.ask_as(Some(&self.token), Some(&TENANT.slug()), query, variables).await.clean()
    }

    /// Creates a dashboard with the first `widgets` of the eight.
    async fn board(&self, widgets: usize) -> Value {
        let create = "mutation { dashboardCreate(input: { title: \"Cost\" }) { dashboard { id } } }";
        let made = self.ask(create, json!({})).await;
        let board = made.data("/dashboardCreate/dashboard/id").clone();
        for (kind, query) in eight().into_iter().take(widgets) {
            let add = "mutation($input: WidgetAddInput!) { widgetAdd(input: $input) { userErrors { message } } }";
            let input = json!({ "dashboardId": board, "title": "x", "kind": kind, "query": query });
            let added = self.ask(add, json!({ "input": input })).await;
            assert_eq!(added.data("/widgetAdd/userErrors"), &json!([]), "{query}");
        }
        board
    }

    /// Number of data statements for a dashboard's page, and number of rows of figures that it shows.
    async fn cost(&self, board: &Value) -> (usize, usize) {
        let _before = self.gateway.recorder.take();
        let answer = self.ask(PAGE, json!({ "id": board })).await;
        let sent = self.gateway.recorder.take();
        let widgets = answer.data("/dashboard/widgets").as_array().expect("widgets").clone();
        let rows = |widget: &Value| widget["result"]["rows"].as_array().map_or(0, Vec::len);
        (sent.iter().filter(|sent| sent.purpose == Purpose::Data).count(), widgets.iter().map(rows).sum())
    }
}

#[tokio::test]
async fn eight_widgets_cost_the_same_statements_of_few_rows_and_of_many() {
    for kind in Kind::ALL {
        let mut costs = Vec::new();
        for size in [FEW, MANY] {
            let stocked = Stocked::new(kind, size).await;
            let board = stocked.board(8).await;
            costs.push(stocked.cost(&board).await);
        }
        let [few, many] = costs[..] else { unreachable!("two sizes were asked") };
        assert_eq!(
            [few.0, many.0],
            [STATEMENTS; 2],
            "{kind:?}: say anew in STATEMENTS what each widget costs, if it is meant"
        );
        assert!(many.1 > 2 * few.1, "{kind:?}: {many:?} rows are not many more than {few:?}");
    }
}

#[tokio::test]
async fn eight_widgets_cost_the_same_statements_for_every_role() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let input = json!({ "title": "Cost", "visibility": "SHARED" });
        let board = stage.done(Actor::Owner, "dashboardCreate", "dashboard { id }", &input).await["id"].clone();
        for (form, query) in eight() {
            let input = json!({ "dashboardId": board, "title": "x", "kind": form, "query": query });
            stage.done(Actor::Owner, "widgetAdd", "widget { id }", &input).await;
        }
        // Members of one DSO, of two and of all.
        for actor in [Actor::Viewer, Actor::Manager, Actor::Owner] {
            let _before = stage.gateway.recorder.take();
            let _answer = stage.read(actor, PAGE, json!({ "id": board })).await.clean();
            let sent = stage.gateway.recorder.take();
            let sent = sent.iter().filter(|sent| sent.purpose == Purpose::Data).count();
            assert_eq!(sent, STATEMENTS, "{kind:?} {actor:?}");
        }
    }
}

#[tokio::test]
async fn each_added_widget_adds_only_its_own_statements() {
    for kind in Kind::ALL {
        let stocked = Stocked::new(kind, FEW).await;
        let mut costs = Vec::new();
        for widgets in 0..=8 {
            let board = stocked.board(widgets).await;
            costs.push(stocked.cost(&board).await.0);
        }
        // Without widgets, then with each of the eight added, including the names that no earlier widget has loaded.
        assert_eq!(costs, [2, 3, 3, 5, 6, 9, 10, 11, 12], "{kind:?}");
    }
}
