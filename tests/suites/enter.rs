//! Which organization a request enters, and which callers are refused.

mod changed;
mod claim;
mod identity_linking;
mod refused;
mod relinked;

use entity::{
    db::Purpose,
    id::{OrganizationId, TypedId},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use serde_json::json;
use tests::{
    Answer, Database, Gateway, Kind, World,
    actor::token,
    world::{SLUG_A, SLUG_B, Side},
};

const NAME: &str = "{ organization { name } }";

async fn ask(gateway: &Gateway, token: &str, headers: &[(&str, &str)]) -> Answer {
    gateway.ask_with(Some(token), headers, NAME, json!({})).await
}

/// Changes the database without the gateway: `$1`, `$2`, … are the values.
async fn change<const N: usize>(connection: &DatabaseConnection, sql: &str, values: [Value; N]) {
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let done = connection.execute_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    assert_eq!(done.rows_affected(), 1, "{sql}");
}

fn named(answer: Answer, side: Side, what: &str) {
    let answer = answer.clean();
    assert_eq!(*answer.data("/organization/name"), World::text(side, "Aurora Dental"), "{what}: {}", answer.text);
}

fn user(person: &str) -> Value {
    World::uuid(&format!("user {person}")).into()
}

#[tokio::test]
async fn an_organization_is_named_by_slug_or_id_in_either_header() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let both = token("both");
        for (side, slug) in [(Side::A, SLUG_A), (Side::B, SLUG_B)] {
            let uuid = World::organization(side);
            let id = OrganizationId::from_uuid(uuid).to_text();
            assert!(id.starts_with("org_"), "{id}");
            for name in [slug.to_owned(), slug.to_uppercase(), id, uuid.to_string()] {
                for header in ["x-organization-id", "x-workspace-id"] {
                    let answer = ask(&gateway, &both, &[(header, &name)]).await;
                    named(answer, side, &format!("{kind:?} {header}: {name}"));
                }
                let answer = ask(&gateway, &both, &[("x-organization-id", &name), ("x-workspace-id", &name)]).await;
                named(answer, side, &format!("{kind:?} both headers: {name}"));
            }
        }
        let answer = ask(&gateway, &both, &[("x-organization-id", SLUG_A), ("x-workspace-id", SLUG_B)]).await;
        assert_eq!(answer.data("/organization"), &json!(null), "{kind:?} {}", answer.text);
        assert!(!answer.codes().is_empty(), "{kind:?} {}", answer.text);
    }
}

#[tokio::test]
async fn caller_context_takes_one_statement_on_postgresql_and_two_on_sqlite() {
    for (kind, expected) in [(Kind::Sqlite, 2), (Kind::Postgres, 1)] {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for person in ["owner", "viewer", "both"] {
            let asked = [("x-organization-id", SLUG_A)];
            // The first request also updates when the member was last seen.
            named(ask(&gateway, &token(person), &asked).await, Side::A, person);
            let _before = gateway.recorder.take();
            named(ask(&gateway, &token(person), &asked).await, Side::A, person);
            let sent = gateway.recorder.take();
            let context: Vec<_> = sent.iter().filter(|one| one.purpose == Purpose::Context).collect();
            assert_eq!(context.len(), expected, "{kind:?} {person}: {context:#?}");
        }
    }
}

#[tokio::test]
async fn data_of_the_caller_context_is_not_queried_again() {
    const KNOWN: &str = "{ viewer { name email } organization { name slug createdAt } }";
    for (kind, expected) in [(Kind::Sqlite, 2), (Kind::Postgres, 1)] {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for person in ["owner", "viewer"] {
            // The first request also updates when the member was last seen.
            for round in 0..3 {
                let _before = gateway.recorder.take();
                named(gateway.ask_with(Some(&token(person)), &[], KNOWN, json!({})).await, Side::A, person);
                let sent = gateway.recorder.take();
                assert!(round == 0 || sent.len() == expected, "{kind:?} {person}: {sent:#?}");
            }
        }
    }
}

#[tokio::test]
async fn without_a_name_it_is_the_default_or_the_only_one() {
    let default = "UPDATE users SET default_organization_id = $1 WHERE id = $2";
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;

        named(ask(&gateway, &token("viewer"), &[]).await, Side::A, "the only one");
        named(ask(&gateway, &token("owner-b"), &[]).await, Side::B, "the only one");
        // Removed from B, so that A is the only active one.
        named(ask(&gateway, &token("manager"), &[]).await, Side::A, "the only active one");

        let answer = ask(&gateway, &token("both"), &[]).await;
        assert_eq!(answer.codes(), ["ORG_CONTEXT_REQUIRED"], "{kind:?} {}", answer.text);
        for nobody in ["removed", "suspended"] {
            let answer = ask(&gateway, &token(nobody), &[]).await;
            assert_eq!(answer.codes(), ["ORG_CONTEXT_REQUIRED"], "{kind:?} {nobody} {}", answer.text);
        }

        for side in [Side::A, Side::B] {
            change(&connection, default, [World::organization(side).into(), user("both")]).await;
            named(ask(&gateway, &token("both"), &[]).await, side, "the default");
        }
        named(ask(&gateway, &token("both"), &[("x-organization-id", SLUG_A)]).await, Side::A, "before the default");

        // A default organization grants no right.
        for person in ["owner", "manager"] {
            change(&connection, default, [World::organization(Side::B).into(), user(person)]).await;
            named(ask(&gateway, &token(person), &[]).await, Side::A, "a default of which one is no member");
        }
        change(&connection, default, [World::organization(Side::A).into(), user("removed")]).await;
        let answer = ask(&gateway, &token("removed"), &[]).await;
        assert_eq!(answer.codes(), ["ORG_CONTEXT_REQUIRED"], "{kind:?} {}", answer.text);
    }
}
