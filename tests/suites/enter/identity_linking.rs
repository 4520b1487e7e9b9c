//! People who were added by an import or an invitation, and their first token.

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;
use tests::{
    Answer, Database, Gateway, Kind, World,
    actor::token_saying,
    world::{SLUG_A, Side},
};

use super::{ask, change, named, user};

/// Inserts a member of A who has not sent a token yet.
async fn newcomer(connection: &DatabaseConnection) {
    let now = chrono::Utc::now();
    let sql =
        "INSERT INTO users (id, email, email_normal, name, created_at, updated_at) VALUES ($1, $2, $3, 'New', $4, $4)";
    let values = [user("new"), " Mixed@Case.Example ".into(), "mixed@case.example".into(), now.into()];
    change(connection, sql, values).await;
    let sql = "INSERT INTO memberships (organization_id, id, user_id, role, created_at, updated_at) \
               VALUES ($1, $2, $3, 'MEMBER', $4, $4)";
    let values = [World::organization(Side::A).into(), World::uuid("member new").into(), user("new"), now.into()];
    change(connection, sql, values).await;
}

/// The subjects that are linked to the newcomer.
async fn subjects(connection: &DatabaseConnection) -> Vec<String> {
    let sql = "SELECT subject FROM identities WHERE user_id = $1 ORDER BY subject";
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, [user("new")]);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", "subject").unwrap()).collect()
}

fn token(subject: &str, email: &str) -> String {
    token_saying(json!({ "sub": subject, "email": email, "email_verified": true }))
}

async fn in_a(gateway: &Gateway, token: &str) -> Answer {
    ask(gateway, token, &[("x-organization-id", SLUG_A)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_first_requests_at_once_make_one_identity() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        newcomer(&connection).await;
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let gateway = gateway.clone();
            all.spawn(async move { in_a(&gateway, &token("first", "mixed@CASE.example")).await });
        }
        for answer in all.join_all().await {
            named(answer, Side::A, &format!("{kind:?}"));
        }
        assert_eq!(subjects(&connection).await, ["first"], "{kind:?}");

        // From here on the subject alone suffices.
        named(in_a(&gateway, &token("first", "moved@case.example")).await, Side::A, "known by the subject");
        named(in_a(&gateway, &token_saying(json!({ "sub": "first" }))).await, Side::A, "known by the subject");
    }
}

#[tokio::test]
async fn reassigned_address_gives_no_access() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        newcomer(&connection).await;
        named(in_a(&gateway, &token("first", "mixed@case.example")).await, Side::A, "first");
        for _ in 0..2 {
            let second = in_a(&gateway, &token("second", "mixed@case.example")).await;
            assert_eq!(second.codes(), ["NOT_FOUND"], "{kind:?} {}", second.text);
        }
        assert_eq!(subjects(&connection).await, ["first"], "{kind:?}");
    }
}

#[tokio::test]
async fn an_address_that_is_not_verified_opens_nothing() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        newcomer(&connection).await;
        let email = "mixed@case.example";
        for claims in [
            json!({ "sub": "first", "email": email }),
            json!({ "sub": "first", "email": email, "email_verified": false }),
        ] {
            let answer = in_a(&gateway, &token_saying(claims.clone())).await;
            assert_eq!(answer.codes(), ["NOT_FOUND"], "{kind:?} {claims} {}", answer.text);
        }
        assert!(subjects(&connection).await.is_empty(), "{kind:?}");
        named(in_a(&gateway, &token("first", email)).await, Side::A, "verified");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixteen_subjects_with_one_address_one_is_linked() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        newcomer(&connection).await;
        let mut all = tokio::task::JoinSet::new();
        for number in 0..16 {
            let gateway = gateway.clone();
            all.spawn(async move { in_a(&gateway, &token(&format!("subject {number}"), "mixed@case.example")).await });
        }
        let answers = all.join_all().await;
        let subjects = subjects(&connection).await;
        assert_eq!(subjects.len(), 1, "{kind:?}: {subjects:?}");
        let entered = answers.iter().filter(|answer| answer.codes().is_empty()).count();
        assert_eq!(entered, 1, "{kind:?}");
    }
}

#[tokio::test]
async fn lookalike_address_matches_no_account() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        newcomer(&connection).await;
        let address = "UPDATE users SET email = $1, email_normal = $2 WHERE id = $3";
        let viktor = "viktor@case.example";
        change(&connection, address, [viktor.into(), viktor.into(), user("new")]).await;
        // The Kelvin sign, whose lower case is `k`; a full-width `v`; a long s, whose upper case is `S`.
        for like in ["vi\u{212a}tor@case.example", "\u{ff56}iktor@case.example", "viktor@ca\u{17f}e.example"] {
            let answer = in_a(&gateway, &token("somebody else", like)).await;
            assert!(answer.data("/organization").is_null(), "{kind:?} {like} {}", answer.text);
            assert!(subjects(&connection).await.is_empty(), "{kind:?} {like}: the account has a login more");
        }
        named(in_a(&gateway, &token("viktor", "ViKtor@CASE.example")).await, Side::A, "the address itself");
        assert_eq!(subjects(&connection).await, ["viktor"], "{kind:?}");
    }
}
