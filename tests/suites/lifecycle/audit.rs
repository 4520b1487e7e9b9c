//! Events in the audit log: every change once, refused attempts of one kind once in a quarter of an hour, and nothing
//! more.

use entity::id::{InvitationId, JoinRequestId, OrganizationId, TypedId};
use serde_json::{Value, json};
use tests::{Kind, actor::token_saying, dump::dump};

use super::{
    fixture::{Change, House, change, key},
    fixture_rows::{NORTH, NOWHERE, dso_id, member_id, organization, organization_id, restore_members},
};

fn on(person: &str) -> Value {
    json!({ "memberId": member_id(person) })
}

/// Name of a mutation's action in the log, for example of `memberRemove`.
fn action(mutation: &str) -> String {
    let spelled = mutation
        .chars()
        .map(|letter| if letter.is_uppercase() { format!("_{letter}") } else { letter.to_uppercase().to_string() });
    // A bulk mutation is logged as single changes.
    spelled.collect::<String>().trim_end_matches("_BULK").to_owned()
}

/// One change of each kind in North, each possible after the ones before it. `invitation`, `token` and `request` are
/// placeholders for values that are created on the way.
fn life() -> Vec<(&'static str, &'static str, Value)> {
    let grant = json!({ "memberId": member_id("ann"), "dsoId": dso_id("Bright"), "role": "VIEWER" });
    let taken = json!({ "memberId": member_id("ann"), "dsoId": dso_id("Bright") });
    vec![
        ("owner", "organizationRename", json!({ "name": "Nord" })),
        ("admin", "organizationSettingsUpdate", json!({ "acceptsJoinRequests": false })),
        ("admin", "organizationSettingsUpdate", json!({ "acceptsJoinRequests": true })),
        ("owner", "memberRoleUpdate", json!({ "memberId": member_id("ann"), "role": "ADMIN" })),
        ("admin", "memberSuspend", on("dee")),
        ("admin", "memberResume", on("dee")),
        ("admin", "dsoGrant", grant.clone()),
        ("admin", "dsoGrantRevoke", taken.clone()),
        ("admin", "dsoGrantBulk", json!({ "grants": [grant] })),
        ("admin", "dsoGrantRevokeBulk", json!({ "grants": [taken] })),
        ("admin", "memberRemove", on("dee")),
        ("ann", "organizationLeave", json!({ "organizationId": organization_id(NORTH) })),
        ("admin", "invitationCreate", json!({ "email": "pat@people.example" })),
        ("admin", "invitationResend", json!({ "invitationId": "invitation" })),
        ("admin", "invitationRevoke", json!({ "invitationId": "invitation" })),
        ("admin", "invitationCreate", json!({ "email": "kim@people.example" })),
        ("kim", "invitationDecline", json!({ "token": "token" })),
        ("admin", "invitationCreate", json!({ "email": "kim@people.example" })),
        ("kim", "invitationAccept", json!({ "token": "token" })),
        ("pat", "joinRequestCreate", json!({ "organizationSlug": NORTH })),
        ("pat", "joinRequestCancel", json!({ "joinRequestId": "request" })),
        ("pat", "joinRequestCreate", json!({ "organizationSlug": NORTH })),
        ("admin", "joinRequestApprove", json!({ "joinRequestId": "request" })),
        ("bob", "joinRequestCreate", json!({ "organizationSlug": NORTH })),
        ("admin", "joinRequestDeny", json!({ "joinRequestId": "request" })),
        ("owner", "organizationOwnershipTransfer", on("admin")),
        ("admin", "organizationDelete", json!({ "confirmation": NORTH })),
        ("admin", "organizationRestore", json!({ "organizationId": organization_id(NORTH) })),
    ]
}

/// Values created on the way.
#[derive(Default)]
struct Made {
    invitation: String,
    token: String,
    request: String,
}

impl Made {
    fn change(&self, (by, mutation, input): &(&str, &'static str, Value)) -> Change {
        let mut input = input.clone();
        for (field, made) in
            [("invitationId", &self.invitation), ("token", &self.token), ("joinRequestId", &self.request)]
        {
            if input.get(field).is_some() {
                input[field] = json!(made);
            }
        }
        let visits =
            ["invitationAccept", "invitationDecline", "joinRequestCreate", "joinRequestCancel", "organizationRestore"];
        change(by, if visits.contains(mutation) { NOWHERE } else { NORTH }, mutation, input)
    }

    async fn done(&mut self, house: &House, change: Change) {
        let mutation = change.mutation;
        let ended = house.make(change).await;
        assert_eq!(ended.code(), "OK", "{:?} {mutation}: {}", house.kind, ended.answer.text);
        match mutation {
            "invitationCreate" => {
                self.invitation = ended.text("/invitation/id");
                self.token = house.db.next_mail(&key()).await.unwrap().expect("a mail").token;
            }
            "joinRequestCreate" => self.request = ended.text("/joinRequest/id"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_change_is_written_down_once() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let mut made = Made::default();
        for step in life() {
            let seen = house.seen().await;
            made.done(&house, made.change(&step)).await;
            assert_eq!(house.news(seen).await, [format!("{} DONE", action(step.1))], "{kind:?} {}", step.1);
        }
        // Each event records the actor, the request and the change.
        let sql = "SELECT action AS t FROM audit_events \
                   WHERE actor_user_id IS NULL OR request_id IS NULL OR after IS NULL OR hash IS NULL";
        assert!(house.texts(sql, vec![]).await.is_empty(), "{kind:?}: events that do not tell all");
        let made = house.change("pat", NOWHERE, "organizationCreate", json!({ "name": "Mine", "slug": "mine" })).await;
        assert_eq!(made.code(), "OK", "{kind:?}");
        let own = OrganizationId::from_text(&made.text("/membership/organizationId"));
        assert_eq!(house.log(own.uuid()).await, ["ORGANIZATION_CREATE DONE"], "{kind:?}");
    }
}

#[tokio::test]
async fn a_change_that_cannot_be_written_down_is_not_made() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let mut made = Made::default();
        for step in life() {
            house.break_log().await;
            let before = dump(&house.rows).await;
            let ended = house.make(made.change(&step)).await;
            assert_eq!(ended.code(), "INTERNAL", "{kind:?} {}", step.1);
            let after = dump(&house.rows).await;
            assert_eq!(after, before, "{kind:?} {}: half of it was made", step.1);
            house.mend_log().await;
            made.done(&house, made.change(&step)).await;
        }
    }
}

#[tokio::test]
async fn every_refused_attempt_is_written_down_once_with_its_code() {
    let grant = |name: &str| json!({ "memberId": member_id("ann"), "dsoId": dso_id(name), "role": "VIEWER" });
    let taken = |name: &str| json!({ "memberId": member_id("ann"), "dsoId": dso_id(name) });
    let slug = |slug: &str| json!({ "slug": slug });
    let nina = || json!({ "email": "nina@people.example" });
    let inv = || json!({ "invitationId": InvitationId::generate().to_text() });
    let jrq = || json!({ "joinRequestId": JoinRequestId::generate().to_text() });
    let cases: Vec<(&str, &'static str, Value, &str)> = vec![
        ("admin", "organizationRename", slug("mine"), "FORBIDDEN"),
        ("owner", "organizationRename", slug("south-dental"), "SLUG_TAKEN"),
        ("admin", "organizationDelete", json!({ "confirmation": NORTH }), "FORBIDDEN"),
        ("owner", "organizationDelete", json!({ "confirmation": "no" }), "NOT_CONFIRMED"),
        ("admin", "organizationRestore", json!({ "organizationId": organization_id(NORTH) }), "NOT_FOUND"),
        ("owner", "organizationRestore", json!({ "organizationId": organization_id(NORTH) }), "NOT_FOUND"),
        ("owner", "organizationLeave", json!({ "organizationId": organization_id(NORTH) }), "LAST_OWNER"),
        ("owner", "organizationOwnershipTransfer", on("owner"), "ONESELF"),
        ("ann", "organizationOwnershipTransfer", on("ann"), "FORBIDDEN"),
        ("admin", "memberRoleUpdate", json!({ "memberId": member_id("ann"), "role": "ADMIN" }), "FORBIDDEN"),
        ("owner", "memberRoleUpdate", json!({ "memberId": member_id("gone"), "role": "ADMIN" }), "WRONG_STATE"),
        ("ann", "organizationSettingsUpdate", json!({ "acceptsJoinRequests": false }), "FORBIDDEN"),
        ("ann", "memberRemove", on("dee"), "FORBIDDEN"),
        ("admin", "memberRemove", on("owner"), "FORBIDDEN"),
        ("admin", "memberSuspend", on("admin"), "ONESELF"),
        ("admin", "memberResume", on("ann"), "WRONG_STATE"),
        ("ann", "dsoGrant", grant("Smile"), "FORBIDDEN"),
        ("dee", "dsoGrant", grant("Bright"), "NOT_FOUND"),
        ("ann", "dsoGrantRevoke", taken("Smile"), "FORBIDDEN"),
        ("ann", "dsoGrantBulk", json!({ "grants": [grant("Smile")] }), "FORBIDDEN"),
        ("dee", "dsoGrantBulk", json!({ "grants": [grant("Bright")] }), "NOT_FOUND"),
        ("owner", "dsoGrantRevokeBulk", json!({ "grants": [taken("Bright")] }), "NOT_FOUND"),
        ("ann", "dsoGrantRevokeBulk", json!({ "grants": [taken("Smile")] }), "FORBIDDEN"),
        ("dee", "invitationCreate", nina(), "FORBIDDEN"),
        ("admin", "invitationCreate", json!({ "email": "ann@people.example" }), "ALREADY_MEMBER"),
        ("dee", "invitationResend", inv(), "FORBIDDEN"),
        ("admin", "invitationResend", inv(), "NOT_FOUND"),
        ("admin", "invitationRevoke", inv(), "NOT_FOUND"),
        ("dee", "joinRequestApprove", jrq(), "FORBIDDEN"),
        ("admin", "joinRequestApprove", jrq(), "NOT_FOUND"),
        ("admin", "joinRequestDeny", jrq(), "NOT_FOUND"),
    ];
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        for (by, mutation, input, code) in &cases {
            house.forget_refusals().await;
            let seen = house.seen().await;
            let before = dump(&house.rows).await;
            assert_eq!(
                house.change(by, NORTH, mutation, input.clone()).await.code(),
                *code,
                "{kind:?} {by} {mutation}"
            );
            let event = format!("{} REFUSED {code}", action(mutation));
            assert_eq!(house.news(seen).await, [event], "{kind:?} {by} {mutation}");
            let mut after = dump(&house.rows).await;
            for told in ["audit_events", "refused_attempts"] {
                after.insert(told.to_owned(), before[told].clone());
            }
            assert_eq!(after, before, "{kind:?} {by} {mutation}: refused, and something has changed");
        }
        // A person who is not a member tries the token of a mail to another person.
        let (_, mailed) = house.invited("nina@people.example", json!({})).await;
        for (mutation, token, news) in [
            ("invitationAccept", mailed.as_str(), vec!["INVITATION_ACCEPT REFUSED EMAIL_MISMATCH"]),
            ("invitationDecline", mailed.as_str(), vec!["INVITATION_DECLINE REFUSED EMAIL_MISMATCH"]),
            ("invitationAccept", "of nothing", vec![]),
        ] {
            let seen = house.seen().await;
            let _ = house.change("kim", NOWHERE, mutation, json!({ "token": token })).await;
            assert_eq!(house.news(seen).await, news, "{kind:?} {mutation}");
        }
        // A person whose address is not verified.
        let unverified = |mutation, input| Change {
            token: token_saying(json!({ "sub": "kim" })),
            ..change("kim", NOWHERE, mutation, input)
        };
        for (tried, news) in [
            (unverified("invitationAccept", json!({ "token": mailed })), "INVITATION_ACCEPT REFUSED EMAIL_UNVERIFIED"),
            (
                unverified("invitationDecline", json!({ "token": mailed })),
                "INVITATION_DECLINE REFUSED EMAIL_UNVERIFIED",
            ),
            (
                unverified("joinRequestCreate", json!({ "organizationSlug": NORTH })),
                "JOIN_REQUEST_CREATE REFUSED EMAIL_UNVERIFIED",
            ),
        ] {
            let seen = house.seen().await;
            assert_eq!(house.make(tried).await.code(), "EMAIL_UNVERIFIED", "{kind:?} {news}");
            assert_eq!(house.news(seen).await, [news], "{kind:?}");
        }
        // A person cancels their join request twice, and a person tries to restore an organization that is not theirs.
        let asked = house.change("kim", NOWHERE, "joinRequestCreate", json!({ "organizationSlug": NORTH })).await;
        let request = json!({ "joinRequestId": asked.text("/joinRequest/id") });
        assert_eq!(house.change("kim", NOWHERE, "joinRequestCancel", request.clone()).await.code(), "OK", "{kind:?}");
        let seen = house.seen().await;
        assert_eq!(house.change("kim", NOWHERE, "joinRequestCancel", request).await.code(), "WRONG_STATE", "{kind:?}");
        assert_eq!(house.news(seen).await, ["JOIN_REQUEST_CANCEL REFUSED WRONG_STATE"], "{kind:?}");
        let foreign = json!({ "organizationId": organization_id(NORTH) });
        let seen = house.seen().await;
        assert_eq!(house.change("kim", NOWHERE, "organizationRestore", foreign).await.code(), "NOT_FOUND", "{kind:?}");
        assert_eq!(house.news(seen).await, [""; 0], "{kind:?}: a stranger writes into a foreign log");
    }
}

#[tokio::test]
async fn inputs_that_are_no_attempt_and_repeats_without_a_change_are_not_written_down() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let seen = house.seen().await;
        for (by, mutation, input) in [
            ("owner", "organizationRename", json!({})),
            ("owner", "organizationRename", json!({ "name": " " })),
            ("owner", "memberRoleUpdate", json!({ "memberId": member_id("ann"), "role": "MEMBER" })),
            (
                "owner",
                "memberRoleUpdate",
                json!({ "memberId": member_id("ann"), "role": "ADMIN", "expectedVersion": 9 }),
            ),
            ("dee", "dsoGrant", json!({ "memberId": member_id("ann"), "dsoId": dso_id("Smile"), "role": "VIEWER" })),
            ("admin", "invitationCreate", json!({ "email": "no address" })),
            ("ann", "viewerDefaultOrganizationSet", json!({ "organizationId": organization_id(NORTH) })),
        ] {
            let _ = house.change(by, NORTH, mutation, input).await;
        }
        let _ = house.ask("owner", NORTH, "{ organization { auditLog { totalCount } } }").await.clean();
        assert_eq!(house.news(seen).await, [""; 0], "{kind:?}");
    }
}

#[tokio::test]
async fn audit_log_is_append_only_even_for_direct_sql() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        house.invited("nina@people.example", json!({})).await;
        let before = house.news(0).await;
        assert_eq!(before, ["INVITATION_CREATE DONE"], "{kind:?}");
        let mut tries = vec![
            "UPDATE audit_events SET outcome = 'REFUSED'",
            "UPDATE audit_events SET hash = hash",
            "DELETE FROM audit_events",
            "DELETE FROM audit_events WHERE sequence = 1",
        ];
        if kind == Kind::Postgres {
            tries.push("TRUNCATE audit_events");
        }
        for sql in tries {
            use sea_orm::ConnectionTrait;
            let refused = house.rows.execute_unprepared(sql).await.expect_err(sql).to_string();
            assert!(refused.contains("only added to"), "{kind:?} {sql}: {refused}");
        }
        assert_eq!(house.news(0).await, before, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_storm_the_chain_has_no_gap_and_no_fork() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        for round in 0..5 {
            restore_members(&house.rows).await;
            let mut storm = Vec::new();
            for turn in 0..12 {
                let email = format!("guest{round}x{turn}@people.example");
                storm.push(change("admin", NORTH, "invitationCreate", json!({ "email": email })));
                storm.push(change("owner", NORTH, "organizationRename", json!({ "name": format!("{round} {turn}") })));
                storm.push(change("ann", NORTH, "memberRemove", on("dee")));
                let role = if turn % 2 == 0 { "VIEWER" } else { "MANAGER" };
                let grant = json!({ "memberId": member_id("ann"), "dsoId": dso_id("Bright"), "role": role });
                storm.push(change("owner", NORTH, "dsoGrant", grant));
            }
            storm.push(change("admin", NORTH, "memberSuspend", on("dee")));
            let seen = house.seen().await;
            let ended = house.at_once(storm).await;
            let counted = |code: &str| ended.iter().filter(|one| one.code() == code).count();
            assert_eq!((counted("OK"), counted("FORBIDDEN")), (37, 12), "{kind:?} round {round}");
            // `log` fails on a gap. Grants and names that were set to their present value are not events.
            let news = house.news(seen).await;
            let refused = news.iter().filter(|event| event.as_str() == "MEMBER_REMOVE REFUSED FORBIDDEN").count();
            // All refusals within a quarter of an hour are one event.
            assert_eq!(refused, usize::from(round == 0), "{kind:?} round {round}");
            let invited = news.iter().filter(|event| event.as_str() == "INVITATION_CREATE DONE").count();
            assert_eq!(invited, 12, "{kind:?} round {round}");
        }
        let sql = "SELECT count(DISTINCT hash) - count(*) AS n FROM audit_events WHERE organization_id = $1";
        assert_eq!(house.count(sql, vec![organization(NORTH).into()]).await, 0, "{kind:?}: two events with one hash");
    }
}
