//! Asking to be let in: nobody learns which organizations there are.

use entity::organization_settings::OrganizationSettings;
use serde_json::{Value, json};
use tests::{Kind, actor::token_saying};

use super::{
    fixture::{Change, Ended, House, change, rounds, tally},
    fixture_rows::{NORTH, NOWHERE, SOUTH, days, dso_id, nobody_id, organization, organization_id, user},
};

/// Rules under which a race may be run again and again.
fn unlimited() -> OrganizationSettings {
    OrganizationSettings {
        join_cool_down: chrono::Duration::zero(),
        join_requests_per_day: 1_000_000,
        ..OrganizationSettings::default()
    }
}

fn ask(by: &str, slug: &str) -> Change {
    change(by, NOWHERE, "joinRequestCreate", json!({ "organizationSlug": slug, "message": "let me in" }))
}

async fn asked(house: &House, by: &str, slug: &str) -> String {
    let ended = house.make(ask(by, slug)).await;
    assert_eq!(ended.code(), "OK", "{:?} {by} {slug}: {}", house.kind, ended.answer.text);
    ended.text("/joinRequest/id")
}

fn decide(by: &str, mutation: &'static str, id: &str) -> Change {
    change(by, NORTH, mutation, json!({ "joinRequestId": id }))
}

/// The answer without what is new each time: the id and the time of the request.
fn masked(ended: &Ended, slug: &str) -> Value {
    let mut answer = ended.answer.stable();
    if let Some(request) =
        answer.pointer_mut("/data/joinRequestCreate/joinRequest").filter(|request| !request.is_null())
    {
        request["id"] = Value::Null;
        request["createdAt"] = Value::Null;
    }
    serde_json::from_str(&answer.to_string().replace(slug, "SLUG")).expect("still JSON")
}

#[tokio::test]
async fn an_unknown_slug_and_a_known_one_answer_alike() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let sql = "INSERT INTO organizations (id, name, slug, status, created_at, updated_at, deleted_at, version) \
                   VALUES ($1, 'Other', $2, $3, $4, $4, $5, 1)";
        for (slug, status, deleted) in
            [("asleep-dental", "SUSPENDED", None), ("gone-dental", "ACTIVE", Some(chrono::Utc::now()))]
        {
            let values = vec![organization(slug).into(), slug.into(), status.into(), days(-1), deleted.into()];
            house.sql(sql, values).await;
        }
        let mut answers = Vec::new();
        for slug in [NORTH, "nowhere-dental", "asleep-dental", "gone-dental"] {
            let first = house.make(ask("pat", slug)).await;
            let second = house.make(ask("pat", slug)).await;
            let id = first.text("/joinRequest/id");
            let list = house.ask("pat", NOWHERE, "{ viewer { joinRequests { organizationSlug status } } }").await;
            let latest = list.data("/viewer/joinRequests/0/status").clone();
            let cancel = change("pat", NOWHERE, "joinRequestCancel", json!({ "joinRequestId": id }));
            let cancelled = house.make(cancel.clone()).await.text("/joinRequest/status");
            let again = house.make(cancel).await.code();
            answers.push((masked(&first, slug), masked(&second, slug), latest, cancelled, again));
        }
        let [known, others @ ..] = answers.as_slice() else { unreachable!("four were asked") };
        for other in others {
            assert_eq!(other, known, "{kind:?}");
        }
        assert_eq!((known.3.as_str(), known.4.as_str()), ("CANCELLED", "WRONG_STATE"), "{kind:?}");
        let inside = house
            .ask("admin", NORTH, "{ organization { joinRequests { nodes { name email status message } } } }")
            .await;
        let request = json!([{ "name": "pat by name", "email": "pat@people.example", "status": "CANCELLED", "message": "let me in" }]);
        assert_eq!(*inside.clean().data("/organization/joinRequests/nodes"), request, "{kind:?}");
    }
}

#[tokio::test]
async fn every_case_of_asking_ends_with_its_code() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let unverified = Change { token: token_saying(json!({ "sub": "kim" })), ..ask("kim", NORTH) };
        let long = change(
            "kim",
            NOWHERE,
            "joinRequestCreate",
            json!({ "organizationSlug": "x", "message": "m".repeat(20_001) }),
        );
        for (change, code) in [
            (ask("ann", NORTH), "ALREADY_MEMBER"),
            (ask("owner", " North DENTAL "), "ALREADY_MEMBER"),
            (unverified, "EMAIL_UNVERIFIED"),
            (long, "BAD_USER_INPUT BAD_USER_INPUT"),
            (ask("pat", " North DENTAL "), "OK"),
            (ask("pat", NORTH), "ALREADY_REQUESTED"),
            (ask("pat", SOUTH), "ALREADY_REQUESTED"),
            (ask("pat", "nowhere-dental"), "ALREADY_REQUESTED"),
            // An owner keeps their own organization and asks for another; so may who was here before.
            (ask("sue", NORTH), "OK"),
            (ask("gone", NORTH), "OK"),
        ] {
            let input = change.input.to_string();
            assert_eq!(house.make(change).await.code(), code, "{kind:?} {}", &input[..input.len().min(80)]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_requests_of_one_person_at_once_one_is_open() {
    for kind in Kind::ALL {
        let house = House::with(kind, unlimited()).await;
        for round in 0..rounds() {
            let slugs = [NORTH, SOUTH, "nowhere-dental"];
            let ended = house.at_once(slugs.map(|slug| ask("pat", slug))).await;
            let expected = [("OK".to_owned(), 1), ("ALREADY_REQUESTED".to_owned(), 2)];
            assert_eq!(tally(&ended), expected.into(), "{kind:?} round {round}");
            let open = ended.iter().find(|one| one.code() == "OK").expect("one was made").text("/joinRequest/id");
            let cancel = change("pat", NOWHERE, "joinRequestCancel", json!({ "joinRequestId": open }));
            assert_eq!(house.make(cancel).await.code(), "OK", "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_request_is_decided_once_and_by_an_admin_of_its_organization() {
    for kind in Kind::ALL {
        for mutation in ["joinRequestApprove", "joinRequestDeny"] {
            let house = House::new(kind).await;
            let id = asked(&house, "pat", NORTH).await;
            let nobodys = nobody_id().replace("mem_", "jrq_");
            let foreign = house.change("sue", SOUTH, mutation, json!({ "joinRequestId": id })).await;
            let random = house.change("sue", SOUTH, mutation, json!({ "joinRequestId": nobodys })).await;
            assert_eq!(foreign.answer.stable(), random.answer.stable(), "{kind:?} {mutation}");
            let cancel = |by| change(by, NOWHERE, "joinRequestCancel", json!({ "joinRequestId": id }));
            for (change, code) in [
                (decide("dee", mutation, &id), "FORBIDDEN"),
                (decide("sue", mutation, &id), "NOT_FOUND"),
                (decide("pat", mutation, &id), "NOT_FOUND"),
                (cancel("kim"), "NOT_FOUND"),
                (decide("admin", mutation, &id), "OK"),
                (decide("admin", mutation, &id), "WRONG_STATE"),
                (decide("owner", "joinRequestApprove", &id), "WRONG_STATE"),
                (decide("owner", "joinRequestDeny", &id), "WRONG_STATE"),
                (cancel("pat"), "WRONG_STATE"),
            ] {
                let what = format!("{} by {}", change.mutation, change.of);
                assert_eq!(house.make(change).await.code(), code, "{kind:?} {what}");
            }
            let standing = if mutation == "joinRequestApprove" { "MEMBER ACTIVE" } else { "" };
            assert_eq!(house.standing("pat").await, standing, "{kind:?} {mutation}");
        }
    }
}

#[tokio::test]
async fn who_is_let_in_gets_no_more_than_may_be_given() {
    let promise = |name: &str| json!([{ "dsoId": dso_id(name), "role": "MANAGER" }]);
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let id = asked(&house, "pat", NORTH).await;
        for (by, fields, code) in [
            ("admin", json!({ "role": "OWNER" }), "BAD_USER_INPUT"),
            ("owner", json!({ "role": "OWNER" }), "BAD_USER_INPUT"),
            ("admin", json!({ "grants": promise("Harbor") }), "NOT_FOUND"),
            ("admin", json!({ "grants": promise("Attic") }), "NOT_FOUND"),
            ("admin", json!({ "role": "ADMIN", "grants": promise("Smile") }), "OK"),
        ] {
            let mut input = fields;
            input["joinRequestId"] = json!(id);
            let ended = house.change(by, NORTH, "joinRequestApprove", input.clone()).await;
            assert_eq!(ended.code(), code, "{kind:?} {by} {input}");
        }
        assert_eq!(house.standing("pat").await, "ADMIN ACTIVE", "{kind:?}");
        assert_eq!(house.grants("pat").await, ["Smile MANAGER"], "{kind:?}");
    }
}

#[tokio::test]
async fn after_a_denial_one_asks_again_only_when_the_time_is_over() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let id = asked(&house, "pat", NORTH).await;
        assert_eq!(house.make(decide("admin", "joinRequestDeny", &id)).await.code(), "OK", "{kind:?}");
        assert_eq!(house.make(ask("pat", NORTH)).await.code(), "COOL_DOWN", "{kind:?}");
        assert_eq!(house.make(ask("pat", "North_Dental")).await.code(), "COOL_DOWN", "{kind:?}");
        for (days_ago, code) in [(29, "COOL_DOWN"), (31, "OK")] {
            let sql = "UPDATE join_requests SET decided_at = $1 WHERE status = 'DENIED'";
            house.sql(sql, vec![days(-days_ago)]).await;
            assert_eq!(house.make(ask("pat", NORTH)).await.code(), code, "{kind:?} {days_ago} days after");
        }
        // Others, and elsewhere, are not concerned.
        assert_eq!(house.make(ask("kim", NORTH)).await.code(), "OK", "{kind:?}");
        let house = House::with(
            kind,
            OrganizationSettings { join_cool_down: chrono::Duration::zero(), ..OrganizationSettings::default() },
        )
        .await;
        let id = asked(&house, "pat", NORTH).await;
        assert_eq!(house.make(decide("admin", "joinRequestDeny", &id)).await.code(), "OK", "{kind:?}");
        assert_eq!(house.make(ask("pat", NORTH)).await.code(), "OK", "{kind:?} without a cool-down");
    }
}

#[tokio::test]
async fn an_invitation_that_is_accepted_meanwhile_closes_the_request_and_the_other_way_round() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let id = asked(&house, "pat", NORTH).await;
        let (_, mailed) = house.invited("pat@people.example", json!({})).await;
        let accept = house.change("pat", NOWHERE, "invitationAccept", json!({ "token": mailed })).await;
        assert_eq!(accept.code(), "OK", "{kind:?}");
        let list = house.ask("pat", NOWHERE, "{ viewer { joinRequests { status } } }").await.clean();
        assert_eq!(*list.data("/viewer/joinRequests"), json!([{ "status": "CLOSED" }]), "{kind:?}");
        assert_eq!(house.make(decide("admin", "joinRequestApprove", &id)).await.code(), "WRONG_STATE", "{kind:?}");

        let id = asked(&house, "kim", NORTH).await;
        let (_, mailed) = house.invited("kim@people.example", json!({ "role": "ADMIN" })).await;
        assert_eq!(house.make(decide("admin", "joinRequestApprove", &id)).await.code(), "OK", "{kind:?}");
        let accept = house.change("kim", NOWHERE, "invitationAccept", json!({ "token": mailed })).await;
        assert_eq!(accept.code(), "INVITATION_OVER", "{kind:?}");
        assert_eq!(house.standing("kim").await, "MEMBER ACTIVE", "{kind:?}");
    }
}

#[tokio::test]
async fn beyond_the_seats_and_in_the_wrong_state_nobody_is_let_in_and_the_request_stays_open() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let id = asked(&house, "pat", NORTH).await;
        house.sql("UPDATE organizations SET seat_limit = 4 WHERE slug = $1", vec![NORTH.into()]).await;
        assert_eq!(house.make(decide("admin", "joinRequestApprove", &id)).await.code(), "SEAT_LIMIT", "{kind:?}");
        assert_eq!(house.standing("pat").await, "", "{kind:?}");
        let sql = "SELECT status AS t FROM join_requests WHERE user_id = $1";
        assert_eq!(house.texts(sql, vec![user("pat").into()]).await, ["PENDING"], "{kind:?}");
        house.sql("UPDATE organizations SET seat_limit = 5 WHERE slug = $1", vec![NORTH.into()]).await;
        assert_eq!(house.make(decide("admin", "joinRequestApprove", &id)).await.code(), "OK", "{kind:?}");

        // Who is suspended does not come in by the back door.
        let house = House::new(kind).await;
        let id = asked(&house, "sam", NORTH).await;
        assert_eq!(house.make(decide("admin", "joinRequestApprove", &id)).await.code(), "WRONG_STATE", "{kind:?}");
        assert_eq!(house.standing("sam").await, "MEMBER SUSPENDED", "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_approval_a_denial_and_a_cancellation_at_once_one_is_done() {
    for kind in Kind::ALL {
        let house = House::with(kind, unlimited()).await;
        for round in 0..rounds() {
            let sql = "UPDATE memberships SET status = 'REMOVED' WHERE organization_id = $1 AND user_id = $2";
            house.sql(sql, vec![organization(NORTH).into(), user("pat").into()]).await;
            let id = asked(&house, "pat", NORTH).await;
            let mut three = [
                decide("admin", "joinRequestApprove", &id),
                decide("owner", "joinRequestDeny", &id),
                change("pat", NOWHERE, "joinRequestCancel", json!({ "joinRequestId": id })),
            ];
            three.rotate_left(round % 3);
            let ended = house.at_once(three.clone()).await;
            let expected = [("OK".to_owned(), 1), ("WRONG_STATE".to_owned(), 2)];
            assert_eq!(tally(&ended), expected.into(), "{kind:?} round {round}");
            let approved = ended
                .iter()
                .zip(&three)
                .any(|(one, change)| one.code() == "OK" && change.mutation == "joinRequestApprove");
            let is_member = house.standing("pat").await == "MEMBER ACTIVE";
            assert_eq!(is_member, approved, "{kind:?} round {round} in {}", organization_id(NORTH));
        }
    }
}
