//! Whoever was let in is let in again as who they are by then: the second way in tells row-level security what the first one would.

use gateway::config::Issuer;
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};
use tests::{Actor, Database, Kind, World, world::Side};

use super::texts;

const SETTINGS: &str = "SELECT concat_ws(' ', current_setting('app.issuer', true), current_setting('app.subject', true), \
    current_setting('app.email', true), 'user:', current_setting('app.user_id', true), \
    'organization:', current_setting('app.organization_id', true), 'dsos:', current_setting('app.dso_ids', true)) AS name";

/// Whether a way lets somebody into an organization, and what it leaves in the transaction.
async fn left_by(connection: &DatabaseConnection, way: &str) -> (bool, String) {
    let tx = connection.begin().await.unwrap();
    tx.execute_unprepared("SET LOCAL ROLE cs12_app").await.unwrap();
    let entered = texts(&tx, &format!("SELECT coalesce(bool_or(entered), false)::text AS name FROM {way}")).await;
    let settings = texts(&tx, SETTINGS).await.remove(0);
    tx.rollback().await.unwrap();
    (entered == ["true"], settings)
}

/// By both ways, which must do the same.
async fn enters(connection: &DatabaseConnection, person: &str, organization: uuid::Uuid) -> bool {
    let who = format!("'{}', '{person}', '{person}@people.example'", Issuer::DEVELOPMENT);
    let first = left_by(connection, &format!("app_enter({who}, '-', '{organization}')")).await;
    let again = left_by(
        connection,
        &format!("(SELECT app_enter_again({who}, '{organization}', NULL) IS NOT NULL AS entered) AS again"),
    )
    .await;
    assert_eq!(again, first, "{person} into {organization}: `app_enter_again` must leave what `app_enter` leaves");
    let names_it = again.1.contains(&organization.to_string());
    assert_eq!(again.0, names_it, "{person}: {}", again.1);
    again.0
}

#[tokio::test]
async fn whoever_enters_again_sees_what_they_saw_at_first() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    let mut entered = 0;
    for actor in Actor::ALL {
        let Some(person) = actor.person() else { continue };
        for side in [Side::A, Side::B] {
            entered += usize::from(enters(&connection, person, World::organization(side)).await);
        }
    }
    assert!(entered > 8, "the control: only {entered} were let in");
}

#[tokio::test]
async fn nobody_enters_again_where_they_were_removed_or_what_was_suspended_or_deleted() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    let a = World::organization(Side::A);
    let viewer = "user_id = (SELECT user_id FROM identities WHERE subject = 'viewer')";
    for (change, back) in [
        (
            format!("UPDATE memberships SET status = 'REMOVED' WHERE {viewer}"),
            format!("UPDATE memberships SET status = 'ACTIVE' WHERE {viewer}"),
        ),
        (
            format!("UPDATE organizations SET status = 'SUSPENDED' WHERE id = '{a}'"),
            format!("UPDATE organizations SET status = 'ACTIVE' WHERE id = '{a}'"),
        ),
        (
            format!("UPDATE organizations SET deleted_at = now() WHERE id = '{a}'"),
            format!("UPDATE organizations SET deleted_at = NULL WHERE id = '{a}'"),
        ),
    ] {
        assert!(enters(&connection, "viewer", a).await, "the control");
        connection.execute_unprepared(&change).await.unwrap();
        assert!(!enters(&connection, "viewer", a).await, "{change}");
        connection.execute_unprepared(&back).await.unwrap();
    }
    connection.execute_unprepared("UPDATE dsos SET deleted_at = now()").await.unwrap();
    assert!(enters(&connection, "viewer", a).await, "a member without a DSO is a member");
}

/// The rights that a request began with are those of the transaction, or nothing is.
#[tokio::test]
async fn nobody_enters_again_with_other_rights_than_those_they_have() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    let a = World::organization(Side::A);
    for person in ["admin", "manager"] {
        let again = |rights: &str| {
            let who = format!("'{}', '{person}', '{person}@people.example', '{a}'", Issuer::DEVELOPMENT);
            format!("(SELECT app_enter_again({who}, {rights}) AS rights) AS again")
        };
        let rights = texts(&connection, &format!("SELECT rights AS name FROM {}", again("NULL"))).await.remove(0);
        assert_eq!(rights.starts_with("MEMBER "), person == "manager", "{person}: {rights}");
        for (asked, is_in) in [(rights.as_str(), true), ("OWNER", false), ("MEMBER", false), ("", false)] {
            let way = again(&format!("'{asked}'"));
            let way = format!("(SELECT true AS entered FROM {way} WHERE rights IS NOT NULL) AS way");
            let (found, settings) = left_by(&connection, &way).await;
            assert!(found, "{person} is a member");
            assert_eq!(settings.contains(&a.to_string()), is_in, "{person} as `{asked}`: {settings}");
        }
    }
}
