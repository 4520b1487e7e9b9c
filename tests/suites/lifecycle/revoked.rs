//! Who is no member any more, with a token that is still good.
//!
//! Owns: every query and mutation of the schema, asked by somebody who was removed, was suspended or has left. Invariant:
//! on the very next request nothing of the organization is seen, and nothing of it changes; a new field or mutation is
//! asked without anybody writing it down here.

use entity::id::{
    ActivityId, CaseId, DashboardId, DoctorId, DsoId, InvitationId, JoinRequestId, MemberId, OrganizationId, TypedId,
    WidgetId,
};
use serde_json::{Value, json};
use tests::{
    Database, Gateway, Kind, World,
    actor::token,
    dump::dump,
    world::{SLUG_A, Side},
};

use crate::schema::sdl::{Field, Guard, Kind as TypeKind, Sdl};

/// What a person may try who belongs nowhere, with the code that it ends with on rows of A.
const OF_ANYBODY: [(&str, &str); 7] = [
    ("viewerDefaultOrganizationSet", "NOT_FOUND"),
    ("organizationRestore", "NOT_FOUND"),
    ("invitationAccept", "INVITATION_OVER"),
    ("invitationDecline", "INVITATION_OVER"),
    ("joinRequestCancel", "NOT_FOUND"),
    // These make something of their own.
    ("organizationCreate", ""),
    ("joinRequestCreate", ""),
];

fn organization() -> String {
    OrganizationId::from_uuid(World::organization(Side::A)).to_text()
}

/// A value for an argument or an input's field, that names rows of A.
fn value(sdl: &Sdl, field: &Field) -> Value {
    let one = match (field.named.as_str(), field.name.as_str()) {
        ("ID", "dsoId" | "dsoIds" | "id" | "ids") => json!(World::id::<DsoId>("dso Smile")),
        ("ID", "toDsoId") => json!(World::id::<DsoId>("dso Bright")),
        ("ID", "doctorId") => json!(World::id::<DoctorId>("doctor Smile Ada")),
        ("ID", "activityId") => json!(World::id::<ActivityId>("activity Smile Ada TEXT")),
        ("ID", "caseId") => json!(World::id::<CaseId>("case Smile Ada")),
        ("ID", "memberId") => json!(World::id::<MemberId>("member viewer")),
        ("ID", "invitationId") => json!(World::id::<InvitationId>("invitation open")),
        ("ID", "joinRequestId") => json!(World::id::<JoinRequestId>("request applicant")),
        ("ID", "dashboardId") => json!(World::id::<DashboardId>("dashboard figure")),
        ("ID", "widgetId") => json!(World::id::<WidgetId>("widget figure")),
        ("ID", "organizationId") => json!(organization()),
        ("ID", name) => panic!("say which row of A `{name}` names"),
        ("String", "email") => json!("nobody@people.example"),
        ("String", "coordinate") => json!("Doctor.email"),
        ("String", "confirmation") => json!(SLUG_A),
        ("String", _) => json!("something"),
        ("Int", "period" | "percent") => json!(1),
        ("Int", _) => json!(2),
        ("DateTime", _) => json!("2026-05-01T12:00:00Z"),
        ("Boolean", _) => json!(true),
        (named, _) if sdl.is(named, TypeKind::Enum) => json!(sdl.get(named).fields[0].name),
        (named, _) if sdl.is(named, TypeKind::Input) => {
            let needed = sdl.get(named).fields.iter().filter(|inner| inner.is_required());
            let mut input: serde_json::Map<_, _> =
                needed.map(|inner| (inner.name.clone(), value(sdl, inner))).collect();
            if input.is_empty() {
                // Of those that need nothing, something is asked for.
                let first = sdl.get(named).fields.first().expect("an input has a field");
                input.insert(first.name.clone(), value(sdl, first));
            }
            Value::Object(input)
        }
        (named, name) => panic!("say what to give for `{name}: {named}`"),
    };
    if field.ty.starts_with('[') { json!([one]) } else { one }
}

/// A document that asks for one field of a root, with values for all that it needs.
fn document(sdl: &Sdl, root: &str, field: &Field, below: &str) -> (String, Value) {
    let needed: Vec<_> = field.arguments.iter().filter(|argument| argument.is_required()).collect();
    let mut variables = serde_json::Map::new();
    let (mut head, mut passed) = (Vec::new(), Vec::new());
    for argument in needed {
        head.push(format!("${}: {}", argument.name, argument.ty));
        passed.push(format!("{0}: ${0}", argument.name));
        variables.insert(argument.name.clone(), value(sdl, argument));
    }
    let wrapped = |parts: &[String]| if parts.is_empty() { String::new() } else { format!("({})", parts.join(", ")) };
    let operation = if root == "Query" { "query" } else { "mutation" };
    let (head, passed) = (wrapped(&head), wrapped(&passed));
    (format!("{operation}{head} {{ {}{passed}{below} }}", field.name), Value::Object(variables))
}

fn below(sdl: &Sdl, field: &Field) -> &'static str {
    if sdl.is_composite(&field.named) { " { __typename }" } else { "" }
}

/// Somebody of A, until the owner, or they themselves, end it.
async fn without(gateway: &Gateway, how: &str, person: &str) {
    let member = World::id::<MemberId>(&format!("member {person}"));
    let (by, mutation, input) = match how {
        "removed" => ("owner", "memberRemove(input: { memberId: $id })", member),
        "suspended" => ("owner", "memberSuspend(input: { memberId: $id })", member),
        _ => (person, "organizationLeave(input: { organizationId: $id })", organization()),
    };
    let text = format!("mutation($id: ID!) {{ {mutation} {{ userErrors {{ code }} }} }}");
    let answer = gateway.ask_as(Some(&token(by)), Some(SLUG_A), &text, json!({ "id": input })).await;
    let answer = answer.clean();
    assert!(!answer.text.contains("\"code\""), "{how}: {}", answer.text);
}

#[tokio::test]
async fn with_a_token_that_is_still_good_nothing_is_seen_and_nothing_changes_on_the_very_next_request() {
    let sdl = Sdl::current();
    for kind in Kind::ALL {
        for (how, person) in [("removed", "manager"), ("suspended", "dso-admin"), ("left", "admin")] {
            let database = Database::world(kind).await;
            let gateway = Gateway::over(&database).await;
            let rows = database.connect().await;
            let good = token(person);
            let ask = async |of: Option<&str>, text: &str, variables: Value| {
                gateway.ask_as(Some(&good), of, text, variables).await
            };
            // The positive control: all that is asked below is asked rightly.
            let before = ask(Some(SLUG_A), "{ organization { name } }", json!({})).await.clean();
            assert_eq!(before.data("/organization/name"), "Aurora Dental", "{kind:?} {how}");
            for root in ["Query", "Mutation"] {
                for field in &sdl.get(root).fields {
                    let (text, variables) = document(&sdl, root, field, below(&sdl, field));
                    if root == "Query" {
                        let answer = ask(Some(SLUG_A), &text, variables).await;
                        assert!(answer.codes().is_empty(), "{kind:?} {how} before: {text}: {}", answer.text);
                    }
                }
            }
            without(&gateway, how, person).await;
            let left = dump(&rows).await;
            for (of, code) in [(Some(SLUG_A), "NOT_FOUND"), (None, "ORG_CONTEXT_REQUIRED")] {
                for (root, field) in ["Query", "Mutation"]
                    .iter()
                    .flat_map(|root| sdl.get(root).fields.iter().map(move |field| (root, field)))
                {
                    let (text, variables) = document(&sdl, root, field, below(&sdl, field));
                    let place = format!("{kind:?} {how}, asking for {of:?}: {text}");
                    match sdl.guard(root, &field.name) {
                        Guard::Public => {}
                        Guard::SignedIn if *root == "Query" => viewer(&sdl, &gateway, &good, of, code).await,
                        Guard::SignedIn => {
                            let (_, code) =
                                OF_ANYBODY.iter().find(|(name, _)| *name == field.name).unwrap_or_else(|| {
                                    panic!("say what `{}` ends with for somebody of nowhere", field.name)
                                });
                            if !code.is_empty() {
                                let mut input = variables;
                                if ["invitationAccept", "invitationDecline"].contains(&field.name.as_str()) {
                                    input = json!({ "input": { "invitationId": World::id::<InvitationId>("invitation open") } });
                                }
                                let (text, _) = document(&sdl, root, field, " { userErrors { code } }");
                                let answer = ask(of, &text, input).await;
                                assert!(
                                    answer.text.contains(&format!("\"code\":\"{code}\"")),
                                    "{place}: {}",
                                    answer.text
                                );
                            }
                        }
                        Guard::Org(_) | Guard::Dso(_) | Guard::Own(_) => {
                            let answer = ask(of, &text, variables).await;
                            assert_eq!(answer.codes(), [code], "{place}: {}", answer.text);
                            assert!(answer.data(&format!("/{}", field.name)).is_null(), "{place}: {}", answer.text);
                        }
                    }
                }
            }
            assert_eq!(dump(&rows).await, left, "{kind:?} {how}: something was changed by one who is no member");
        }
    }
}

/// Every field of the viewer: their own are answered and tell nothing of A, those of the organization are refused.
async fn viewer(sdl: &Sdl, gateway: &Gateway, good: &str, of: Option<&str>, code: &str) {
    for field in &sdl.get("Viewer").fields {
        let leaves: Vec<_> = if sdl.is_composite(&field.named) {
            let of_type = sdl.get(&field.named).fields.iter();
            let leaves = of_type.filter(|inner| !sdl.is_composite(&inner.named) && inner.arguments.is_empty());
            leaves.map(|inner| inner.name.as_str()).collect()
        } else {
            Vec::new()
        };
        let below = if leaves.is_empty() { String::new() } else { format!(" {{ {} }}", leaves.join(" ")) };
        let text = format!("{{ viewer {{ {}{below} }} }}", field.name);
        let answer = gateway.ask_as(Some(good), of, &text, json!({})).await;
        match field.guard {
            Some(Guard::SignedIn) => {
                let answer = answer.clean();
                for secret in [SLUG_A, "Aurora", organization().as_str()] {
                    assert!(!answer.text.contains(secret), "`{text}` still tells of `{secret}`: {}", answer.text);
                }
            }
            _ => assert_eq!(answer.codes(), [code], "{text}: {}", answer.text),
        }
    }
}
