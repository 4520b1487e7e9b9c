//! What the gateway says about access agrees with the access it gives.
//!
//! Owns: `viewerPermissions` and `explainAccess` against the oracle, which the matrix has shown to be what happens.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{Actor, Database, Gateway, Kind};

use super::{
    actor_roles::Standing,
    oracle::{About, decide},
    rows::{DSOS, id_in, member_id},
};
use crate::schema::sdl::{Guard, Sdl};

fn members() -> impl Iterator<Item = Actor> {
    Actor::ALL.into_iter().filter(|actor| Standing::of(*actor).is_member())
}

/// Every coordinate with what it prints.
fn guards(sdl: &Sdl) -> BTreeMap<String, Guard> {
    let fields = sdl.objects().flat_map(|(of, object)| object.fields.iter().map(move |field| (of, field)));
    fields.map(|(of, field)| (format!("{of}.{}", field.name), sdl.guard(of, &field.name))).collect()
}

#[tokio::test]
async fn viewer_permissions_agree_with_the_matrix() {
    let guards = guards(&Sdl::current());
    let on_dso = |of: &str, noun: &str| -> Vec<&String> {
        let concerns =
            |coordinate: &str| coordinate.starts_with(of) || coordinate.starts_with(&format!("Mutation.{noun}"));
        guards
            .iter()
            .filter(|(name, guard)| matches!(guard, Guard::Dso(_)) && concerns(name))
            .map(|(name, _)| name)
            .collect()
    };
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for actor in members() {
            for dso in DSOS.into_iter().filter(|dso| Standing::of(actor).on(dso).is_some()) {
                let (of_dso, of_doctor) = (id_in("Dso", dso), id_in("Doctor", dso));
                let query = format!(
                    r#"fragment P on ViewerPermission {{ coordinate allowed guard }}
                    {{ dso(id: "{of_dso}") {{ viewerPermissions {{ ...P }} }}
                       doctor(id: "{of_doctor}") {{ viewerPermissions {{ ...P }} }} }}"#
                );
                let answer = gateway.ask(actor, &query, json!({})).await.clean();
                for (pointer, expected) in [("/dso", on_dso("Dso.", "")), ("/doctor", on_dso("Doctor.", "doctor"))] {
                    let listed = answer.data(&format!("{pointer}/viewerPermissions"));
                    compare(listed, &expected, &guards, actor, About::Dso(dso));
                }
            }
            let answer = gateway
                .ask(actor, "{ organization { viewerPermissions { coordinate allowed guard } } }", json!({}))
                .await;
            let expected: Vec<_> =
                guards.iter().filter(|(_, guard)| matches!(guard, Guard::Org(2..))).map(|(name, _)| name).collect();
            let answer = answer.clean();
            compare(answer.data("/organization/viewerPermissions"), &expected, &guards, actor, About::Nothing);
        }
    }
}

fn compare(listed: &Value, expected: &[&String], guards: &BTreeMap<String, Guard>, actor: Actor, about: About) {
    let listed = listed.as_array().expect("a list of permissions");
    let names: Vec<_> = listed.iter().filter_map(|one| one["coordinate"].as_str()).collect();
    assert_eq!(names, expected.iter().map(|name| name.as_str()).collect::<Vec<_>>(), "{actor:?} {about:?}");
    for one in listed {
        let coordinate = one["coordinate"].as_str().expect("a coordinate");
        let guard = guards[coordinate];
        assert_eq!(one["allowed"], decide(actor, guard, about).is_ok(), "{coordinate} for {actor:?} on {about:?}");
        assert_eq!(one["guard"], guard.to_string(), "{coordinate}");
    }
}

/// Asks for every coordinate, some at a time, and compares with what the matrix shows for `whom`.
async fn explained(
    gateway: &Gateway,
    asker: Actor,
    whom: Actor,
    dso: Option<&'static str>,
    guards: &BTreeMap<String, Guard>,
) {
    let coordinates: Vec<_> = guards.iter().collect();
    let person = whom.person().expect("a member is a person");
    let mut arguments = String::new();
    if asker != whom {
        arguments += &format!(r#", memberId: "{}""#, member_id(person));
    }
    if let Some(dso) = dso {
        arguments += &format!(r#", dsoId: "{}""#, id_in("Dso", dso));
    }
    for some in coordinates.chunks(20) {
        let fields: Vec<_> = some
            .iter()
            .enumerate()
            .map(|(number, (coordinate, _))| {
                format!(r#"a{number}: explainAccess(coordinate: "{coordinate}"{arguments}) {{ allowed rule memberId reason }}"#)
            })
            .collect();
        let answer = gateway.ask(asker, &format!("{{ {} }}", fields.join(" ")), json!({})).await.clean();
        for (number, (coordinate, guard)) in some.iter().enumerate() {
            let one = answer.data(&format!("/a{number}"));
            // What is about a person is explained as about that person themselves.
            let about = match guard {
                Guard::Own(_) => About::Person(person),
                Guard::Public | Guard::SignedIn | Guard::Org(_) | Guard::Dso(_) => {
                    dso.map_or(About::Nothing, About::Dso)
                }
            };
            let allowed = decide(whom, **guard, about).is_ok();
            assert_eq!(one["allowed"], allowed, "{asker:?} about {whom:?} on {dso:?}: {coordinate} behind {guard}");
            assert_eq!(one["reason"].is_null(), allowed, "{asker:?} about {whom:?}: {coordinate}");
            assert_eq!(one["rule"], guard.to_string(), "{coordinate}");
            assert_eq!(one["memberId"], member_id(person), "{coordinate}");
        }
    }
}

#[tokio::test]
async fn explain_access_agrees_with_the_matrix() {
    let guards = guards(&Sdl::current());
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        // About oneself nothing is read: one database is enough.
        for actor in members().filter(|_| kind == Kind::Sqlite) {
            explained(&gateway, actor, actor, None, &guards).await;
            for dso in DSOS.into_iter().filter(|dso| Standing::of(actor).on(dso).is_some()) {
                explained(&gateway, actor, actor, Some(dso), &guards).await;
            }
        }
        // An admin asks about others, and hears what the matrix shows for them.
        for whom in [Actor::DsoAdmin, Actor::Manager, Actor::Viewer, Actor::Ungranted, Actor::BothInA] {
            for dso in DSOS {
                explained(&gateway, Actor::Admin, whom, Some(dso), &guards).await;
            }
        }
    }
}

#[tokio::test]
async fn only_admins_hear_about_others() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let query = |person: &str| {
        let member = member_id(person);
        format!(r#"{{ explainAccess(coordinate: "Doctor.email", memberId: "{member}") {{ allowed }} }}"#)
    };
    for actor in members() {
        let rank = Standing::of(actor);
        for (person, expected) in
            [("admin", None), ("removed", Some("NOT_FOUND")), ("nobody at all", Some("NOT_FOUND"))]
        {
            let answer = gateway.ask(actor, &query(person), json!({})).await;
            let is_admin = matches!(rank, Standing::Member(2.., _));
            match (is_admin, expected) {
                // B has no member `admin`: there they are nobody.
                (true, None) if actor.may_see_b() => {
                    assert_eq!(answer.codes(), ["NOT_FOUND"], "{actor:?} {}", answer.text);
                }
                (true, None) => drop(answer.clean()),
                (true, Some(code)) => assert_eq!(answer.codes(), [code], "{actor:?} {}", answer.text),
                // For anybody else nobody is there to be asked about, whether they exist or not.
                (false, _) => assert_eq!(answer.codes(), ["FORBIDDEN"], "{actor:?} {}", answer.text),
            }
        }
    }
}
