//! Which caller receives which changes, over a WebSocket.

use std::{collections::BTreeSet, time::Instant};

use entity::id::{DoctorId, DsoId, MemberId};
use sea_orm::{ConnectionTrait, Statement, Value as Sql};
use serde_json::{Value, json};
use tests::{
    Actor, Database, Gateway, Kind, World,
    socket::{Received, Waiting, serve},
    world::Side,
};

/// The schema coordinates that are tested here for every caller.
pub(crate) const COORDINATES: [&str; 6] =
    ["Subscription.changes", "Changes.rows", "Changes.all", "ChangedRow.type", "ChangedRow.id", "ChangedRow.version"];

const CHANGES: &str = "subscription { changes { rows { type id version } all } }";

/// The subscribers, each with the DSOs whose changes they receive, or with the code with which the connection is
/// closed.
const CALLERS: [(Actor, Result<&[&str], u16>); 14] = [
    (Actor::Anonymous, Err(4401)),
    (Actor::Stranger, Err(4403)),
    (Actor::Owner, Ok(&["Smile", "Bright", "Zenith"])),
    (Actor::Admin, Ok(&["Smile", "Bright", "Zenith"])),
    (Actor::DsoAdmin, Ok(&["Smile"])),
    (Actor::Manager, Ok(&["Smile", "Bright"])),
    (Actor::Viewer, Ok(&["Smile"])),
    (Actor::Ungranted, Ok(&[])),
    (Actor::Removed, Err(4403)),
    (Actor::Suspended, Err(4403)),
    (Actor::Outsider, Err(4403)),
    (Actor::OwnerOfB, Ok(&["B"])),
    (Actor::BothInA, Ok(&["Smile"])),
    (Actor::BothInB, Ok(&["B"])),
];

/// The doctor of each DSO who is changed. For B it is one whose id also exists in A and is not changed there by any
/// test.
fn doctor(dso: &str) -> String {
    World::id::<DoctorId>(&if dso == "B" { "doctor Zenith Ben".to_owned() } else { format!("doctor {dso} Ada") })
}

async fn open(address: std::net::SocketAddr, actor: Actor) -> Waiting {
    Waiting::open(address, actor.token().as_deref(), actor.organization(), CHANGES).await
}

async fn write(gateway: &Gateway, actor: Actor, doctor: &str, notes: &str) {
    let query = "mutation($id: ID!, $notes: String) { doctorUpdate(input: { doctorId: $id, notes: $notes }) { userErrors { code } } }";
    let answer = gateway.ask(actor, query, json!({ "id": doctor, "notes": notes })).await.clean();
    assert_eq!(*answer.data("/doctorUpdate/userErrors"), json!([]));
}

fn first() -> Received {
    Received::Next(json!({ "data": { "changes": { "rows": [], "all": false } } }))
}

fn ids(result: &Value) -> Vec<String> {
    let rows = result["data"]["changes"]["rows"].as_array().expect("rows");
    rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscribers_receive_changes_of_their_visible_dsos_only() {
    assert_eq!(CALLERS.map(|(actor, _)| actor), Actor::ALL, "say what each caller receives");
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let address = serve(gateway.routes(0)).await;
        let mut open_lines = Vec::new();
        for (actor, expected) in CALLERS {
            let mut line = open(address, actor).await;
            match expected {
                Err(code) => assert_eq!(line.closed().await, code, "{kind:?} {actor:?}"),
                Ok(dsos) => {
                    assert_eq!(line.next().await, first(), "{kind:?} {actor:?}");
                    open_lines.push((actor, dsos, line));
                }
            }
        }
        for dso in ["Smile", "Bright", "Zenith"] {
            write(&gateway, Actor::Owner, &doctor(dso), "a change").await;
        }
        write(&gateway, Actor::OwnerOfB, &doctor("B"), "a change in B").await;
        for (actor, dsos, mut line) in open_lines {
            let expected: BTreeSet<_> = dsos.iter().map(|dso| doctor(dso)).collect();
            let mut received = BTreeSet::new();
            while received.len() < expected.len() {
                let Received::Next(result) = line.next().await else { panic!("{kind:?} {actor:?}: the line ended") };
                assert!(result["errors"].is_null(), "{kind:?} {actor:?} {result}");
                received.extend(ids(&result));
            }
            assert_eq!(received, expected, "{kind:?} {actor:?}");
        }
    }
}

/// Moving a doctor is a change in both DSOs, and changing a DSO's terminology is a change of the DSO.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moved_doctor_is_a_change_in_both_dsos_with_current_versions() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let address = serve(gateway.routes(0)).await;
        let mut viewer = open(address, Actor::Viewer).await;
        assert_eq!(viewer.next().await, first());
        let move_to = "mutation($id: ID!, $to: ID!) { doctorMove(input: { doctorId: $id, toDsoId: $to }) { doctor { version } userErrors { code } } }";
        let variables = json!({ "id": doctor("Smile"), "to": World::id::<DsoId>("dso Bright") });
        gateway.ask(Actor::Owner, move_to, variables).await.clean();
        let Received::Next(result) = viewer.next().await else { panic!("{kind:?}: the line ended") };
        let gone = json!([{ "type": "DOCTOR", "id": doctor("Smile"), "version": null }]);
        assert_eq!(result["data"]["changes"]["rows"], gone, "{kind:?}: they see that the doctor has gone, and no more");
        let words = "mutation($id: ID!) { terminologyUpdate(input: { dsoId: $id, terms: [{ key: DOCTOR, label: \"Dentist\" }] }) { userErrors { code } } }";
        gateway.ask(Actor::Owner, words, json!({ "id": World::id::<DsoId>("dso Smile") })).await.clean();
        let Received::Next(result) = viewer.next().await else { panic!("{kind:?}: the line ended") };
        let row = &result["data"]["changes"]["rows"][0];
        assert_eq!(
            (&row["type"], &row["id"]),
            (&json!("DSO"), &json!(World::id::<DsoId>("dso Smile"))),
            "{kind:?} {result}"
        );
    }
}

/// The end of a membership closes the connection, whether it was ended through the product or by a manual SQL
/// statement.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_line_ends_with_the_membership() {
    for kind in Kind::ALL {
        for how in ["memberSuspend", "memberRemove", "a prompt", "the organization"] {
            let database = Database::world(kind).await;
            let gateway = Gateway::over(&database).await;
            let address = serve(gateway.routes(0)).await;
            let mut line = open(address, Actor::Manager).await;
            let mut other = open(address, Actor::Viewer).await;
            assert_eq!((line.next().await, other.next().await), (first(), first()));
            let member = World::id::<MemberId>("member manager");
            let prompt = async |sql: &str, id: Sql| {
                let connection = database.connect().await;
                let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, [id]);
                connection.execute_raw(statement).await.unwrap();
            };
            match how {
                "a prompt" => {
                    prompt(
                        "UPDATE memberships SET status = 'SUSPENDED' WHERE id = $1",
                        World::uuid("member manager").into(),
                    )
                    .await;
                }
                "the organization" => {
                    prompt(
                        "UPDATE organizations SET status = 'SUSPENDED' WHERE id = $1",
                        World::organization(Side::A).into(),
                    )
                    .await;
                }
                mutation => {
                    let (first, rest) = mutation.split_at(1);
                    let query = format!(
                        "mutation($id: ID!) {{ {mutation}(input: {{ memberId: $id }}) {{ userErrors {{ code }} }} }} # {}{rest}",
                        first.to_uppercase()
                    );
                    gateway.ask(Actor::Owner, &query, json!({ "id": member })).await.clean();
                }
            }
            let ended = Instant::now();
            assert_eq!(line.closed().await, 4403, "{kind:?} {how}");
            let took = ended.elapsed();
            // A generous bound for a machine that runs everything at once; `tests/clients` checks the bound of one
            // second.
            assert!(took.as_secs() < 5, "{kind:?} {how}: {took:?}");
            if how == "the organization" {
                assert_eq!(other.closed().await, 4403, "{kind:?} {how}");
            } else {
                write(&gateway, Actor::Owner, &doctor("Smile"), "after it").await;
                let Received::Next(result) = other.next().await else {
                    panic!("{kind:?} {how}: the others' lines stay")
                };
                assert_eq!(ids(&result), [doctor("Smile")], "{kind:?} {how}");
            }
        }
    }
}

/// An organization without subscribers costs no statement.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_subscribers_nothing_is_read() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let address = serve(gateway.routes(0)).await;
        let mut line = open(address, Actor::Viewer).await;
        assert_eq!(line.next().await, first());
        let reads = || gateway.recorder.take().iter().filter(|sent| sent.sql.contains("audit_events")).count();
        reads();
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        assert!(reads() > 0, "{kind:?}: the control");
        drop(line);
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        reads();
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        assert_eq!(reads(), 0, "{kind:?}: no subscriber is left, and it is read");
    }
}
