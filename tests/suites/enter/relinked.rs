//! People whose identity provider has issued them a new subject.

use entity::{commands::RelinkedIdentity, email::EmailAddress};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tests::{Answer, Database, Gateway, Kind, actor::token_saying, world::SLUG_A};

use super::{ask, named};
use tests::world::Side;

/// Issuer of the tests' tokens.
const ISSUER: &str = gateway::config::Issuer::DEVELOPMENT;

fn token(subject: &str, email: &str) -> String {
    token_saying(json!({ "sub": subject, "email": email, "email_verified": true }))
}

/// Mutations that need a person, independent of any organization.
const OF_A_PERSON: [(&str, &str); 4] = [
    ("organizationCreate", r#"name: "New""#),
    ("organizationRestore", r#"organizationId: "org_x""#),
    ("joinRequestCreate", r#"organizationSlug: "aurora-a""#),
    ("invitationAccept", r#"token: "x""#),
];

async fn asks(gateway: &Gateway, token: &str, mutation: &str, input: &str) -> Answer {
    let query = format!("mutation {{ {mutation}(input: {{ {input} }}) {{ userErrors {{ code message }} }} }}");
    gateway.ask_as(Some(token), None, &query, json!({})).await
}

#[tokio::test]
async fn person_with_a_new_subject_gets_the_reason_and_an_operator_relinks_them() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let email = "two@x.example";
        let created = asks(&gateway, &token("a", email), "organizationCreate", r#"name: "Two", slug: "two-x""#).await;
        assert_eq!(*created.clean().data("/organizationCreate/userErrors"), json!([]));

        for (mutation, input) in OF_A_PERSON {
            let refused = asks(&gateway, &token("b", email), mutation, input).await;
            assert_eq!(refused.codes(), ["BAD_USER_INPUT"], "{kind:?} {mutation}: {}", refused.text);
            for said in ["belongs to a person with another sign-in", "gateway people relink"] {
                assert!(refused.text.contains(said), "{kind:?} {mutation}: {}", refused.text);
            }
            let unverified = token_saying(json!({ "sub": "c", "email": email }));
            let unverified = asks(&gateway, &unverified, mutation, input).await;
            assert!(unverified.text.contains("has verified"), "{kind:?} {mutation}: {}", unverified.text);
        }

        let relink = async |email: &str, issuer: &str, subject: &str| {
            let email = EmailAddress::parse(email).unwrap();
            gateway.db.relink(&email, issuer, subject).await.unwrap()
        };
        assert_eq!(relink("nobody@x.example", ISSUER, "b").await, RelinkedIdentity::NoPerson);
        assert_eq!(relink(email, "https://other.example", "b").await, RelinkedIdentity::NoSignIn);
        assert_eq!(relink(email, ISSUER, "owner").await, RelinkedIdentity::Taken);
        assert_eq!(relink(" TWO@X.example ", ISSUER, "b").await, RelinkedIdentity::Done { organizations: 2 });
        assert_eq!(relink(email, ISSUER, "b").await, RelinkedIdentity::Already);

        let slugs = async |subject: &str| {
            let query = "{ viewer { memberships { organizationSlug } } }";
            let answer = gateway.ask_as(Some(&token(subject, email)), None, query, json!({})).await;
            answer.data("/viewer/memberships").clone()
        };
        assert!(slugs("b").await.to_string().contains("two-x"), "{kind:?}");
        assert!(!slugs("a").await.to_string().contains("two-x"), "{kind:?}: the sign-in before opens nothing more");

        // No other sign-in has changed, and the policies allow a request the same as before.
        let owner = token_saying(json!({ "sub": "owner" }));
        named(ask(&gateway, &owner, &[("x-organization-id", SLUG_A)]).await, Side::A, "the owner");
        let query = "{ organization { auditLog(first: 10) { nodes { action actorKind } } } }";
        let log = gateway.ask_as(Some(&token("b", email)), Some("two-x"), query, json!({})).await;
        assert!(log.text.contains("IDENTITY_RELINK"), "{}", log.text);
        assert_eq!(events(&database).await, json!(["SYSTEM MEMBER", "SYSTEM MEMBER"]), "{kind:?}");
    }
}

async fn events(database: &Database) -> Value {
    let connection = database.connect().await;
    let sql = "SELECT actor_kind, target_kind FROM audit_events WHERE action = 'IDENTITY_RELINK'";
    let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap();
    let word = |row: &sea_orm::QueryResult, name: &str| row.try_get::<String>("", name).unwrap();
    rows.iter().map(|row| json!(format!("{} {}", word(row, "actor_kind"), word(row, "target_kind")))).collect()
}

#[tokio::test]
async fn no_request_sees_or_changes_another_sign_in() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    let count = async |setting: &str| {
        let sql = format!("SET ROLE cs12_app; SELECT set_config('app.worker', '{setting}', false)");
        connection.execute_unprepared(&sql).await.unwrap();
        let all = Statement::from_string(connection.get_database_backend(), "SELECT count(*) AS n FROM identities");
        connection.query_one_raw(all).await.unwrap().unwrap().try_get::<i64>("", "n").unwrap()
    };
    assert!(count("relink").await > 0, "the control");
    for setting in ["", "outbox", "rollups", "relinks"] {
        assert_eq!(count(setting).await, 0, "`{setting}`");
    }
}
