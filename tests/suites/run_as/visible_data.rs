//! What is seen: to the letter what the member sees, and nothing that is the person's own.

use entity::id::TypedId;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::{Actor, Answer, CANARY, Database, Gateway, Kind, queries, world::SLUG_A};

use super::{look, make, member, ran_as, run_as};
use crate::matrix::changes::boards::{dashboard, widget};

/// About the person and not about the member: their own tests are below.
const PERSONAL: [&str; 5] =
    ["Viewer", "ViewerMembership", "DeletedOrganization", "PendingInvitation", "ViewerJoinRequest"];

/// What of the viewer is about the member.
const VIEWER: &str = "{ viewer { id name onboarding { kind done } user { id name email } organization { name slug }
    member { id role status lastSeenAt grants { nodes { role dso { name } } } } } }";

/// Who runs as whom.
const PAIRS: [(Actor, Actor); 9] = [
    (Actor::Owner, Actor::Admin),
    (Actor::Owner, Actor::Owner),
    (Actor::Owner, Actor::Manager),
    (Actor::Owner, Actor::Ungranted),
    (Actor::Admin, Actor::DsoAdmin),
    (Actor::Admin, Actor::Manager),
    (Actor::Admin, Actor::Viewer),
    (Actor::Admin, Actor::Ungranted),
    (Actor::Admin, Actor::BothInA),
];

/// The answer, whichever of the denied rows its folded errors name: the first to be resolved is not always the same.
fn told(answer: &Answer) -> Value {
    let mut told = answer.stable();
    if let Some(errors) = told["errors"].as_array_mut() {
        for step in errors.iter_mut().filter_map(|error| error["path"].as_array_mut()).flatten() {
            if step.is_number() {
                *step = Value::Null;
            }
        }
        errors.sort_by_key(ToString::to_string);
    }
    told
}

#[tokio::test]
async fn an_admin_sees_exactly_what_the_member_sees() {
    let viewer = queries::Query { name: "viewer".to_owned(), text: VIEWER.to_owned(), variables: json!({}) };
    let mut asked = queries::all();
    asked.retain(|query| !PERSONAL.contains(&query.name.as_str()) && !query.text.starts_with("mutation"));
    asked.push(viewer);
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        // What the member keeps for themselves has a test of its own.
        let rows = database.connect().await;
        let private = "(SELECT id FROM dashboards WHERE visibility = 'PRIVATE')";
        rows.execute_unprepared(&format!("DELETE FROM dashboard_widgets WHERE dashboard_id IN {private}"))
            .await
            .unwrap();
        rows.execute_unprepared("DELETE FROM dashboards WHERE visibility = 'PRIVATE'").await.unwrap();
        for (admin, target) in PAIRS {
            let person = target.person().unwrap();
            // Both are here, and both have been written down, before anything is compared.
            let _seen = gateway.ask(target, VIEWER, json!({})).await.clean();
            assert_eq!(ran_as(&look(&gateway, admin, &member(person)).await.clean()), Some(member(person).as_str()));
            for query in &asked {
                let own = gateway.ask(target, &query.text, query.variables.clone()).await;
                let run = run_as(&gateway, admin, &member(person), &query.text, query.variables.clone()).await;
                let what = format!("{kind:?} {admin:?} as {target:?}: {}", query.name);
                assert_eq!((told(&run), run.status), (told(&own), own.status), "{what}");
                assert!(!run.text.contains(CANARY) || query.text.contains(CANARY), "{what}: {}", run.text);
            }
        }
        // The comparison can fail: they do not all see the same.
        let query = "{ dsos { totalCount } doctors { nodes { email } } }";
        let manager = run_as(&gateway, Actor::Admin, &member("manager"), query, json!({})).await;
        let admin = gateway.ask(Actor::Admin, query, json!({})).await;
        assert_ne!(told(&manager), told(&admin), "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_the_persons_own_stays_theirs() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for field in
            ["email", "pendingInvitations { id }", "joinRequests { id }", "deletedOrganizations { organizationId }"]
        {
            let query = format!("{{ viewer {{ {field} member {{ id }} }} }}");
            let own = gateway.ask(Actor::Viewer, &query, json!({})).await.clean();
            let name = field.split(' ').next().unwrap();
            assert!(!own.data(&format!("/viewer/{name}")).is_null(), "{kind:?} {}", own.text);
            let run = run_as(&gateway, Actor::Admin, &member("viewer"), &query, json!({})).await;
            assert_eq!(run.codes(), ["FORBIDDEN"], "{kind:?} {field}: {}", run.text);
            assert!(run.data(&format!("/viewer/{name}")).is_null(), "{kind:?} {}", run.text);
            assert_eq!(*run.data("/viewer/member/id"), member("viewer"), "{kind:?} {}", run.text);
        }
        // A member of A and owner of B: that they are anything in B is none of A's business.
        let query = "{ viewer { name memberships { organizationSlug role } } }";
        let own = gateway.ask(Actor::BothInA, query, json!({})).await.clean();
        assert_eq!(own.data("/viewer/memberships").as_array().map(Vec::len), Some(2), "{kind:?} {}", own.text);
        let run = run_as(&gateway, Actor::Admin, &member("both"), query, json!({})).await.clean();
        let only = json!([{ "organizationSlug": SLUG_A, "role": "MEMBER" }]);
        assert_eq!(*run.data("/viewer/memberships"), only, "{kind:?}");
        assert_eq!(run.data("/viewer/name"), own.data("/viewer/name"), "{kind:?}");
    }
}

#[tokio::test]
async fn private_dashboards_are_not_shown_to_an_admin_who_runs_as_their_author() {
    let ids = json!({ "board": dashboard("private"), "widget": widget("private"), "shared": dashboard("list") });
    let query = "query($board: ID!, $widget: ID!, $shared: ID!) { dashboards(first: 100) { totalCount nodes { title visibility } } \
                 dashboard(id: $board) { title widgets { title } } node(id: $board) { id } widget: node(id: $widget) { id } \
                 nodes(ids: [$board, $widget]) { id } shared: dashboard(id: $shared) { title widgets { title } } \
                 organization { name } viewer { defaultDashboard { title } } }";
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let own = gateway.ask(Actor::Admin, query, ids.clone()).await.clean();
        assert_eq!(own.data("/dashboard/title"), "Board private", "{kind:?} {}", own.text);
        assert_eq!(own.data("/dashboards/totalCount"), 5, "{kind:?}");
        let run = run_as(&gateway, Actor::Owner, &member("admin"), query, ids.clone()).await.clean();
        assert_eq!(ran_as(&run), Some(member("admin").as_str()), "{kind:?}");
        assert!(!run.text.contains("private") && !run.text.contains("PRIVATE"), "{kind:?} {}", run.text);
        for place in ["/dashboard", "/node", "/widget", "/nodes/0", "/nodes/1"] {
            assert!(run.data(place).is_null(), "{kind:?} {place} {}", run.text);
        }
        assert_eq!(run.data("/dashboards/totalCount"), 4, "{kind:?}");
        // What everybody sees, they see.
        assert_eq!(run.data("/shared"), own.data("/shared"), "{kind:?}");
        assert_eq!(run.data("/viewer/defaultDashboard"), own.data("/viewer/defaultDashboard"), "{kind:?}");
        // A private one answers as one that does not exist.
        let nobodys = json!({ "id": entity::id::DashboardId::generate().to_text() });
        let find = "query($id: ID!) { dashboard(id: $id) { title } }";
        let unknown = run_as(&gateway, Actor::Owner, &member("admin"), find, nobodys).await;
        let private = run_as(&gateway, Actor::Owner, &member("admin"), find, json!({ "id": ids["board"] })).await;
        assert_eq!(private.stable(), unknown.stable(), "{kind:?}");
    }
}

#[tokio::test]
async fn whoever_runs_as_nobody_is_not_shown_themselves() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let query = "{ viewer { id name email memberships { role } } organization { name } }";
        for actor in [Actor::Admin, Actor::Outsider, Actor::Stranger] {
            let run = run_as(&gateway, actor, &member("nobody"), query, json!({})).await;
            assert_eq!(
                *run.data("/viewer"),
                json!({ "id": null, "name": null, "email": null, "memberships": [] }),
                "{kind:?} {actor:?} {}",
                run.text
            );
            assert_eq!(
                (run.codes().contains(&"NOT_FOUND"), ran_as(&run)),
                (true, None),
                "{kind:?} {actor:?} {}",
                run.text
            );
        }
    }
}

#[tokio::test]
async fn a_change_of_the_members_grants_counts_from_the_next_look() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let rows = database.connect().await;
        let dsos =
            async || run_as(&gateway, Actor::Owner, &member("viewer"), "{ dsos { totalCount } }", json!({})).await;
        assert_eq!(dsos().await.clean().data("/dsos/totalCount"), 1, "{kind:?}");
        rows.execute_unprepared("DELETE FROM dso_grants").await.unwrap();
        assert_eq!(dsos().await.clean().data("/dsos/totalCount"), 0, "{kind:?}");
        make(&rows, "viewer", "ADMIN", "ACTIVE").await;
        assert_eq!(dsos().await.clean().data("/dsos/totalCount"), 3, "{kind:?}");
    }
}

#[tokio::test]
async fn postgresql_knows_what_the_member_sees_and_no_person() {
    let database = Database::world(Kind::Postgres).await;
    let gateway = Gateway::over(&database).await;
    let query = "{ doctors(first: 100) { totalCount nodes { name } } }";
    let own = gateway.ask(Actor::Manager, query, json!({})).await.clean();
    // From here on the database shows doctors only where it is told the manager's grants, and nobody who signed in: neither the admin,
    // nor the manager, whose own rows these would be.
    let rows = database.connect().await;
    let sql = "ALTER POLICY doctors_select ON doctors USING (organization_id = (select app_organization_id()) \
         AND NOT (select app_all_dsos()) AND dso_id = any ((select app_dso_ids())::uuid[]) \
         AND (select app_user_id()) IS NULL AND coalesce(current_setting('app.subject', true), '') = '')";
    rows.execute_unprepared(sql).await.unwrap();
    let admin = gateway.ask(Actor::Admin, query, json!({})).await.clean();
    assert_eq!(admin.data("/doctors/nodes").as_array().map(Vec::len), Some(0), "the policy shows them to anybody");
    let run = run_as(&gateway, Actor::Admin, &member("manager"), query, json!({})).await.clean();
    assert_eq!(run.stable(), own.stable());
}
