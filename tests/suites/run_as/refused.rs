//! Who may not, and what may not be done.

use axum::{body::Body, http::Request};
use entity::{
    audit::RequestMetadata,
    auth::{Principal, policy::Reason},
    error::Error,
    id::{MemberId, TypedId},
    membership::{AccessHint, Selector},
    models::{AuditAction, TargetKind},
};
use gateway::config::Issuer;
use sea_orm::DatabaseConnection;
use serde_json::json;
use tests::{Actor, Database, Gateway, Kind, World, dump::dump, world::SLUG_A};

use super::{look, make, member, ran_as, run_as};

/// Everything but the log, which says that it was tried, and how often.
async fn all_but_the_log(rows: &DatabaseConnection) -> std::collections::BTreeMap<String, Vec<String>> {
    let mut all = dump(rows).await;
    all.remove("audit_events");
    all.remove("refused_attempts");
    all
}

#[tokio::test]
async fn whoever_runs_as_a_member_changes_nothing() {
    let doctor = World::id::<entity::id::DoctorId>("doctor Smile Ada");
    let dso = World::id::<entity::id::DsoId>("dso Smile");
    let mutations = [
        format!(
            "mutation {{ doctorUpdate(input: {{ doctorId: \"{doctor}\", name: \"x\" }}) {{ doctor {{ name }} }} }}"
        ),
        format!("mutation {{ dsoArchive(input: {{ dsoId: \"{dso}\" }}) {{ dso {{ name }} }} }}"),
        "mutation { organizationCreate(input: { name: \"x\", slug: \"mine\" }) { membership { role } } }".to_owned(),
        format!(
            "mutation {{ memberRemove(input: {{ memberId: \"{}\" }}) {{ member {{ id }} }} }}",
            member("ungranted")
        ),
        "mutation { viewerDefaultOrganizationSet(input: { organizationId: \"org_\" }) { viewer { name } } }".to_owned(),
    ];
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let rows = database.connect().await;
        for actor in [Actor::Owner, Actor::Admin, Actor::DsoAdmin] {
            // Their own coming is written down once an hour.
            let _here = gateway.ask(actor, "{ organization { name } }", json!({})).await.clean();
            let before = all_but_the_log(&rows).await;
            for (text, target) in mutations.iter().zip(["dso-admin", "admin", "viewer", "manager", "nobody"]) {
                let answer = run_as(&gateway, actor, &member(target), text, json!({})).await;
                let told = (answer.status.as_u16(), answer.codes(), ran_as(&answer));
                assert_eq!(told, (403, vec!["FORBIDDEN"], None), "{kind:?} {actor:?} {text}: {}", answer.text);
                assert!(answer.json["data"].is_null(), "{kind:?} {}", answer.text);
                let id = member(target);
                let headers = [("x-organization-id", SLUG_A), ("x-run-as-member", &id), ("idempotency-key", "once")];
                let answer = gateway.ask_with(actor.token().as_deref(), &headers, text, json!({})).await;
                assert_eq!((answer.status.as_u16(), answer.codes()), (403, vec!["FORBIDDEN"]), "{kind:?} {text}");
            }
            assert_eq!(all_but_the_log(&rows).await, before, "{kind:?} {actor:?}: something has changed");
        }
        // The same by themselves does change something.
        let done = gateway.ask(Actor::DsoAdmin, &mutations[0], json!({})).await.clean();
        assert_eq!(done.data("/doctorUpdate/doctor/name"), "x", "{kind:?}");
    }
}

#[tokio::test]
async fn the_store_itself_has_no_way_to_change_anything_there() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let rows = database.connect().await;
        let owner = Principal::verified(Issuer::DEVELOPMENT.to_owned(), "owner".to_owned());
        let selector = Selector::Named(SLUG_A.to_owned());
        let entry =
            gateway.db.enter(&owner, &selector, AccessHint::Changing, &RequestMetadata::new("test")).await.unwrap();
        let own = entry.scope.unwrap();
        let other = own.run_as(MemberId::from_text(&member("admin"))).await.unwrap().scope.unwrap();
        let before = dump(&rows).await;
        let target = (TargetKind::Member, World::uuid("member admin"));
        for refused in [
            other.audit_refusal(AuditAction::RunAs, target, "FORBIDDEN").await.map(drop),
            other.claim("key", "hash").await.map(drop),
            other.admin().unwrap().member_remove(MemberId::from_text(&member("viewer"))).await.map(drop),
        ] {
            assert!(matches!(refused, Err(Error::Forbidden(Reason::RunsAs))), "{kind:?} {refused:?}");
        }
        assert_eq!(dump(&rows).await, before, "{kind:?}");
        // The owner's own scope has.
        assert!(own.claim("key", "hash").await.is_ok(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_plain_member_is_refused_whomever_they_name() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for actor in [Actor::DsoAdmin, Actor::Manager, Actor::Viewer, Actor::Ungranted, Actor::BothInA] {
            let first = look(&gateway, actor, &member("viewer")).await;
            assert_eq!((first.status.as_u16(), first.codes()), (403, vec!["FORBIDDEN"]), "{kind:?} {actor:?}");
            for named in ["owner", "ungranted", "removed", "owner-b", "nobody"] {
                let answer = look(&gateway, actor, &member(named)).await;
                assert_eq!(answer.stable(), first.stable(), "{kind:?} {actor:?} as {named}");
            }
        }
    }
}

#[tokio::test]
async fn whoever_is_not_there_for_the_admin_is_not_found_alike() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let _here = gateway.ask(Actor::Admin, "{ organization { name } }", json!({})).await.clean();
        // The first one is written down; the others of a quarter of an hour are counted.
        let _written = look(&gateway, Actor::Admin, &MemberId::generate().to_text()).await;
        gateway.recorder.take().clear();
        let unknown = look(&gateway, Actor::Admin, &MemberId::generate().to_text()).await;
        let statements = gateway.recorder.take().len();
        assert_eq!(
            (unknown.status.as_u16(), unknown.codes(), ran_as(&unknown)),
            (200, vec!["NOT_FOUND"], None),
            "{kind:?}"
        );
        // Of the other organization, gone, stopped, above, beside, no id, an id of something else.
        let dso = World::id::<entity::id::DsoId>("dso Smile");
        for id in [member("owner-b"), member("removed"), member("suspended"), member("owner"), member("admin"), dso] {
            let answer = look(&gateway, Actor::Admin, &id).await;
            assert_eq!(gateway.recorder.take().len(), statements, "{kind:?} {id}: other statements");
            assert_eq!((answer.stable(), answer.status), (unknown.stable(), unknown.status), "{kind:?} {id}");
        }
        // Who owns another organization asks for this one: as if they had named nobody.
        let outsider = look(&gateway, Actor::Outsider, &member("viewer")).await;
        assert_eq!(outsider.stable(), unknown.stable(), "{kind:?}");
    }
}

#[tokio::test]
async fn an_admin_who_was_an_admin_may_not_any_more() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let rows = database.connect().await;
        let viewer = member("viewer");
        let _could = look(&gateway, Actor::Admin, &viewer).await.clean();
        for (role, status, code) in
            [("MEMBER", "ACTIVE", "FORBIDDEN"), ("ADMIN", "SUSPENDED", "NOT_FOUND"), ("ADMIN", "REMOVED", "NOT_FOUND")]
        {
            make(&rows, "admin", role, status).await;
            let answer = look(&gateway, Actor::Admin, &viewer).await;
            assert_eq!((answer.codes(), ran_as(&answer)), (vec![code], None), "{kind:?} {role} {status}");
        }
        make(&rows, "admin", "ADMIN", "ACTIVE").await;
        // And the same for the one who is looked at.
        for (role, status) in [("MEMBER", "SUSPENDED"), ("MEMBER", "REMOVED"), ("ADMIN", "ACTIVE"), ("OWNER", "ACTIVE")]
        {
            make(&rows, "viewer", role, status).await;
            assert_eq!(look(&gateway, Actor::Admin, &viewer).await.codes(), ["NOT_FOUND"], "{kind:?} {role} {status}");
        }
        make(&rows, "viewer", "MEMBER", "ACTIVE").await;
        let _can = look(&gateway, Actor::Admin, &viewer).await.clean();
    }
}

#[tokio::test]
async fn the_header_names_one_member_and_opens_nothing_else() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let token = Actor::Owner.token();
    let viewer = member("viewer");
    let long = "m".repeat(65);
    for headers in [
        vec![("x-run-as-member", viewer.as_str()), ("x-run-as-member", viewer.as_str())],
        vec![("x-run-as-member", "")],
        vec![("x-run-as-member", long.as_str())],
    ] {
        let answer = gateway.ask_with(token.as_deref(), &headers, "{ viewer { name } }", json!({})).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (400, vec!["BAD_USER_INPUT"]), "{headers:?}");
    }
    let anonymous =
        gateway.ask_with(None, &[("x-run-as-member", viewer.as_str())], "{ viewer { name } }", json!({})).await;
    assert_eq!((anonymous.status.as_u16(), ran_as(&anonymous)), (401, None));
    let request = Request::get("/audit-log")
        .header("authorization", format!("Bearer {}", token.unwrap()))
        .header("x-organization-id", SLUG_A)
        .header("x-run-as-member", viewer);
    let file = gateway.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((file.status.as_u16(), file.codes()), (403, vec!["FORBIDDEN"]));
}
