//! What a person outside of an organization can do to it: next to nothing.
//!
//! Owns: how much of a log outsiders can write, what they can make its members wait for, and what they can find out.

use std::time::Duration;

use entity::organization_settings::OrganizationSettings;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::{Actor, Database, Gateway, Kind, actor::token_saying, world::SLUG_A};

use super::{
    fixture::{Change, House, change, tally},
    fixture_rows::{self, NORTH, NOWHERE, SOUTH, organization, user},
};

/// Rules that let one person ask as often as they like.
fn patient() -> OrganizationSettings {
    OrganizationSettings { join_requests_per_day: 1_000_000, ..OrganizationSettings::default() }
}

fn ask(by: &str, slug: &str) -> Change {
    change(by, NOWHERE, "joinRequestCreate", json!({ "organizationSlug": slug }))
}

fn cancel(by: &str, id: &str) -> Change {
    change(by, NOWHERE, "joinRequestCancel", json!({ "joinRequestId": id }))
}

/// Every way in which somebody outside is refused and North is told of it: the change, and the event.
async fn refused(house: &House) -> Vec<(Change, &'static str)> {
    let request = house.make(ask("kim", NORTH)).await.text("/joinRequest/id");
    assert_eq!(house.make(cancel("kim", &request)).await.code(), "OK");
    house.make(ask("pat", NORTH)).await.text("/joinRequest/id");
    let (_, mailed) = house.invited("nina@people.example", json!({})).await;
    let unverified = |mutation, input| Change {
        token: token_saying(json!({ "sub": "bob" })),
        ..change("bob", NOWHERE, mutation, input)
    };
    let token = json!({ "token": mailed });
    vec![
        (ask("pat", NORTH), "JOIN_REQUEST_CREATE REFUSED ALREADY_REQUESTED"),
        (
            unverified("joinRequestCreate", json!({ "organizationSlug": NORTH })),
            "JOIN_REQUEST_CREATE REFUSED EMAIL_UNVERIFIED",
        ),
        (cancel("kim", &request), "JOIN_REQUEST_CANCEL REFUSED WRONG_STATE"),
        (change("sue", NOWHERE, "invitationAccept", token.clone()), "INVITATION_ACCEPT REFUSED EMAIL_MISMATCH"),
        (change("sue", NOWHERE, "invitationDecline", token.clone()), "INVITATION_DECLINE REFUSED EMAIL_MISMATCH"),
        (unverified("invitationAccept", token.clone()), "INVITATION_ACCEPT REFUSED EMAIL_UNVERIFIED"),
        (unverified("invitationDecline", token), "INVITATION_DECLINE REFUSED EMAIL_UNVERIFIED"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_outside_adds_one_event_for_each_reason_in_a_quarter_of_an_hour() {
    for kind in Kind::ALL {
        let house = House::with(kind, patient()).await;
        for (tried, event) in refused(&house).await {
            let seen = house.seen().await;
            let code = event.rsplit(' ').next().unwrap();
            let at_once = house.at_once((0..16).map(|_| tried.clone())).await;
            assert_eq!(tally(&at_once), [(code.to_owned(), 16)].into(), "{kind:?} {event}");
            assert_eq!(house.news(seen).await, [event], "{kind:?}");
            house.age_refusals(14).await;
            assert_eq!(house.make(tried.clone()).await.code(), code, "{kind:?} {event}");
            assert_eq!(house.news(seen).await, [event], "{kind:?}: after 14 minutes");
            house.age_refusals(16).await;
            assert_eq!(house.make(tried).await.code(), code, "{kind:?} {event}");
            assert_eq!(house.news(seen).await, [event, event], "{kind:?}: after 16 minutes");
            let sql = "SELECT CAST(after AS text) AS t FROM audit_events WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 1";
            let told: Value =
                serde_json::from_str(&house.texts(sql, vec![organization(NORTH).into()]).await[0]).unwrap();
            assert_eq!(told, json!({ "earlier_attempts": 16 }), "{kind:?} {event}");
        }
        let verdict = house.db.audit_log_reader(NORTH).await.unwrap().unwrap().verify().await.unwrap();
        assert_eq!(verdict.broken, None, "{kind:?}");
    }
}

#[tokio::test]
async fn many_aliases_of_a_refused_request_are_one_event() {
    let aliases: String = (0..20)
        .map(|n| {
            format!("a{n}: joinRequestCreate(input: {{ organizationSlug: \"{NORTH}\" }}) {{ userErrors {{ code }} }} ")
        })
        .collect();
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let answer = house.ask("pat", NOWHERE, &format!("mutation {{ {aliases} }}")).await.clean();
        let code = |n: usize| answer.data(&format!("/a{n}/userErrors/0/code")).clone();
        // The default is ten requests a day.
        assert_eq!(
            (code(0), code(9), code(10), code(19)),
            (json!(null), json!("ALREADY_REQUESTED"), json!("RATE_LIMITED"), json!("RATE_LIMITED")),
            "{kind:?}"
        );
        let events = ["JOIN_REQUEST_CREATE DONE", "JOIN_REQUEST_CREATE REFUSED ALREADY_REQUESTED"];
        assert_eq!(house.news(0).await, events, "{kind:?}");
    }
}

#[tokio::test]
async fn a_member_who_may_not_is_written_down_once_however_often_they_try() {
    let member = fixture_rows::member_id("dee");
    let aliases: String = (0..15)
        .map(|n| format!("a{n}: memberRemove(input: {{ memberId: \"{member}\" }}) {{ userErrors {{ code }} }} "))
        .collect();
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        for _ in 0..5 {
            let answer = house.ask("ann", NORTH, &format!("mutation {{ {aliases} }}")).await;
            assert_eq!(answer.codes(), ["FORBIDDEN"], "{kind:?} {}", answer.text);
        }
        assert_eq!(house.news(0).await, ["MEMBER_REMOVE REFUSED FORBIDDEN"], "{kind:?}");
        // Somebody else, and something else, is an event of its own.
        let _ = house.change("sam", NORTH, "memberRemove", json!({ "memberId": member })).await;
        let _ = house.change("dee", NORTH, "memberRemove", json!({ "memberId": member })).await;
        let _ = house.change("ann", NORTH, "memberSuspend", json!({ "memberId": member })).await;
        let events =
            ["MEMBER_REMOVE REFUSED FORBIDDEN", "MEMBER_REMOVE REFUSED FORBIDDEN", "MEMBER_SUSPEND REFUSED FORBIDDEN"];
        assert_eq!(house.news(0).await, events, "{kind:?}");
    }
}

/// Only PostgreSQL has locks that one waits for; SQLite has one writer at a time.
#[tokio::test(flavor = "multi_thread")]
async fn refused_attempts_from_outside_do_not_wait_for_the_organization() {
    let house = House::with(Kind::Postgres, patient()).await;
    let tries = refused(&house).await;
    for (tried, _) in &tries {
        house.make(tried.clone()).await;
    }
    // The addressee of an invitation that does not hold any more is not looked at after some tries.
    let (id, _) = house.invited("kim@people.example", json!({})).await;
    house.sql("UPDATE organizations SET seat_limit = 1 WHERE slug = $1", vec![NORTH.into()]).await;
    let accept = change("kim", NOWHERE, "invitationAccept", json!({ "invitationId": id }));
    for number in 0..11 {
        let code = if number < 10 { "SEAT_LIMIT" } else { "RATE_LIMITED" };
        assert_eq!(house.make(accept.clone()).await.code(), code, "{number}");
    }
    let ahead = house.database.connect().await;
    ahead.execute_unprepared("BEGIN").await.unwrap();
    let lock = "SELECT id FROM organizations WHERE id = $1 FOR UPDATE";
    fixture_rows::change(&ahead, lock, vec![organization(NORTH).into()]).await;
    for tried in tries.into_iter().map(|(tried, _)| tried).chain([accept]) {
        let what = format!("{} {}", tried.mutation, tried.input);
        let ended = tokio::time::timeout(Duration::from_secs(20), house.make(tried)).await;
        assert_ne!(ended.unwrap_or_else(|_| panic!("{what} waits for the organization")).code(), "OK", "{what}");
    }
    ahead.execute_unprepared("ROLLBACK").await.unwrap();
}

#[tokio::test]
async fn one_person_asks_so_often_a_day_whatever_slug_they_name() {
    for kind in Kind::ALL {
        let house =
            House::with(kind, OrganizationSettings { join_requests_per_day: 3, ..OrganizationSettings::default() })
                .await;
        for (slug, code) in
            [("nowhere-dental", "OK"), (NORTH, "ALREADY_REQUESTED"), ("nowhere-else", "ALREADY_REQUESTED")]
        {
            assert_eq!(house.make(ask("pat", slug)).await.code(), code, "{kind:?} {slug}");
        }
        let seen = house.seen().await;
        for slug in [NORTH, SOUTH, "nowhere-dental", "no-one"] {
            assert_eq!(house.make(ask("pat", slug)).await.code(), "RATE_LIMITED", "{kind:?} {slug}");
        }
        assert_eq!(house.news(seen).await, [""; 0], "{kind:?}: what is not looked for is told to nobody");
        // Others are not concerned, and neither is tomorrow.
        assert_eq!(house.make(ask("kim", NORTH)).await.code(), "OK", "{kind:?}");
        house.age_refusals(24 * 60 + 1).await;
        assert_eq!(house.make(ask("pat", NORTH)).await.code(), "ALREADY_REQUESTED", "{kind:?}");
    }
}

/// The answer without what is new each time.
fn masked(answer: &tests::Answer, slug: &str) -> Value {
    let mut stable = answer.stable();
    if let Some(request) = stable.pointer_mut("/data/joinRequestCreate/joinRequest").filter(|found| !found.is_null()) {
        request["id"] = Value::Null;
        request["createdAt"] = Value::Null;
    }
    serde_json::from_str(&stable.to_string().replace(slug, "SLUG")).unwrap()
}

#[tokio::test]
async fn an_organization_that_takes_no_requests_answers_as_an_unknown_slug() {
    let set =
        |accepts: bool| change("admin", NORTH, "organizationSettingsUpdate", json!({ "acceptsJoinRequests": accepts }));
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let ended = house.make(set(false)).await;
        assert_eq!(
            *ended.answer.data("/organizationSettingsUpdate/organization/acceptsJoinRequests"),
            json!(false),
            "{kind:?}"
        );
        // The same again is no change, and a stale version is refused.
        let again = house.make(set(false)).await;
        assert_eq!(*again.answer.data("/organizationSettingsUpdate/organization/version"), json!(2), "{kind:?}");
        let stale = json!({ "acceptsJoinRequests": true, "expectedVersion": 1 });
        let stale = house.change("admin", NORTH, "organizationSettingsUpdate", stale).await;
        assert_eq!(stale.code(), "STALE_VERSION", "{kind:?}");
        let seen = house.seen().await;
        let mut answers = Vec::new();
        for slug in [NORTH, "nowhere-dental"] {
            let first = house.make(ask("pat", slug)).await;
            let second = house.make(ask("pat", slug)).await;
            let cancelled = house.make(cancel("pat", &first.text("/joinRequest/id"))).await;
            answers.push((
                masked(&first.answer, slug),
                masked(&second.answer, slug),
                cancelled.text("/joinRequest/status"),
            ));
        }
        assert_eq!(answers[0], answers[1], "{kind:?}");
        assert_eq!(house.news(seen).await, [""; 0], "{kind:?}");
        let query = "{ organization { acceptsJoinRequests joinRequests { totalCount } } }";
        let inside = house.ask("owner", NORTH, query).await.clean();
        assert_eq!(
            *inside.data("/organization"),
            json!({ "acceptsJoinRequests": false, "joinRequests": { "totalCount": 0 } }),
            "{kind:?}"
        );
        // Its own members know that it is there.
        assert_eq!(house.make(ask("ann", NORTH)).await.code(), "ALREADY_MEMBER", "{kind:?}");
        assert_eq!(house.make(set(true)).await.code(), "OK", "{kind:?}");
        assert_eq!(house.make(ask("kim", NORTH)).await.code(), "OK", "{kind:?}");
        let inside = house.ask("owner", NORTH, query).await.clean();
        assert_eq!(
            *inside.data("/organization"),
            json!({ "acceptsJoinRequests": true, "joinRequests": { "totalCount": 1 } }),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn a_known_slug_takes_the_statements_of_an_unknown_one() {
    let text = "mutation($slug: String!) { joinRequestCreate(input: { organizationSlug: $slug }) { joinRequest { id } userErrors { code } } }";
    let cancel = "mutation($id: ID!) { joinRequestCancel(input: { joinRequestId: $id }) { userErrors { code } } }";
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        // The first request of a day also removes old counts.
        let first = gateway.ask(Actor::Outsider, text, json!({ "slug": "warm-up" })).await.clean();
        let first = json!({ "id": first.data("/joinRequestCreate/joinRequest/id") });
        let _cancelled = gateway.ask(Actor::Outsider, cancel, first).await.clean();
        let mut counted = Vec::new();
        for slug in [SLUG_A, "nobody-has-this"] {
            let mut counts = Vec::new();
            let mut id = Value::Null;
            // Made, refused for the first time, refused again.
            for _ in 0..3 {
                gateway.recorder.take().clear();
                let answer = gateway.ask(Actor::Outsider, text, json!({ "slug": slug })).await.clean();
                counts.push(gateway.recorder.take().len());
                let made = answer.data("/joinRequestCreate/joinRequest/id").clone();
                id = if made.is_null() { id } else { made };
            }
            for _ in 0..3 {
                gateway.recorder.take().clear();
                let _answer = gateway.ask(Actor::Outsider, cancel, json!({ "id": id })).await.clean();
                counts.push(gateway.recorder.take().len());
            }
            counted.push(counts);
        }
        assert_eq!(counted[0], counted[1], "{kind:?}: statements for a known slug, and for an unknown one");
    }
}

#[tokio::test]
async fn one_person_learns_of_so_many_slugs_a_day_that_they_are_taken() {
    let create =
        |by: &str, slug: &str| change(by, NOWHERE, "organizationCreate", json!({ "name": "Mine", "slug": slug }));
    for kind in Kind::ALL {
        let house =
            House::with(kind, OrganizationSettings { taken_slugs_per_day: 2, ..OrganizationSettings::default() }).await;
        assert_eq!(house.make(create("owner", NORTH)).await.code(), "SLUG_TAKEN", "{kind:?}");
        let rename = |slug: &str| change("owner", NORTH, "organizationRename", json!({ "slug": slug }));
        assert_eq!(house.make(rename(SOUTH)).await.code(), "SLUG_TAKEN", "{kind:?}");
        for slug in [SOUTH, "nobody-has-this"] {
            assert_eq!(house.make(create("owner", slug)).await.code(), "RATE_LIMITED", "{kind:?} {slug}");
            assert_eq!(house.make(rename(slug)).await.code(), "RATE_LIMITED", "{kind:?} {slug}");
        }
        // Without a slug of their own choice they get one that tells nothing.
        let made = house.change("owner", NOWHERE, "organizationCreate", json!({ "name": "nobody has this" })).await;
        let slug = made.text("/membership/organizationSlug");
        assert!(slug.starts_with("nobody-has-this-"), "{kind:?} {slug}");
        assert_eq!(
            house.make(create("ann", SOUTH)).await.code(),
            "SLUG_TAKEN",
            "{kind:?}: another person has their own count"
        );
        house.age_refusals(24 * 60 + 1).await;
        assert_eq!(house.make(create("owner", "nobody-has-this")).await.code(), "OK", "{kind:?}");
    }
}

#[tokio::test]
async fn old_counts_are_removed_with_the_next_attempt() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        for slug in ["one-dental", "two-dental", "three-dental"] {
            house.make(ask("pat", slug)).await;
        }
        house.age_refusals(3 * 24 * 60).await;
        house.make(ask("pat", "four-dental")).await;
        let sql = "SELECT count(*) AS n FROM refused_attempts WHERE user_id = $1";
        assert_eq!(house.count(sql, vec![user("pat").into()]).await, 2, "{kind:?}: today's requests, and this refusal");
    }
}
