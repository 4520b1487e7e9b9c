//! A mutation's payload is a way to read, too.
//!
//! Owns: that what a payload leads to is guarded row by row, as of after the change.

use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind};

use super::{
    marked,
    secrets::{HOSTS, Host},
};
use crate::{
    matrix::{
        changes::{Ends, changes, doctor, dso, entity, payload},
        oracle::decide,
        outcome::Cell,
        rows::id_in,
    },
    schema::sdl::{Kind as TypeKind, Sdl},
};

fn host(of: &str) -> Option<&'static Host> {
    HOSTS.iter().find(|host| host.of == of)
}

/// What to ask of a row of a type: its secrets, if it has any.
fn below(of: &str) -> Option<String> {
    let host = host(of)?;
    let secrets: Vec<_> = host.secrets.iter().map(|secret| format!("{} {}", secret.field, secret.below)).collect();
    Some(format!("__typename {} {}", host.harmless(), secrets.join(" ")))
}

/// The entity of a payload with its secrets, and every relation of it that leads to secrets.
fn everything(sdl: &Sdl, of: &str) -> String {
    let mut text = below(of).unwrap_or_else(|| "__typename".to_owned());
    for field in sdl.get(of).fields.iter().filter(|field| sdl.is(&field.named, TypeKind::Object)) {
        let is_secret = host(of).is_some_and(|host| host.secrets.iter().any(|secret| secret.field == field.name));
        if is_secret {
            continue;
        }
        let listed = field.named.strip_suffix("Connection").and_then(below).map(|rows| format!("nodes {{ {rows} }}"));
        if let Some(rows) = below(&field.named).or(listed) {
            text += &format!(" {} {{ {rows} }}", field.name);
        }
    }
    text
}

/// Whether the caller is still a member after the change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Membership {
    Active,
    /// The change has ended it: what a field would have to load is refused.
    Ended,
}

/// Compares each row that bears a mark with what its guards say. Returns how many secrets were read and how many refused.
fn check(sdl: &Sdl, answer: &Answer, actor: Actor, membership: Membership, place: &str) -> (usize, usize) {
    let mut rows = Vec::new();
    marked(&answer.json["data"], &mut rows);
    let (mut read, mut refused) = (0, 0);
    for row in rows {
        let host =
            row["__typename"].as_str().and_then(host).unwrap_or_else(|| panic!("{place}: a row of no host: {row}"));
        for secret in host.secrets.iter().filter(|secret| row.get(secret.field).is_some()) {
            let allowed = decide(actor, sdl.guard(host.of, secret.field), host.about(row)).is_ok();
            let value = &row[secret.field];
            if membership == Membership::Ended && value.is_null() {
                let field = json!(secret.field);
                let mut errors = answer.json["errors"].as_array().into_iter().flatten();
                let is_refused = errors.any(|error| {
                    error["path"].as_array().is_some_and(|path| path.contains(&field))
                        && error["extensions"]["code"] == "NOT_FOUND"
                });
                assert!(is_refused, "{place}: {}.{} is null without an error: {}", host.of, secret.field, answer.text);
                refused += 1;
                continue;
            }
            assert_eq!(!value.is_null(), allowed, "{place}: {}.{} in {row}: {}", host.of, secret.field, answer.text);
            if allowed { read += 1 } else { refused += 1 }
        }
    }
    (read, refused)
}

#[tokio::test]
async fn whatever_a_payload_leads_to_is_guarded_by_itself() {
    let sdl = Sdl::current();
    let (mut read, mut refused) = (0, 0);
    for actor in [
        Actor::Owner,
        Actor::DsoAdmin,
        Actor::Manager,
        Actor::Viewer,
        Actor::BothInA,
        Actor::Ungranted,
        Actor::OwnerOfB,
    ] {
        let mut database = Database::world(Kind::Sqlite).await;
        let mut gateway = Gateway::with_connections(&database, 2).await;
        for change in changes(&sdl).into_iter().filter(|change| change.ends == Ends::Done) {
            let entity = entity(&sdl, change.mutation);
            let of = &sdl.field(payload(&sdl, change.mutation), entity).named;
            let argument = &sdl.field("Mutation", change.mutation).arguments[0].ty;
            let below = if sdl.is_composite(of) { format!("{{ {} }}", everything(&sdl, of)) } else { String::new() };
            let query =
                format!("mutation($input: {argument}) {{ {}(input: $input) {{ {entity} {below} }} }}", change.mutation);
            let answer = gateway.ask(actor, &query, json!({ "input": change.input(actor) })).await;
            let place = format!("{} ({}) for {actor:?}", change.mutation, change.label);
            if change.predicted(&sdl, actor) == Cell::Allow && change.ends_for(actor) == Ends::Done {
                assert!(!answer.data(&format!("/{}/{entity}", change.mutation)).is_null(), "{place}: {}", answer.text);
                let leaves = change.mutation == "organizationLeave";
                let after = if leaves { Membership::Ended } else { Membership::Active };
                let (more, less) = check(&sdl, &answer, actor, after, &place);
                read += more;
                refused += less;
                database = Database::world(Kind::Sqlite).await;
                gateway = Gateway::with_connections(&database, 2).await;
            } else if change.predicted(&sdl, actor) == Cell::Allow {
                assert!(answer.data(&format!("/{}/{entity}", change.mutation)).is_null(), "{place}: {}", answer.text);
            } else {
                assert_eq!(answer.json["data"], json!({ change.mutation: null }), "{place}: {}", answer.text);
            }
        }
    }
    assert!(read > 300 && refused > 10, "only {read} secrets were read and {refused} refused");
}

/// From a doctor of `Smile` the payload leads on to those of `Bright`, of which the manager is viewer only.
#[tokio::test]
async fn a_payload_does_not_carry_the_right_of_its_mutation_along() {
    let sdl = Sdl::current();
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let doctors = format!("doctors {{ nodes {{ {} }} }}", below("Doctor").expect("doctors have secrets"));
        let query = format!(
            "mutation($input: DoctorUpdateInput!) {{ doctorUpdate(input: $input) {{ doctor {{ email dso {{ organization {{
               dsos {{ nodes {{ name {doctors} }} }} auditLog {{ totalCount }} }} }} }} }} }}"
        );
        let input = json!({ "input": { "doctorId": doctor("Smile", "Ada"), "email": "new@doctors.example" } });
        let answer = gateway.ask(Actor::Manager, &query, input).await;
        assert_eq!(answer.data("/doctorUpdate/doctor/email"), "new@doctors.example", "{kind:?} {}", answer.text);
        let organization = answer.data("/doctorUpdate/doctor/dso/organization");
        assert!(organization["auditLog"].is_null(), "{kind:?} {}", answer.text);
        // The loaders were cleared by the change: the list shows the new address.
        assert_eq!(
            organization["dsos"]["nodes"][1]["doctors"]["nodes"][0]["email"], "new@doctors.example",
            "{}",
            answer.text
        );
        let (read, refused) = check(&sdl, &answer, Actor::Manager, Membership::Active, "doctorUpdate");
        assert_eq!((read, refused), (6, 6), "{kind:?} {}", answer.text);
    }
}

/// A doctor who has moved to `Bright` takes the rights of `Bright` along, for every way that led to them before.
#[tokio::test]
async fn a_moved_doctor_is_guarded_by_the_new_dso() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let moved = json!({ "input": { "doctorId": doctor("Smile", "Ada"), "toDsoId": dso("Bright") } });
        let text = "mutation($input: DoctorMoveInput!) { doctorMove(input: $input) { doctor { email } userErrors { message } } }";
        let answer = gateway.ask(Actor::Owner, text, moved).await.clean();
        assert_eq!(answer.data("/doctorMove/doctor/email"), "ada@doctors.example", "{kind:?} {}", answer.text);
        let query = format!(
            r#"{{ doctor(id: "{}") {{ name email }} activity(id: "{}") {{ note doctor {{ email }} }}
                  node(id: "{}") {{ ... on Attendee {{ email doctor {{ email }} }} }} }}"#,
            id_in("Doctor", "Smile"),
            id_in("Activity", "Smile"),
            id_in("Attendee", "Smile"),
        );
        // A manager of `Smile`, and viewer of `Bright`: sees them, and their contact data no more.
        let answer = gateway.ask(Actor::Manager, &query, json!({})).await;
        let expected = json!({
            "doctor": { "name": "Dr. Ada", "email": null },
            "activity": { "note": null, "doctor": { "email": null } },
            // The course stays where it was held, and with it the list of who came.
            "node": { "email": "Ada@attendees.example", "doctor": { "email": null } },
        });
        assert_eq!(answer.json["data"], expected, "{kind:?} {}", answer.text);
        // Who sees `Smile` only, sees them no more at all.
        let answer = gateway.ask(Actor::DsoAdmin, &query, json!({})).await.clean();
        let expected: Value =
            json!({ "doctor": null, "activity": null, "node": { "email": "Ada@attendees.example", "doctor": null } });
        assert_eq!(answer.json["data"], expected, "{kind:?} {}", answer.text);
    }
}
