//! Each wall without the other, and one connection for all tenants.

use std::collections::BTreeSet;

use entity::{
    audit::RequestMetadata,
    auth::Principal,
    membership::{AccessHint, Selector},
};
use gateway::config::Issuer;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::{
    Actor, Answer, CANARY, Database, Gateway, IsolationLayers, Kind, World, isolation::disable_row_level_security,
    queries, world::SLUG_A,
};

use super::{number, role};

const BROAD: &str = "{
    organization { name slug }
    doctors(first: 100) { totalCount nodes { id name practice dso { id name } } }
    activities(first: 100) { totalCount nodes { id kind note doctor { id name } actor { id } } }
    members(first: 100) { totalCount nodes { id role user { name email } } }
    dsos(first: 100) { totalCount nodes { id name cases(first: 100) { totalCount nodes { id title status } } } }
}";

/// The answer, whichever of the denied rows its folded errors name: the first to be resolved is not always the same.
fn told(answer: &Answer) -> Value {
    let mut told = answer.stable();
    for error in told["errors"].as_array_mut().into_iter().flatten() {
        for step in error["path"].as_array_mut().into_iter().flatten().filter(|step| step.is_number()) {
            *step = Value::Null;
        }
    }
    if let Some(errors) = told["errors"].as_array_mut() {
        errors.sort_by_key(ToString::to_string);
    }
    told
}

#[tokio::test]
async fn the_gateways_filters_need_no_row_level_security() {
    let whole = Database::world(Kind::Postgres).await;
    let copy = Database::world(Kind::Postgres).await;
    let connection = copy.connect().await;
    let before = role(&connection).await;
    assert_eq!(number(&before, "SELECT count(*) AS n FROM doctors").await, 0);
    before.rollback().await.unwrap();
    disable_row_level_security(&connection).await;
    let after = role(&connection).await;
    assert_ne!(number(&after, "SELECT count(*) AS n FROM doctors").await, 0, "the wall still stands");
    after.rollback().await.unwrap();

    let with = Gateway::over(&whole).await;
    let without = Gateway::over(&copy).await;
    for actor in Actor::ALL {
        let left = with.ask(actor, BROAD, json!({})).await;
        let right = without.ask(actor, BROAD, json!({})).await;
        assert_eq!(told(&left), told(&right), "{actor:?}");
        assert!(actor.may_see_b() || !right.text.contains(CANARY), "{actor:?} {}", right.text);
    }
    let _clean = with.ask(Actor::Owner, BROAD, json!({})).await.clean();
    for actor in [Actor::Owner, Actor::Manager, Actor::Ungranted, Actor::BothInA, Actor::BothInB, Actor::Removed] {
        for query in queries::all() {
            let left = with.ask(actor, &query.text, query.variables.clone()).await;
            let right = without.ask(actor, &query.text, query.variables).await;
            assert_eq!(told(&left), told(&right), "{actor:?} {}", query.name);
        }
    }
}

/// The build without narrowing is one: whatever is asked, no statement says of which organization.
#[tokio::test]
async fn statements_name_the_organization_unless_narrowing_is_left_out() {
    let gateway = Gateway::over(&Database::world(Kind::Postgres).await).await;
    let mut naming = BTreeSet::new();
    for query in queries::all() {
        gateway.ask(Actor::Owner, &query.text, query.variables).await;
        // What is one's own stays told apart: row-level security shows all of it on purpose.
        let is_left = |sql: &String| {
            sql.contains("organization_id\" = $")
                && !["app_user_id()", "app_email()"].iter().any(|own| sql.contains(own))
        };
        naming.extend(gateway.recorder.take_data().into_iter().filter(is_left));
    }
    if IsolationLayers::from_env().has_scope() {
        assert!(naming.len() > 30, "only {} statements name the organization", naming.len());
    } else {
        assert!(naming.is_empty(), "say in entity/src/db/unscoped_test_build.rs how these name it: {naming:#?}");
    }
}

#[tokio::test]
async fn nobody_loads_people_of_another_organization() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let owner = Principal::verified(Issuer::DEVELOPMENT.to_owned(), "owner".to_owned());
        let selector = Selector::Named(SLUG_A.to_owned());
        let entry =
            gateway.db.enter(&owner, &selector, AccessHint::Reading, &RequestMetadata::new("test")).await.unwrap();
        let people = ["owner", "removed", "owner-b"].map(|person| World::uuid(&format!("user {person}")));
        let found = entry.scope.unwrap().by_ids::<entity::queries::Users>(&people).await.unwrap();
        // Who has left stays known, beside what they did.
        assert!(found.contains_key(&people[0]) && found.contains_key(&people[1]), "{kind:?}");
        assert!(!found.contains_key(&people[2]), "{kind:?}: a person of B alone was found in A");
    }
}

/// Entering and reading may be two transactions. PostgreSQL looks at the membership in each of them.
#[tokio::test]
async fn who_loses_their_membership_after_they_were_let_in_reads_and_writes_nothing() {
    for ahead in [AccessHint::Nothing, AccessHint::Reading] {
        let database = Database::world(Kind::Postgres).await;
        let gateway = Gateway::over(&database).await;
        let rows = database.connect().await;
        let viewer = Principal::verified(Issuer::DEVELOPMENT.to_owned(), "viewer".to_owned());
        let selector = Selector::Named(SLUG_A.to_owned());
        let enter = || async {
            gateway.db.enter(&viewer, &selector, ahead, &RequestMetadata::new("test")).await.unwrap().scope
        };
        let doctor = World::uuid("doctor Smile Ada");
        let in_time = enter().await.unwrap();
        let found = in_time.by_ids::<entity::queries::Doctors>(&[doctor]).await.unwrap();
        assert!(found.contains_key(&doctor), "{ahead:?}: the control");
        drop(in_time);

        let too_late = enter().await.unwrap();
        // Gives back what it may have opened: from here on it reads anew.
        drop(too_late.exclusive().await);
        let removed =
            format!("UPDATE memberships SET status = 'REMOVED' WHERE user_id = '{}'", World::uuid("user viewer"));
        assert_eq!(rows.execute_unprepared(&removed).await.unwrap().rows_affected(), 1);
        let found = too_late.by_ids::<entity::queries::Doctors>(&[doctor]).await;
        assert!(matches!(found, Err(entity::error::Error::NotFound)), "{ahead:?}: {found:?}");
    }
}

/// Guards go by the rights that entering read: a later transaction of the same operation has the same ones, or does nothing.
#[tokio::test]
async fn whose_rights_change_after_they_were_let_in_reads_and_changes_nothing_more() {
    for kind in Kind::ALL {
        let user = |person: &str| {
            let id = World::uuid(&format!("user {person}"));
            match kind {
                Kind::Postgres => format!("'{id}'"),
                Kind::Sqlite => format!("x'{}'", id.simple()),
            }
        };
        let grants =
            |person: &str| format!("member_id IN (SELECT id FROM memberships WHERE user_id = {})", user(person));
        for (person, change) in [
            ("admin", format!("UPDATE memberships SET role = 'MEMBER' WHERE user_id = {}", user("admin"))),
            (
                "manager",
                format!("UPDATE dso_grants SET role = 'VIEWER' WHERE role = 'MANAGER' AND {}", grants("manager")),
            ),
            ("viewer", format!("DELETE FROM dso_grants WHERE {}", grants("viewer"))),
        ] {
            let database = Database::world(kind).await;
            let gateway = Gateway::over(&database).await;
            let rows = database.connect().await;
            let who = Principal::verified(Issuer::DEVELOPMENT.to_owned(), person.to_owned());
            let selector = Selector::Named(SLUG_A.to_owned());
            let entry =
                gateway.db.enter(&who, &selector, AccessHint::Changing, &RequestMetadata::new("test")).await.unwrap();
            let scope = entry.scope.unwrap();
            let doctor = World::uuid("doctor Smile Ada");
            let read = async || scope.by_ids::<entity::queries::Doctors>(&[doctor]).await;
            // Gives back what is open: each of these begins a transaction.
            drop(scope.exclusive().await);
            assert!(read().await.unwrap().contains_key(&doctor), "{kind:?} {person}: the control");
            drop(scope.exclusive().await);
            assert_ne!(rows.execute_unprepared(&change).await.unwrap().rows_affected(), 0, "{change}");
            let changed = |what: &str, error: Option<entity::error::Error>| {
                let is_refused =
                    matches!(error, Some(entity::error::Error::Retry(entity::error::Retry::RightsChanged)));
                assert!(is_refused, "{kind:?} {person} {what}: {error:?}");
            };
            changed("reads", read().await.err());
            changed("claims a key", scope.claim("key", "request").await.err());
            if let Ok(admin) = scope.admin() {
                let made = admin.dso_create(entity::commands::DsoDraft { name: "Too late".to_owned() }).await;
                changed("makes a DSO", made.err());
            }
        }
    }
}

/// They have changed them themselves, and see what it came to.
#[tokio::test]
async fn whoever_gives_their_own_role_away_reads_the_answer_and_goes_on_with_the_new_one() {
    let hand_over = "mutation($id: ID!) { \
        organizationOwnershipTransfer(input: { memberId: $id }) { member { role user { name } } userErrors { code } } \
        dsoCreate(input: { name: \"By an admin\" }) { dso { name } userErrors { code } } }";
    for kind in Kind::ALL {
        let gateway = Gateway::over(&Database::world(kind).await).await;
        let variables = json!({ "id": World::id::<entity::id::MemberId>("member admin") });
        let answer = gateway.ask(Actor::Owner, hand_over, variables).await.clean();
        assert_eq!(answer.data("/organizationOwnershipTransfer/member/role"), "OWNER", "{kind:?} {}", answer.text);
        assert_eq!(answer.data("/dsoCreate/dso/name"), "By an admin", "{kind:?} {}", answer.text);
    }
}

#[tokio::test]
async fn one_connection_serves_all_tenants_in_turn() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::with_connections(&database, 1).await;
        let turns = [
            Actor::Owner,
            Actor::OwnerOfB,
            Actor::Viewer,
            Actor::Outsider,
            Actor::Owner,
            Actor::BothInB,
            Actor::BothInA,
            Actor::Stranger,
            Actor::Manager,
            Actor::Removed,
            Actor::Ungranted,
            Actor::OwnerOfB,
            Actor::Owner,
        ];
        for actor in turns {
            let fresh = Gateway::with_connections(&database, 1).await.ask(actor, BROAD, json!({})).await;
            let answer = gateway.ask(actor, BROAD, json!({})).await;
            assert_eq!(told(&answer), told(&fresh), "{kind:?} {actor:?}");
            assert_eq!(answer.text.contains(CANARY), actor.may_see_b(), "{kind:?} {actor:?} {}", answer.text);
        }
    }
}
