//! Mutations that are sent twice.

use entity::id::{DoctorId, DsoId, MemberId};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use tests::{Actor, Answer, CANARY, Database, Gateway, Kind, World};

const LOG: &str = "mutation ($id: ID!, $note: String) {
    activityLog(input: { doctorId: $id, kind: PHONE, note: $note }) { activity { id } userErrors { code } }
}";

fn variables(note: &str) -> Value {
    json!({ "id": World::id::<DoctorId>("doctor Smile Ada"), "note": note })
}

async fn ask(gateway: &Gateway, actor: Actor, key: &str, query: &str, variables: Value) -> Answer {
    let headers = [("x-organization-id", actor.organization().unwrap_or_default()), ("idempotency-key", key)];
    gateway.ask_with(actor.token().as_deref(), &headers, query, variables).await
}

async fn log(gateway: &Gateway, actor: Actor, key: &str, note: &str) -> Answer {
    ask(gateway, actor, key, LOG, variables(note)).await
}

async fn count(gateway: &Gateway) -> u64 {
    let query = "{ doctor(id: \"ID\") { activities { totalCount } } }"
        .replace("ID", &World::id::<DoctorId>("doctor Smile Ada"));
    gateway.ask(Actor::Owner, &query, json!({})).await.clean().data("/doctor/activities/totalCount").as_u64().unwrap()
}

#[tokio::test]
async fn under_one_key_a_mutation_is_done_once_and_answered_alike() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let before = count(&gateway).await;
        let first = log(&gateway, Actor::Manager, "a key", "x").await;
        assert_eq!(first.codes(), ["BAD_USER_INPUT"], "a key with a blank was taken: {}", first.text);
        let first = log(&gateway, Actor::Manager, "one", "x").await.clean();
        let again = log(&gateway, Actor::Manager, "one", "x").await.clean();
        assert_eq!(first.stable(), again.stable());
        assert_eq!(count(&gateway).await, before + 1, "{kind:?}: the repeated mutation was done again");

        let other = log(&gateway, Actor::Manager, "one", "another note").await;
        assert_eq!(other.codes(), ["BAD_USER_INPUT"], "{}", other.text);
        assert_eq!(count(&gateway).await, before + 1);

        log(&gateway, Actor::Owner, "one", "x").await.clean();
        assert_eq!(count(&gateway).await, before + 2, "{kind:?}: a key of one member bound another");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixteen_at_once_one_is_done() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let before = count(&gateway).await;
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let gateway = gateway.clone();
            all.spawn(async move { log(&gateway, Actor::Manager, "one", "x").await });
        }
        let answers = all.join_all().await;
        assert!(answers.iter().any(|answer| answer.codes().is_empty()), "{kind:?}: nobody was first");
        for answer in &answers {
            assert!(matches!(answer.codes()[..], [] | ["BAD_USER_INPUT"]), "{kind:?} {}", answer.text);
        }
        assert_eq!(count(&gateway).await, before + 1, "{kind:?}");
    }
}

/// According to the draft of the header (draft-ietf-httpapi-idempotency-key-header §2.7).
#[tokio::test]
async fn a_second_request_while_the_first_of_its_key_runs_is_a_conflict() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let before = count(&gateway).await;
        log(&gateway, Actor::Manager, "running", "x").await.clean();
        // The state of the row while the first request runs, or after its gateway has crashed.
        let connection = database.connect().await;
        connection.execute_unprepared("UPDATE idempotency_keys SET outcome = NULL").await.unwrap();
        let second = log(&gateway, Actor::Manager, "running", "x").await;
        assert_eq!((second.status.as_u16(), second.codes()), (409, vec!["BAD_USER_INPUT"]), "{kind:?} {}", second.text);
        assert!(second.text.contains("send it again in a moment"), "{}", second.text);
        assert_eq!(count(&gateway).await, before + 1, "{kind:?}");
        let other = log(&gateway, Actor::Manager, "running", "another note").await;
        assert_eq!(other.status.as_u16(), 400, "{kind:?}: another request under the key is no conflict in time");
    }
}

#[tokio::test]
async fn a_refused_document_leaves_its_key_free() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let wrong = ask(&gateway, Actor::Manager, "one", "mutation { nothing }", json!({})).await;
    assert_eq!(wrong.codes(), ["GRAPHQL_VALIDATION_FAILED"], "{}", wrong.text);
    log(&gateway, Actor::Manager, "one", "x").await.clean();
}

const UPDATE: &str = "mutation ($id: ID!, $notes: String) {
    doctorUpdate(input: { doctorId: $id, notes: $notes }) { doctor { name version email phone notes } userErrors { code } }
}";

/// Sets the manager's role on their DSO; `None` revokes the grant.
async fn grant(gateway: &Gateway, role: Option<&str>) {
    let (member, dso) = (World::id::<MemberId>("member manager"), World::id::<DsoId>("dso Smile"));
    let given = role.map_or_else(String::new, |role| format!(", role: {role}"));
    let verb = if role.is_some() { "dsoGrant" } else { "dsoGrantRevoke" };
    let query = format!(
        "mutation {{ {verb}(input: {{ memberId: \"{member}\", dsoId: \"{dso}\"{given} }}) {{ userErrors {{ code }} }} }}"
    );
    gateway.ask(Actor::Owner, &query, json!({})).await.clean();
}

#[tokio::test]
async fn replay_applies_the_callers_current_rights() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let again = async || ask(&gateway, Actor::Manager, "one", UPDATE, variables_of("a secret note")).await;
        let first = again().await.clean();
        assert_eq!(first.data("/doctorUpdate/doctor/notes"), "a secret note", "{kind:?} {}", first.text);
        assert_eq!(first.stable(), again().await.clean().stable(), "{kind:?}: with the same rights it shows the same");

        grant(&gateway, Some("VIEWER")).await;
        let seen = again().await;
        let doctor = seen.data("/doctorUpdate/doctor");
        assert_eq!(doctor["name"], first.data("/doctorUpdate/doctor")["name"], "{kind:?} {}", seen.text);
        assert!(["email", "phone", "notes"].iter().all(|field| doctor[*field].is_null()), "{kind:?} {}", seen.text);
        assert_eq!(seen.codes(), ["FORBIDDEN"; 3], "{kind:?} {}", seen.text);
        assert!(!seen.text.contains("secret"), "{kind:?} {}", seen.text);

        grant(&gateway, None).await;
        let seen = again().await;
        assert!(seen.data("/doctorUpdate/doctor").is_null(), "{kind:?} {}", seen.text);
        assert_eq!((seen.codes(), seen.data("/doctorUpdate/userErrors")), (vec!["NOT_FOUND"], &json!([])), "{kind:?}");

        grant(&gateway, Some("MANAGER")).await;
        let seen = again().await.clean();
        assert_eq!(seen.data("/doctorUpdate/doctor"), first.data("/doctorUpdate/doctor"), "{kind:?}: it was run again");
    }
}

fn variables_of(notes: &str) -> Value {
    json!({ "id": World::id::<DoctorId>("doctor Smile Ada"), "notes": notes })
}

#[tokio::test]
async fn replay_returns_current_row_data() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    ask(&gateway, Actor::Manager, "one", UPDATE, variables_of("first")).await.clean();
    ask(&gateway, Actor::Owner, "two", UPDATE, variables_of("second")).await.clean();
    let seen = ask(&gateway, Actor::Manager, "one", UPDATE, variables_of("first")).await.clean();
    assert_eq!(seen.data("/doctorUpdate/doctor/notes"), "second", "{}", seen.text);
}

#[tokio::test]
async fn a_replay_repeats_refusals_and_user_errors_and_each_of_several_mutations() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        // In order: done, invalid, done, not found.
        let query = "mutation ($id: ID!) {
            a: activityLog(input: { doctorId: $id, kind: PHONE, note: \"a\" }) { activity { id note } userErrors { code message field } }
            b: doctorUpdate(input: { doctorId: $id, name: \"\" }) { doctor { id } userErrors { code message field } }
            c: activityLog(input: { doctorId: $id, kind: TEXT, note: \"c\" }) { activity { id note } userErrors { code } }
            d: doctorArchive(input: { doctorId: \"doc_00000000000000000000000000\" }) { doctor { id } }
        }";
        let variables = || json!({ "id": World::id::<DoctorId>("doctor Smile Ada") });
        let before = count(&gateway).await;
        let first = ask(&gateway, Actor::Manager, "one", query, variables()).await;
        assert_eq!(first.codes(), ["NOT_FOUND"], "{kind:?} {}", first.text);
        assert_eq!(first.data("/b/userErrors/0/code"), "BAD_USER_INPUT", "{kind:?} {}", first.text);
        let again = ask(&gateway, Actor::Manager, "one", query, variables()).await;
        assert_eq!(
            (again.codes(), &again.json["data"]),
            (first.codes(), &first.json["data"]),
            "{kind:?} {}",
            again.text
        );
        assert_eq!(count(&gateway).await, before + 2, "{kind:?}: the repeated mutations were done again");

        let refused = log(&gateway, Actor::Viewer, "one", "x").await;
        assert_eq!(refused.codes(), ["FORBIDDEN"], "{kind:?} {}", refused.text);
        let again = log(&gateway, Actor::Viewer, "one", "x").await;
        assert_eq!((again.codes(), again.data("/activityLog")), (vec!["FORBIDDEN"], &Value::Null), "{kind:?}");
    }
}

#[tokio::test]
async fn replay_of_a_deletion_succeeds_after_the_row_is_gone() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let logged = "mutation ($id: ID!, $note: String) {
        activityLog(input: { doctorId: $id, kind: PHONE, note: $note }) { activity { id } }
    }";
    let logged = gateway.ask(Actor::Manager, logged, variables("x")).await.clean();
    let activity = logged.data("/activityLog/activity/id").clone();
    let delete =
        "mutation ($id: ID!) { activityDelete(input: { activityId: $id }) { doctor { name } userErrors { code } } }";
    let first = ask(&gateway, Actor::Manager, "one", delete, json!({ "id": activity })).await.clean();
    let again = ask(&gateway, Actor::Manager, "one", delete, json!({ "id": activity })).await.clean();
    assert_eq!(first.stable(), again.stable());
}

#[tokio::test]
async fn no_field_of_a_row_is_stored_under_a_key() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let first = ask(&gateway, Actor::Manager, "one", UPDATE, variables_of("a secret note")).await.clean();
        let stored = stored(&database, "outcome").await;
        let id = World::id::<DoctorId>("doctor Smile Ada");
        assert_eq!(stored, [json!({ "outcomes": [{ "Done": [id] }], "refusals": [] }).to_string()], "{kind:?}");
        assert!(!first.data("/doctorUpdate/doctor/email").is_null(), "{kind:?} {}", first.text);
    }
}

/// A column of all keys, except those that the world starts with.
async fn stored(database: &Database, column: &str) -> Vec<String> {
    let connection = database.connect().await;
    let sql = format!("SELECT {column} AS word FROM idempotency_keys WHERE key NOT LIKE '%{CANARY}%'");
    let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "word").unwrap()).collect()
}

/// Makes all keys older by this many hours.
async fn age(database: &Database, kind: Kind, hours: u32) {
    let older = match kind {
        Kind::Postgres => format!("created_at - interval '{hours} hours'"),
        Kind::Sqlite => format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', created_at, '-{hours} hours')"),
    };
    let sql = format!("UPDATE idempotency_keys SET created_at = {older}");
    database.connect().await.execute_unprepared(&sql).await.unwrap();
}

#[tokio::test]
async fn a_key_expires_after_a_day_and_is_deleted_by_any_members_next_key() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let before = count(&gateway).await;
        log(&gateway, Actor::Manager, "one", "x").await.clean();
        age(&database, kind, 23).await;
        log(&gateway, Actor::Manager, "one", "x").await.clean();
        assert_eq!(count(&gateway).await, before + 1, "{kind:?}: a key expired too early");
        age(&database, kind, 2).await;
        log(&gateway, Actor::Manager, "one", "x").await.clean();
        assert_eq!(count(&gateway).await, before + 2, "{kind:?}: a key did not expire");

        age(&database, kind, 25).await;
        log(&gateway, Actor::Owner, "other", "x").await.clean();
        assert_eq!(stored(&database, "key").await, ["other"], "{kind:?}: the key of another member is still there");
    }
}
