//! What admins and owners decide about members: the table of the cases, and what is looked at anew behind the lock.

use entity::organization_settings::OrganizationSettings;
use serde_json::{Value, json};
use tests::Kind;

use super::{
    fixture::{House, change},
    fixture_rows::{NORTH, member, member_id, nobody_id, organization, restore_members, south_id},
};

fn on(person: &str) -> Value {
    json!({ "memberId": member_id(person) })
}

fn role(person: &str, role: &str) -> Value {
    json!({ "memberId": member_id(person), "role": role })
}

#[tokio::test]
async fn every_case_of_a_change_of_members_ends_with_its_code() {
    let foreign = || json!({ "memberId": south_id("sue") });
    let nobody = || json!({ "memberId": nobody_id() });
    let foreign_role = || json!({ "memberId": south_id("bob"), "role": "ADMIN" });
    let stale = || json!({ "memberId": member_id("ann"), "role": "ADMIN", "expectedVersion": 7 });
    // Who, what, and the end; what is set up before stands in front.
    let cases: Vec<(&[(&str, &str, &str)], &str, &'static str, Value, &str)> = vec![
        // An owner acts on everybody.
        (&[], "owner", "memberRemove", on("admin"), "OK"),
        (&[], "owner", "memberRemove", on("ann"), "OK"),
        (&[], "owner", "memberRemove", on("sam"), "OK"),
        (&[], "owner", "memberSuspend", on("admin"), "OK"),
        (&[], "owner", "memberResume", on("sam"), "OK"),
        (&[], "owner", "memberRoleUpdate", role("ann", "ADMIN"), "OK"),
        (&[], "owner", "memberRoleUpdate", role("ann", "OWNER"), "OK"),
        (&[], "owner", "memberRoleUpdate", role("sam", "ADMIN"), "OK"),
        (&[("admin", "OWNER", "ACTIVE")], "owner", "memberRemove", on("admin"), "OK"),
        (&[("admin", "OWNER", "ACTIVE")], "owner", "memberSuspend", on("admin"), "OK"),
        (&[("admin", "OWNER", "ACTIVE")], "owner", "memberRoleUpdate", role("admin", "MEMBER"), "OK"),
        // An admin acts on those below.
        (&[], "admin", "memberRemove", on("ann"), "OK"),
        (&[], "admin", "memberSuspend", on("ann"), "OK"),
        (&[], "admin", "memberResume", on("sam"), "OK"),
        (&[], "admin", "memberRemove", on("owner"), "FORBIDDEN"),
        (&[], "admin", "memberSuspend", on("owner"), "FORBIDDEN"),
        (&[("dee", "ADMIN", "ACTIVE")], "admin", "memberRemove", on("dee"), "FORBIDDEN"),
        (&[("sam", "ADMIN", "SUSPENDED")], "admin", "memberResume", on("sam"), "FORBIDDEN"),
        (&[("sam", "OWNER", "SUSPENDED")], "admin", "memberResume", on("sam"), "FORBIDDEN"),
        (&[], "admin", "memberRoleUpdate", role("ann", "ADMIN"), "FORBIDDEN"),
        (&[], "admin", "memberRoleUpdate", role("owner", "MEMBER"), "FORBIDDEN"),
        (&[], "admin", "memberRoleUpdate", role("admin", "OWNER"), "FORBIDDEN"),
        // A member acts on nobody.
        (&[], "dee", "memberRemove", on("ann"), "FORBIDDEN"),
        (&[], "dee", "memberSuspend", on("ann"), "FORBIDDEN"),
        (&[], "dee", "memberResume", on("sam"), "FORBIDDEN"),
        (&[], "dee", "memberRoleUpdate", role("dee", "OWNER"), "FORBIDDEN"),
        // Who is none any more, or not now, is not there.
        (&[], "sam", "memberRemove", on("ann"), "NOT_FOUND"),
        (&[], "gone", "memberRemove", on("ann"), "NOT_FOUND"),
        (&[], "sue", "memberRemove", on("ann"), "NOT_FOUND"),
        // Oneself.
        (&[], "admin", "memberRemove", on("admin"), "ONESELF"),
        (&[], "admin", "memberSuspend", on("admin"), "ONESELF"),
        (&[], "admin", "memberResume", on("admin"), "ONESELF"),
        // States.
        (&[], "owner", "memberRemove", on("gone"), "WRONG_STATE"),
        (&[], "owner", "memberSuspend", on("gone"), "WRONG_STATE"),
        (&[], "owner", "memberSuspend", on("sam"), "WRONG_STATE"),
        (&[], "owner", "memberResume", on("ann"), "WRONG_STATE"),
        (&[], "owner", "memberResume", on("gone"), "WRONG_STATE"),
        (&[], "owner", "memberRoleUpdate", role("gone", "ADMIN"), "WRONG_STATE"),
        (&[], "owner", "memberRoleUpdate", stale(), "STALE_VERSION"),
        // Another organization's, and nobody's.
        (&[], "owner", "memberRemove", foreign(), "NOT_FOUND"),
        (&[], "owner", "memberSuspend", foreign(), "NOT_FOUND"),
        (&[], "owner", "memberResume", foreign(), "NOT_FOUND"),
        (&[], "owner", "memberRoleUpdate", foreign_role(), "NOT_FOUND"),
        (&[], "owner", "memberRemove", nobody(), "NOT_FOUND"),
    ];
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let south = house.south().await;
        for (before, by, mutation, input, code) in &cases {
            restore_members(&house.rows).await;
            for (person, role, status) in *before {
                house.set(person, role, status).await;
            }
            let ended = house.change(by, NORTH, mutation, input.clone()).await;
            assert_eq!(ended.code(), *code, "{kind:?} {by} {mutation} {input} after {before:?}");
        }
        assert_eq!(house.south().await, south, "{kind:?}: South has changed");
    }
}

#[tokio::test]
async fn a_foreign_member_is_refused_as_one_that_does_not_exist() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        for mutation in ["memberRemove", "memberSuspend", "memberResume", "organizationOwnershipTransfer"] {
            let foreign = house.change("owner", NORTH, mutation, json!({ "memberId": south_id("bob") })).await;
            let nobody = house.change("owner", NORTH, mutation, json!({ "memberId": nobody_id() })).await;
            assert_eq!(foreign.answer.stable(), nobody.answer.stable(), "{kind:?} {mutation}");
            assert_eq!(foreign.answer.status, nobody.answer.status, "{kind:?} {mutation}");
        }
    }
}

#[tokio::test]
async fn the_same_role_again_is_no_change_and_no_event() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let seen = house.seen().await;
        for (person, held) in [("ann", "MEMBER"), ("admin", "ADMIN"), ("owner", "OWNER")] {
            let ended = house.change("owner", NORTH, "memberRoleUpdate", role(person, held)).await;
            assert_eq!(ended.code(), "OK", "{kind:?} {person}");
            assert_eq!(*ended.answer.data("/memberRoleUpdate/member/version"), json!(1), "{kind:?} {person}");
        }
        assert!(house.news(seen).await.is_empty(), "{kind:?}: no change was written down");
    }
}

#[tokio::test]
async fn removing_twice_is_done_once_and_the_removed_one_leaves_no_more() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let seen = house.seen().await;
        for code in ["OK", "WRONG_STATE"] {
            assert_eq!(house.change("admin", NORTH, "memberRemove", on("ann")).await.code(), code, "{kind:?}");
        }
        let input = json!({ "organizationId": super::fixture_rows::organization_id(NORTH) });
        assert_eq!(house.change("ann", NORTH, "organizationLeave", input).await.code(), "NOT_FOUND", "{kind:?}");
        let news = house.news(seen).await;
        assert_eq!(news, ["MEMBER_REMOVE DONE", "MEMBER_REMOVE REFUSED WRONG_STATE"], "{kind:?}");
        assert!(house.grants("ann").await.is_empty(), "{kind:?}: grants of a removed member");
    }
}

#[tokio::test]
async fn nobody_goes_on_beyond_the_seats() {
    for kind in Kind::ALL {
        for (own, operators, code) in
            [(Some(4), None, "SEAT_LIMIT"), (None, Some(4), "SEAT_LIMIT"), (Some(5), Some(4), "OK"), (None, None, "OK")]
        {
            let house =
                House::with(kind, OrganizationSettings { seats: operators, ..OrganizationSettings::default() }).await;
            let sql = "UPDATE organizations SET seat_limit = $1 WHERE id = $2";
            house.sql(sql, vec![own.into(), organization(NORTH).into()]).await;
            let ended = house.change("admin", NORTH, "memberResume", on("sam")).await;
            assert_eq!(ended.code(), code, "{kind:?} {own:?} {operators:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_acts_and_on_whom_is_looked_at_anew_behind_the_lock() {
    const PERSON: &str = "UPDATE memberships SET role = $1, status = $2 WHERE organization_id = $3 AND id = $4";
    let person = |who: &str, role: &str, status: &str| {
        vec![role.into(), status.into(), organization(NORTH).into(), member(who).into()]
    };
    let house_itself = |what: &str| format!("UPDATE organizations SET {what} WHERE id = $1");
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        for (sql, values, code) in [
            (PERSON.to_owned(), person("admin", "MEMBER", "ACTIVE"), "FORBIDDEN"),
            (PERSON.to_owned(), person("admin", "ADMIN", "REMOVED"), "NOT_FOUND"),
            (PERSON.to_owned(), person("admin", "ADMIN", "SUSPENDED"), "NOT_FOUND"),
            (PERSON.to_owned(), person("ann", "ADMIN", "ACTIVE"), "FORBIDDEN"),
            (PERSON.to_owned(), person("ann", "MEMBER", "REMOVED"), "WRONG_STATE"),
            (house_itself("status = 'SUSPENDED'"), vec![organization(NORTH).into()], "NOT_FOUND"),
            (house_itself("deleted_at = updated_at"), vec![organization(NORTH).into()], "NOT_FOUND"),
        ] {
            restore_members(&house.rows).await;
            house.sql(&house_itself("status = 'ACTIVE', deleted_at = NULL"), vec![organization(NORTH).into()]).await;
            let removal = change("admin", NORTH, "memberRemove", on("ann"));
            let ended = house.overtaken(removal, &sql, values).await;
            assert_eq!(ended.code(), code, "{kind:?} while `{sql}`");
        }
    }
}

#[tokio::test]
async fn a_lower_role_counts_from_the_next_request_and_what_was_done_stays_ones_own() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let invite = || change("admin", NORTH, "invitationCreate", json!({ "email": "nina@people.example" }));
        assert_eq!(house.make(invite()).await.code(), "OK", "{kind:?}");
        assert_eq!(house.change("owner", NORTH, "memberRoleUpdate", role("admin", "MEMBER")).await.code(), "OK");
        assert_eq!(house.make(invite()).await.code(), "FORBIDDEN", "{kind:?}");
        let log = house.ask("admin", NORTH, "{ organization { auditLog { nodes { id } } } }").await;
        assert_eq!(log.codes(), ["FORBIDDEN"], "{kind:?}");
        assert_eq!(house.change("owner", NORTH, "memberRemove", on("admin")).await.code(), "OK");
        let query = "{ organization { auditLog(filter: { action: [INVITATION_CREATE], outcome: DONE }) {
            nodes { actor { status user { name } } } } } }";
        let answer = house.ask("owner", NORTH, query).await.clean();
        let by = json!([{ "actor": { "status": "REMOVED", "user": { "name": "admin by name" } } }]);
        assert_eq!(*answer.data("/organization/auditLog/nodes"), by, "{kind:?}");
    }
}
