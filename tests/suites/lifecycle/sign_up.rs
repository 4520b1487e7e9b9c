//! The first token of somebody whom nobody knows, and where later ones lead.

use entity::organization_settings::OrganizationSettings;
use serde_json::{Value, json};
use tests::{
    Kind,
    actor::{token, token_saying},
};
use tokio::task::JoinSet;

use super::{
    fixture::{House, change, rounds},
    fixture_rows::{NORTH, NOWHERE, SOUTH, days, dso_id, organization_id},
};

const WHERE: &str = "{ viewer { id memberships { organizationSlug role } } organization { slug } }";

async fn at_once(house: &House, tokens: Vec<String>) -> Vec<tests::Answer> {
    let mut all = JoinSet::new();
    for token in tokens {
        let gate = (**house).clone();
        all.spawn(async move { gate.ask_as(Some(&token), NOWHERE, WHERE, json!({})).await });
    }
    all.join_all().await
}

async fn rows(house: &House, table: &str) -> i64 {
    house.count(&format!("SELECT count(*) AS n FROM {table}"), vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_two_first_requests_at_once_comes_one_person_with_one_organization() {
    for kind in Kind::ALL {
        let house = House::empty(kind, OrganizationSettings::default()).await;
        let answers = at_once(&house, vec![token("nina"); 32]).await;
        let first = answers[0].data("").clone();
        assert_eq!(first["viewer"]["memberships"][0]["role"], "OWNER", "{kind:?} {first}");
        assert_eq!(first["viewer"]["memberships"][0]["organizationSlug"], first["organization"]["slug"], "{kind:?}");
        for answer in answers {
            assert_eq!(*answer.clean().data(""), first, "{kind:?}: two requests found different things");
        }
        for table in ["users", "identities", "organizations", "memberships", "audit_events"] {
            assert_eq!(rows(&house, table).await, 1, "{kind:?}: rows of `{table}`");
        }
        let sql = "SELECT action || ' ' || outcome AS t FROM audit_events";
        assert_eq!(house.texts(sql, vec![]).await, ["SIGN_UP DONE"], "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_of_a_newcomer_never_make_two_organizations() {
    for kind in Kind::ALL {
        let house = House::empty(kind, OrganizationSettings::default()).await;
        for round in 0..rounds() {
            for answer in at_once(&house, vec![token(&format!("nina {round}").replace(' ', "-")); 2]).await {
                assert_eq!(answer.clean().data("/viewer/memberships/0/role"), "OWNER", "{kind:?} round {round}");
            }
        }
        let rounds = i64::try_from(rounds()).unwrap();
        let found =
            (rows(&house, "users").await, rows(&house, "organizations").await, rows(&house, "memberships").await);
        assert_eq!(found, (rounds, rounds, rounds), "{kind:?}");
    }
}

#[tokio::test]
async fn a_sign_up_that_fails_in_the_middle_leaves_nothing_and_goes_through_later() {
    for kind in Kind::ALL {
        let house = House::empty(kind, OrganizationSettings::default()).await;
        house.break_log().await;
        let failed = house.ask("nina", NOWHERE, WHERE).await;
        assert_eq!(failed.codes(), ["INTERNAL"], "{kind:?} {}", failed.text);
        for table in ["users", "identities", "organizations", "memberships"] {
            assert_eq!(rows(&house, table).await, 0, "{kind:?}: rows of `{table}`");
        }
        house.mend_log().await;
        let answer = house.ask("nina", NOWHERE, WHERE).await.clean();
        assert_eq!(answer.data("/viewer/memberships/0/role"), "OWNER", "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_namesakes_who_come_at_once_get_an_organization_each() {
    for kind in Kind::ALL {
        let house = House::empty(kind, OrganizationSettings::default()).await;
        let namesake = |number| {
            let email = format!("alex{number}@people.example");
            token_saying(
                json!({ "sub": format!("alex {number}"), "email": email, "email_verified": true, "name": "Alex" }),
            )
        };
        for answer in at_once(&house, (0..16).map(namesake).collect()).await {
            assert_eq!(answer.clean().data("/viewer/memberships/0/role"), "OWNER", "{kind:?}");
        }
        assert_eq!((rows(&house, "users").await, rows(&house, "organizations").await), (16, 16), "{kind:?}");
    }
}

#[tokio::test]
async fn an_address_that_is_not_verified_makes_no_person_and_the_viewer_still_works() {
    for kind in Kind::ALL {
        let house = House::empty(kind, OrganizationSettings::default()).await;
        let query = "{ viewer { id name email memberships { role } pendingInvitations { id } joinRequests { id }
            deletedOrganizations { slug } onboarding { kind done } } }";
        let email = "nina@people.example";
        for claims in [
            json!({ "sub": "nina" }),
            json!({ "sub": "nina", "email": email }),
            json!({ "sub": "nina", "email": email, "email_verified": false }),
            json!({ "sub": "nina", "email": "no address", "email_verified": true }),
        ] {
            let answer = house.ask_as(Some(&token_saying(claims.clone())), NOWHERE, query, json!({})).await;
            let viewer = json!({
                "id": null, "name": null, "email": null, "memberships": [], "pendingInvitations": [],
                "joinRequests": [], "deletedOrganizations": [],
                "onboarding": [{ "kind": "VERIFY_EMAIL", "done": false }, { "kind": "JOIN_ORGANIZATION", "done": false }],
            });
            assert_eq!(*answer.clean().data("/viewer"), viewer, "{kind:?} {claims}");
        }
        assert_eq!(rows(&house, "users").await + rows(&house, "organizations").await, 0, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_who_is_invited_belongs_nowhere_until_they_accept() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let grants = json!({ "grants": [{ "dsoId": dso_id("Smile"), "role": "MANAGER" }] });
        let (id, _) = house.invited(" Nina@People.Example", grants).await;
        let (seen, organizations) = (house.seen().await, rows(&house, "organizations").await);
        for answer in at_once(&house, vec![token("nina"); 16]).await {
            let viewer = answer.data("/viewer");
            assert!(viewer["id"].is_string(), "{kind:?} {}", answer.text);
            assert_eq!(viewer["memberships"], json!([]), "{kind:?} {}", answer.text);
            assert_eq!(answer.codes(), ["ORG_CONTEXT_REQUIRED"], "{kind:?} {}", answer.text);
        }
        assert_eq!(house.news(seen).await, [""; 0], "{kind:?}: the inviter learns that somebody has signed in");
        assert_eq!(rows(&house, "organizations").await, organizations, "{kind:?}: an organization of their own");
        let accepted = house.change("nina", NOWHERE, "invitationAccept", json!({ "invitationId": id })).await;
        assert_eq!(accepted.text("/membership/organizationSlug"), NORTH, "{kind:?}");
        assert_eq!(house.news(seen).await, ["INVITATION_ACCEPT DONE"], "{kind:?}");
        let sql = "SELECT g.role AS t FROM dso_grants g JOIN memberships m ON m.id = g.member_id \
                   JOIN users u ON u.id = m.user_id WHERE u.email_normal = 'nina@people.example'";
        assert_eq!(house.texts(sql, vec![]).await, ["MANAGER"], "{kind:?}");
        let answer = house.ask("nina", NOWHERE, WHERE).await.clean();
        assert_eq!(answer.data("/organization/slug"), NORTH, "{kind:?}");
    }
}

#[tokio::test]
async fn a_newcomer_chooses_among_their_invitations_or_makes_an_organization_of_their_own() {
    let query = "{ viewer { memberships { organizationSlug role } pendingInvitations { id organizationName role } } }";
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        house.invited_by("sue", SOUTH, "nina@people.example", json!({ "role": "ADMIN" })).await;
        house.invited("nina@people.example", json!({})).await;
        for answer in [house.ask("nina", NOWHERE, query).await, house.ask("nina", NOWHERE, query).await] {
            let answer = answer.clean();
            assert_eq!(*answer.data("/viewer/memberships"), json!([]), "{kind:?}");
            let names = ["0/organizationName", "1/organizationName", "0/role", "1/role"]
                .map(|place| answer.data(&format!("/viewer/pendingInvitations/{place}")).as_str().unwrap().to_owned());
            let expected = ["The house south-dental", "The house north-dental", "ADMIN", "MEMBER"];
            assert_eq!(names, expected, "{kind:?}");
        }
        let answer = house.ask("nina", NOWHERE, query).await.clean();
        let ids: Vec<_> = (0..2).map(|n| answer.data(&format!("/viewer/pendingInvitations/{n}/id")).clone()).collect();
        let declined = house.change("nina", NOWHERE, "invitationDecline", json!({ "invitationId": ids[0] })).await;
        assert_eq!(declined.code(), "OK", "{kind:?}");
        // One's own beside what is still open: no membership is needed, and none is lost.
        let made = house.change("nina", NOWHERE, "organizationCreate", json!({ "name": "Nina's" })).await;
        assert_eq!(made.text("/membership/role"), "OWNER", "{kind:?}");
        let accepted = house.change("nina", NOWHERE, "invitationAccept", json!({ "invitationId": ids[1] })).await;
        assert_eq!(accepted.text("/membership/organizationSlug"), NORTH, "{kind:?}");
        let answer = house.ask("nina", NOWHERE, query).await.clean();
        assert_eq!(answer.data("/viewer/memberships").as_array().map(Vec::len), Some(2), "{kind:?} {}", answer.text);
        assert_eq!(*answer.data("/viewer/pendingInvitations"), json!([]), "{kind:?}");
    }
}

#[tokio::test]
async fn the_mail_of_an_invitation_is_answered_in_a_newcomers_first_request() {
    for kind in Kind::ALL {
        for (person, mutation, memberships) in [("nina", "invitationAccept", 1), ("nick", "invitationDecline", 0)] {
            let house = House::new(kind).await;
            let (_, mailed) = house.invited(&format!("{person}@people.example"), json!({})).await;
            let ended = house.change(person, NOWHERE, mutation, json!({ "token": mailed })).await;
            assert_eq!(ended.code(), "OK", "{kind:?} {mutation}: {}", ended.answer.text);
            let answer = house.ask(person, NOWHERE, "{ viewer { memberships { role } } }").await.clean();
            let found = answer.data("/viewer/memberships").as_array().map(Vec::len);
            assert_eq!(found, Some(memberships), "{kind:?} {mutation}");
        }
    }
}

#[tokio::test]
async fn who_has_no_open_invitation_gets_an_organization_of_their_own() {
    let over = "UPDATE invitations SET expires_at = created_at";
    let revoked = "UPDATE invitations SET status = 'REVOKED'";
    let suspended = "UPDATE organizations SET status = 'SUSPENDED' WHERE slug = 'north-dental'";
    let others = "UPDATE invitations SET email = 'nora@people.example', email_normal = 'nora@people.example'";
    for kind in Kind::ALL {
        for sql in [over, revoked, suspended, others] {
            let house = House::new(kind).await;
            house.invited("nina@people.example", json!({})).await;
            house.sql(sql, vec![]).await;
            let answer = house.ask("nina", NOWHERE, WHERE).await.clean();
            assert_eq!(answer.data("/viewer/memberships/0/role"), "OWNER", "{kind:?} {sql}: {}", answer.text);
            assert_ne!(answer.data("/organization/slug"), NORTH, "{kind:?} {sql}");
        }
    }
}

#[tokio::test]
async fn invitations_of_somebody_whom_we_know_wait_for_their_answer() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        house.invited_by("sue", SOUTH, "pat@people.example", json!({})).await;
        house.invited("pat@people.example", json!({})).await;
        for _ in 0..2 {
            let answer = house.ask("pat", NOWHERE, "{ viewer { memberships { organizationName } } }").await.clean();
            assert_eq!(*answer.data("/viewer/memberships"), json!([]), "{kind:?}");
        }
        let pending = "SELECT count(*) AS n FROM invitations WHERE status = 'PENDING'";
        assert_eq!(house.count(pending, vec![]).await, 2, "{kind:?}");
    }
}

#[tokio::test]
async fn the_first_steps_are_those_of_ones_role_and_done_by_the_data() {
    let cases: [(&str, &str, &[(&str, bool)]); 5] = [
        ("pat", NOWHERE, &[("VERIFY_EMAIL", true), ("JOIN_ORGANIZATION", false)]),
        ("owner", NORTH, &[("CREATE_DSO", true), ("ADD_DOCTOR", false), ("INVITE_MEMBER", true), ("GRANT_DSO", true)]),
        ("admin", NORTH, &[("INVITE_MEMBER", true), ("GRANT_DSO", true), ("ADD_DOCTOR", false)]),
        (
            "dee",
            NORTH,
            &[("GET_GRANT", true), ("ADD_DOCTOR", false), ("LOG_ACTIVITY", false), ("RECORD_PROGRESS", false)],
        ),
        ("ann", SOUTH, &[("GET_GRANT", false), ("MEET_DOCTOR", false)]),
    ];
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        for (person, of, steps) in cases {
            let answer = house.ask(person, of, "{ viewer { onboarding { kind done } } }").await.clean();
            let here: &[(&str, bool)] =
                if of == NOWHERE { &[] } else { &[("VERIFY_EMAIL", true), ("JOIN_ORGANIZATION", true)] };
            let steps: Vec<_> =
                here.iter().chain(steps).map(|(kind, done)| json!({ "kind": kind, "done": done })).collect();
            assert_eq!(*answer.data("/viewer/onboarding"), json!(steps), "{kind:?} {person}");
        }
        house.sql("DELETE FROM dso_grants", vec![]).await;
        let answer = house.ask("admin", NORTH, "{ viewer { onboarding { kind done } } }").await.clean();
        assert_eq!(*answer.data("/viewer/onboarding/3"), json!({ "kind": "GRANT_DSO", "done": false }), "{kind:?}");
    }
}

async fn slug(house: &House, person: &str, of: &str) -> Result<Value, String> {
    let answer = house.ask(person, of, "{ organization { slug } }").await;
    let found = answer.data("/organization/slug").clone();
    if answer.codes().is_empty() { Ok(found) } else { Err(answer.codes().join(" ")) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_default_is_for_requests_that_name_nothing_and_two_tabs_never_mix() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let set = |slug| json!({ "organizationId": organization_id(slug) });
        let chosen = Err("ORG_CONTEXT_REQUIRED".to_owned());
        assert_eq!(slug(&house, "pat", NOWHERE).await, chosen, "{kind:?}: none");
        assert_eq!(slug(&house, "ann", NOWHERE).await, chosen, "{kind:?}: several and no choice");
        for (person, of, code) in [
            ("ann", NORTH, "OK"),
            ("ann", SOUTH, "OK"),
            ("pat", NORTH, "NOT_FOUND"),
            ("sam", NORTH, "NOT_FOUND"),
            ("gone", NORTH, "NOT_FOUND"),
        ] {
            let ended = house.change(person, NOWHERE, "viewerDefaultOrganizationSet", set(of)).await;
            assert_eq!(ended.code(), code, "{kind:?} {person} {of}");
        }
        let mut tabs = JoinSet::new();
        for turn in 0..60 {
            let (gate, of) = ((*house).clone(), [NORTH, SOUTH, NOWHERE][turn % 3]);
            tabs.spawn(async move { (of, gate.ask("ann", of, "{ organization { slug } }").await) });
        }
        for (of, answer) in tabs.join_all().await {
            let expected = if of == NOWHERE { SOUTH } else { of };
            assert_eq!(*answer.clean().data("/organization/slug"), json!(expected), "{kind:?} asked for `{of}`");
        }

        // The default is left: the only other one is chosen, and the left one is not there.
        let left = house.change("ann", SOUTH, "organizationLeave", set(SOUTH)).await;
        assert_eq!(left.code(), "OK", "{kind:?} {}", left.answer.text);
        assert_eq!(slug(&house, "ann", NOWHERE).await, Ok(json!(NORTH)), "{kind:?}");
        assert_eq!(slug(&house, "ann", SOUTH).await, Err("NOT_FOUND".to_owned()), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_whose_mail_goes_out_meanwhile_is_found_all_the_same() {
    // Only where a reader waits for a lock can the postman come between: SQLite's writers wait before they read.
    let house = House::new(Kind::Postgres).await;
    let (id, _) = house.invited("nina@people.example", json!({})).await;
    house.sql("UPDATE invitations SET token_hash = NULL", vec![]).await;
    let first = change("nina", NOWHERE, "invitationAccept", json!({ "invitationId": id }));
    let sent = "UPDATE invitations SET token_hash = 'sent', sent_at = $1 WHERE status = 'PENDING'";
    let ended = house.overtaken(first, sent, vec![days(0)]).await;
    assert_eq!(ended.code(), "OK", "the invitation was not found: {}", ended.answer.text);
}
