//! Roles on DSOs: who gives them, to whom, and that they end with the membership.

use serde_json::{Value, json};
use tests::Kind;

use super::{
    fixture::{House, change, codes, rounds},
    fixture_rows::{NORTH, NOWHERE, dso_id, member_id, nobody_id, organization_id, restore_members, south_id},
};

fn give(person: &str, name: &str, role: &str) -> Value {
    json!({ "memberId": member_id(person), "dsoId": dso_id(name), "role": role })
}

fn take(person: &str, name: &str) -> Value {
    json!({ "memberId": member_id(person), "dsoId": dso_id(name) })
}

fn all(grants: &[Value]) -> Value {
    json!({ "grants": grants })
}

#[tokio::test]
async fn every_case_of_a_grant_ends_with_its_code() {
    let nobodys_dso = || nobody_id().replace("mem_", "dso_");
    let cases: Vec<(&str, &'static str, Value, &str)> = vec![
        ("owner", "dsoGrant", give("ann", "Bright", "ADMIN"), "OK"),
        ("admin", "dsoGrant", give("ann", "Bright", "MANAGER"), "OK"),
        ("admin", "dsoGrant", give("sam", "Bright", "VIEWER"), "OK"),
        ("admin", "dsoGrant", give("gone", "Bright", "VIEWER"), "WRONG_STATE"),
        ("admin", "dsoGrant", give("ann", "Attic", "VIEWER"), "NOT_FOUND"),
        ("admin", "dsoGrant", give("ann", "Harbor", "VIEWER"), "NOT_FOUND"),
        (
            "admin",
            "dsoGrant",
            json!({ "memberId": south_id("bob"), "dsoId": dso_id("Smile"), "role": "VIEWER" }),
            "NOT_FOUND",
        ),
        (
            "admin",
            "dsoGrant",
            json!({ "memberId": nobody_id(), "dsoId": dso_id("Smile"), "role": "VIEWER" }),
            "NOT_FOUND",
        ),
        (
            "admin",
            "dsoGrant",
            json!({ "memberId": member_id("ann"), "dsoId": nobodys_dso(), "role": "VIEWER" }),
            "NOT_FOUND",
        ),
        // A DSO's admin, on that DSO only.
        ("dee", "dsoGrant", give("ann", "Smile", "ADMIN"), "OK"),
        ("dee", "dsoGrant", give("ann", "Bright", "VIEWER"), "NOT_FOUND"),
        ("dee", "dsoGrantRevoke", take("ann", "Smile"), "OK"),
        ("dee", "dsoGrantRevoke", take("ann", "Bright"), "NOT_FOUND"),
        ("dee", "dsoGrantBulk", all(&[give("ann", "Smile", "VIEWER")]), "OK"),
        ("dee", "dsoGrantBulk", all(&[give("sam", "Smile", "VIEWER"), give("ann", "Bright", "VIEWER")]), "NOT_FOUND"),
        // A viewer sees the DSO, and gives nothing.
        ("ann", "dsoGrant", give("ann", "Smile", "ADMIN"), "FORBIDDEN"),
        ("ann", "dsoGrantRevoke", take("dee", "Smile"), "FORBIDDEN"),
        ("ann", "dsoGrantBulk", all(&[give("ann", "Smile", "ADMIN")]), "FORBIDDEN"),
        ("ann", "dsoGrantRevokeBulk", all(&[take("dee", "Smile")]), "FORBIDDEN"),
        ("sam", "dsoGrant", give("sam", "Smile", "ADMIN"), "NOT_FOUND"),
        ("sue", "dsoGrant", give("ann", "Smile", "ADMIN"), "NOT_FOUND"),
        ("owner", "dsoGrantRevoke", take("admin", "Smile"), "NOT_FOUND"),
        ("owner", "dsoGrantBulk", all(&[]), "BAD_USER_INPUT"),
        ("owner", "dsoGrantBulk", all(&vec![give("ann", "Smile", "VIEWER"); 101]), "BAD_USER_INPUT"),
        ("owner", "dsoGrantRevokeBulk", all(&[take("dee", "Smile"), take("ann", "Smile")]), "OK"),
    ];
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let south = house.south().await;
        for (by, mutation, input, code) in &cases {
            house.sql("DELETE FROM dso_grants", vec![]).await;
            for (person, name, role) in
                [("ann", "Smile", "VIEWER"), ("dee", "Smile", "ADMIN"), ("sam", "Smile", "VIEWER")]
            {
                super::fixture_rows::granted(&house.rows, person, name, role).await;
            }
            let (ann, dee) = (house.grants("ann").await, house.grants("dee").await);
            let ended = house.change(by, NORTH, mutation, input.clone()).await;
            assert_eq!(ended.code(), *code, "{kind:?} {by} {mutation} {input}");
            if *code != "OK" {
                let after = (house.grants("ann").await, house.grants("dee").await);
                assert_eq!(after, (ann, dee), "{kind:?} {by} {mutation} {input} has changed something");
            }
        }
        assert_eq!(house.south().await, south, "{kind:?}: South has changed");
    }
}

#[tokio::test]
async fn a_bulk_is_done_whole_or_not_at_all_with_one_event_for_each_change() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let seen = house.seen().await;
        let whole =
            all(&[give("ann", "Bright", "MANAGER"), give("sam", "Bright", "VIEWER"), give("ann", "Smile", "VIEWER")]);
        assert_eq!(house.change("admin", NORTH, "dsoGrantBulk", whole).await.code(), "OK", "{kind:?}");
        assert_eq!(house.grants("ann").await, ["Attic MANAGER", "Bright MANAGER", "Smile VIEWER"], "{kind:?}");
        // The last one was there already.
        assert_eq!(house.news(seen).await, ["DSO_GRANT DONE"; 2], "{kind:?}");
        for (mutation, grants) in [
            ("dsoGrantBulk", all(&[give("admin", "Smile", "VIEWER"), give("gone", "Smile", "VIEWER")])),
            ("dsoGrantRevokeBulk", all(&[take("ann", "Bright"), take("admin", "Bright")])),
        ] {
            let seen = house.seen().await;
            let ended = house.change("admin", NORTH, mutation, grants).await;
            assert_ne!(ended.code(), "OK", "{kind:?} {mutation}");
            assert_eq!(house.grants("admin").await.len(), 0, "{kind:?} {mutation}");
            assert_eq!(house.grants("ann").await.len(), 3, "{kind:?} {mutation}");
            assert!(!house.news(seen).await.iter().any(|event| event.ends_with("DONE")), "{kind:?} {mutation}");
        }
    }
}

#[tokio::test]
async fn the_role_that_one_has_is_no_change_and_another_takes_its_place() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let seen = house.seen().await;
        let grant = |role: &str| change("dee", NORTH, "dsoGrant", give("ann", "Smile", role));
        let first = house.make(grant("VIEWER")).await.text("/grant/id");
        assert!(house.news(seen).await.is_empty(), "{kind:?}: no change was written down");
        let second = house.make(grant("MANAGER")).await;
        assert_eq!((second.text("/grant/id"), second.text("/grant/role")), (first, "MANAGER".to_owned()), "{kind:?}");
        assert_eq!(house.news(seen).await, ["DSO_GRANT DONE"], "{kind:?}");
        assert_eq!(house.grants("ann").await, ["Attic MANAGER", "Smile MANAGER"], "{kind:?}");
    }
}

#[tokio::test]
async fn a_grant_that_is_taken_counts_no_more_on_the_next_request() {
    let query = "{ dsos { nodes { name } } }";
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let seen = house.ask("ann", NORTH, query).await.clean();
        assert_eq!(*seen.data("/dsos/nodes"), json!([{ "name": "Smile" }]), "{kind:?}");
        let taken = house.change("dee", NORTH, "dsoGrantRevoke", take("ann", "Smile")).await;
        assert_eq!(taken.code(), "OK", "{kind:?}");
        let seen = house.ask("ann", NORTH, query).await.clean();
        assert_eq!(*seen.data("/dsos/nodes"), json!([]), "{kind:?}");
        // The DSO's admin gives up their own, and has nothing more to say there.
        assert_eq!(house.change("dee", NORTH, "dsoGrantRevoke", take("dee", "Smile")).await.code(), "OK", "{kind:?}");
        let ended = house.change("dee", NORTH, "dsoGrant", give("dee", "Smile", "ADMIN")).await;
        assert_eq!(ended.code(), "NOT_FOUND", "{kind:?}");
    }
}

#[tokio::test]
async fn whoever_comes_back_has_no_old_grants_not_even_on_an_archived_dso() {
    for kind in Kind::ALL {
        for way in ["removed and invited", "left and invited", "removed and let in"] {
            let house = House::new(kind).await;
            // Somebody else's stay.
            let others = house.grants("sam").await;
            assert_eq!(house.grants("ann").await, ["Attic MANAGER", "Smile VIEWER"], "{kind:?}");
            let gone = if way.starts_with("left") {
                let input = json!({ "organizationId": organization_id(NORTH) });
                house.change("ann", NORTH, "organizationLeave", input).await
            } else {
                house.change("admin", NORTH, "memberRemove", json!({ "memberId": member_id("ann") })).await
            };
            assert_eq!(gone.code(), "OK", "{kind:?} {way}");
            // Even rows that are older than this rule are not taken up again.
            super::fixture_rows::granted(&house.rows, "ann", "Attic", "ADMIN").await;
            super::fixture_rows::granted(&house.rows, "ann", "Smile", "ADMIN").await;
            let promised = json!([{ "dsoId": dso_id("Bright"), "role": "VIEWER" }]);
            let back = if way.ends_with("invited") {
                let (_, mailed) = house.invited("ann@people.example", json!({ "grants": promised })).await;
                house.change("ann", NOWHERE, "invitationAccept", json!({ "token": mailed })).await
            } else {
                let asked =
                    house.change("ann", NOWHERE, "joinRequestCreate", json!({ "organizationSlug": NORTH })).await;
                let id = asked.text("/joinRequest/id");
                let input = json!({ "joinRequestId": id, "grants": promised });
                house.change("admin", NORTH, "joinRequestApprove", input).await
            };
            assert_eq!(back.code(), "OK", "{kind:?} {way}: {}", back.answer.text);
            assert_eq!(house.grants("ann").await, ["Bright VIEWER"], "{kind:?} {way}");
            assert_eq!(house.standing("ann").await, "MEMBER ACTIVE", "{kind:?} {way}");
            assert_eq!(house.grants("sam").await, others, "{kind:?} {way}");
        }
    }
}

#[tokio::test]
async fn a_suspended_member_keeps_the_grants_for_the_time_after() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let before = house.grants("ann").await;
        let input = json!({ "memberId": member_id("ann") });
        for mutation in ["memberSuspend", "memberResume"] {
            assert_eq!(house.change("admin", NORTH, mutation, input.clone()).await.code(), "OK", "{kind:?}");
            assert_eq!(house.grants("ann").await, before, "{kind:?} {mutation}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_and_a_removal_at_once_leave_no_grant_behind() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        for round in 0..rounds() {
            restore_members(&house.rows).await;
            let grant = change("owner", NORTH, "dsoGrant", give("ann", "Bright", "ADMIN"));
            let remove = change("admin", NORTH, "memberRemove", json!({ "memberId": member_id("ann") }));
            let two = if round % 2 == 0 { [grant, remove] } else { [remove, grant] };
            let ended = codes(&house.at_once(two).await);
            assert!(ended.iter().any(|code| code == "OK"), "{kind:?} round {round}: {ended:?}");
            assert_eq!(house.standing("ann").await, "MEMBER REMOVED", "{kind:?} round {round}: {ended:?}");
            assert!(house.grants("ann").await.is_empty(), "{kind:?} round {round}: {ended:?}");
        }
    }
}
