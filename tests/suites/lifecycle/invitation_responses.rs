//! Accepting, declining, revoking and resending invitations: the conditions are checked at that moment.

use entity::{
    id::{InvitationId, TypedId},
    models::{Invitation, InvitationStatus},
    organization_settings::OrganizationSettings,
};
use serde_json::{Value, json};
use tests::{
    Kind,
    actor::{token, token_saying},
};

use super::{
    fixture::{Change, House, change, codes, rounds, tally},
    fixture_rows::{NORTH, NOWHERE, SOUTH, days, dso_id, known, nobody_id, organization, user},
};

fn accept(by: &str, token: &str) -> Change {
    change(by, NOWHERE, "invitationAccept", json!({ "token": token }))
}

fn decline(by: &str, token: &str) -> Change {
    change(by, NOWHERE, "invitationDecline", json!({ "token": token }))
}

fn by_id(mutation: &'static str, by: &str, id: &str) -> Change {
    let of = if ["invitationAccept", "invitationDecline"].contains(&mutation) { NOWHERE } else { NORTH };
    change(by, of, mutation, json!({ "invitationId": id }))
}

async fn status(house: &House, id: &str) -> String {
    let id = InvitationId::from_text(id).uuid();
    house.texts("SELECT status AS t FROM invitations WHERE id = $1", vec![id.into()]).await.concat()
}

#[tokio::test]
async fn only_the_verified_addressee_can_answer_an_invitation() {
    for kind in Kind::ALL {
        for mutation in ["invitationAccept", "invitationDecline"] {
            let house = House::new(kind).await;
            let (id, mailed) = house.invited("Pat@people.example", json!({})).await;
            let by_token = json!({ "token": mailed });
            let by_id = json!({ "invitationId": id });
            let somebody = |claims: Value, input: &Value| Change {
                token: token_saying(claims),
                of: NOWHERE.to_owned(),
                mutation,
                input: input.clone(),
            };
            let other = json!({ "sub": "pat", "email": "pat@elsewhere.example", "email_verified": true });
            let unverified = json!({ "sub": "pat", "email": "pat@people.example", "email_verified": false });
            for (change, code) in [
                (change("kim", NOWHERE, mutation, by_token.clone()), "EMAIL_MISMATCH"),
                (change("kim", NOWHERE, mutation, by_id.clone()), "INVITATION_OVER"),
                (change("owner", NORTH, mutation, by_token.clone()), "EMAIL_MISMATCH"),
                (somebody(other.clone(), &by_token), "EMAIL_MISMATCH"),
                (somebody(other, &by_id), "INVITATION_OVER"),
                (somebody(unverified.clone(), &by_token), "EMAIL_UNVERIFIED"),
                (somebody(unverified, &by_id), "EMAIL_UNVERIFIED"),
                (somebody(json!({ "sub": "pat" }), &by_token), "EMAIL_UNVERIFIED"),
                (change("pat", NOWHERE, mutation, json!({})), "BAD_USER_INPUT"),
                (change("pat", NOWHERE, mutation, json!({ "token": mailed, "invitationId": id })), "BAD_USER_INPUT"),
                (change("pat", NOWHERE, mutation, by_token.clone()), "OK"),
                (change("pat", NOWHERE, mutation, by_token.clone()), "INVITATION_OVER"),
                (change("pat", NOWHERE, mutation, by_id.clone()), "INVITATION_OVER"),
            ] {
                let asked = change.input.clone();
                assert_eq!(house.make(change).await.code(), code, "{kind:?} {mutation} {asked}");
            }
        }
    }
}

#[tokio::test]
async fn all_invalid_invitation_tokens_get_the_same_answer() {
    for kind in Kind::ALL {
        let house =
            House::with(kind, OrganizationSettings { mails_per_recipient: 100, ..OrganizationSettings::default() })
                .await;
        let (id, sent_again) = house.invited("pat@people.example", json!({})).await;
        assert_eq!(house.make(by_id("invitationResend", "admin", &id)).await.code(), "OK");
        let latest = house.post().await.pop().expect("a mail").token;
        let mut ended = Vec::new();
        for end in ["invitationRevoke", "invitationDecline", "expired"] {
            let (id, token) = house.invited("kim@people.example", json!({})).await;
            match end {
                "invitationRevoke" => assert_eq!(house.make(by_id(end, "admin", &id)).await.code(), "OK"),
                "expired" => {
                    let sql = "UPDATE invitations SET expires_at = $1 WHERE email_normal = 'kim@people.example'";
                    house.sql(sql, vec![days(0)]).await;
                }
                _ => assert_eq!(house.make(decline("kim", &token)).await.code(), "OK"),
            }
            ended.push((end.to_owned(), token));
        }
        let huge = "x".repeat(100_000);
        let mut bad = vec![
            ("unknown".to_owned(), "a".repeat(latest.len())),
            ("cut".to_owned(), latest[1..].to_owned()),
            ("in other letters".to_owned(), latest.to_uppercase()),
            ("longer".to_owned(), format!("{latest}a")),
            ("with a zero".to_owned(), format!("{latest}\0")),
            ("empty".to_owned(), String::new()),
            ("blank".to_owned(), " ".to_owned()),
            ("huge".to_owned(), huge),
            ("SQL".to_owned(), "' OR '1'='1".to_owned()),
            ("the hash of none".to_owned(), "null".to_owned()),
            ("of a mail before the latest".to_owned(), sent_again),
        ];
        bad.extend(ended);
        let preview = |token: String| {
            let query = "query($token: String!) { invitationPreview(token: $token) { organizationName status } }";
            let gate = (*house).clone();
            async move { gate.ask_as(None, NOWHERE, query, json!({ "token": token })).await }
        };
        let (mut accepts, mut declines, mut previews) = (Vec::new(), Vec::new(), Vec::new());
        for (what, token) in &bad {
            let accepted = house.make(accept("kim", token)).await;
            assert_eq!(accepted.code(), "INVITATION_OVER", "{kind:?} {what}");
            accepts.push(accepted.answer.stable());
            declines.push(house.make(decline("kim", token)).await.answer.stable());
            previews.push(preview(token.clone()).await.text);
        }
        for (place, (what, _)) in bad.iter().enumerate() {
            assert_eq!(accepts[place], accepts[0], "{kind:?}: accepting a token that is {what}");
            assert_eq!(declines[place], declines[0], "{kind:?}: declining a token that is {what}");
            assert_eq!(previews[place], previews[0], "{kind:?}: the preview of a token that is {what}");
        }
        assert_eq!(previews[0], r#"{"data":{"invitationPreview":null}}"#, "{kind:?}");
        // The id of another person's invitation is answered like an id that does not exist.
        let random = nobody_id().replace("mem_", "inv_");
        for mutation in ["invitationAccept", "invitationDecline"] {
            let foreign = house.make(by_id(mutation, "kim", &id)).await.answer;
            let nobodys = house.make(by_id(mutation, "kim", &random)).await.answer;
            assert_eq!(foreign.stable(), nobodys.stable(), "{kind:?} {mutation} of somebody else's invitation");
        }
        assert_eq!(house.make(accept("pat", &latest)).await.code(), "OK", "{kind:?}: the latest token opens");
    }
}

#[tokio::test]
async fn invitation_preview_shows_names_and_a_masked_address_to_any_token_holder() {
    let query = "query($token: String!) {
        invitationPreview(token: $token) { organizationName inviterName maskedEmail status } }";
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let (_, mailed) = house.invited_by("admin", NORTH, "Nina.Smith@people.example", json!({})).await;
        let shown = json!({ "organizationName": "The house north-dental", "inviterName": "admin by name",
                            "maskedEmail": "N…@people.example", "status": "PENDING" });
        let pat = token("pat");
        for credential in [None, Some(pat.as_str())] {
            let answer = house.ask_as(credential, NOWHERE, query, json!({ "token": mailed })).await.clean();
            assert_eq!(*answer.data("/invitationPreview"), shown, "{kind:?}");
        }
        for (sql, shows) in [
            ("UPDATE organizations SET status = 'SUSPENDED' WHERE slug = 'north-dental'", false),
            ("UPDATE organizations SET status = 'ACTIVE' WHERE slug = 'north-dental'", true),
            ("UPDATE organizations SET deleted_at = created_at WHERE slug = 'north-dental'", false),
        ] {
            house.sql(sql, vec![]).await;
            let answer = house.ask_as(None, NOWHERE, query, json!({ "token": mailed })).await.clean();
            assert_eq!(answer.data("/invitationPreview").is_object(), shows, "{kind:?} after `{sql}`");
        }
    }
}

#[tokio::test]
async fn acceptance_is_checked_against_the_current_state() {
    let north = |what: &str| format!("UPDATE organizations SET {what} WHERE slug = 'north-dental'");
    let inviter = |what: &str| {
        format!(
            "UPDATE memberships SET {what} WHERE user_id IN (SELECT id FROM users WHERE email_normal = 'admin@people.example')"
        )
    };
    let cases = [
        (inviter("status = 'REMOVED'"), "INVITATION_OVER", ""),
        (inviter("status = 'SUSPENDED'"), "INVITATION_OVER", ""),
        (inviter("role = 'MEMBER'"), "INVITATION_OVER", ""),
        (inviter("role = 'OWNER'"), "OK", "Bright MANAGER, Smile VIEWER"),
        (north("status = 'SUSPENDED'"), "INVITATION_OVER", ""),
        (north("deleted_at = created_at"), "INVITATION_OVER", ""),
        (north("seat_limit = 4"), "SEAT_LIMIT", ""),
        (north("seat_limit = 5"), "OK", "Bright MANAGER, Smile VIEWER"),
        ("UPDATE dsos SET deleted_at = created_at WHERE name = 'Smile'".to_owned(), "OK", "Bright MANAGER"),
        ("UPDATE invitations SET expires_at = created_at".to_owned(), "INVITATION_OVER", ""),
    ];
    for kind in Kind::ALL {
        for (sql, code, grants) in &cases {
            let house = House::new(kind).await;
            let promised = json!({ "role": "ADMIN", "grants": [
                { "dsoId": dso_id("Smile"), "role": "VIEWER" }, { "dsoId": dso_id("Bright"), "role": "MANAGER" }] });
            let (id, mailed) = house.invited_by("admin", NORTH, "pat@people.example", promised).await;
            assert!(house.sql(sql, vec![]).await > 0, "{sql}");
            let ended = house.make(accept("pat", &mailed)).await;
            assert_eq!(ended.code(), *code, "{kind:?} after `{sql}`");
            assert_eq!(house.grants("pat").await.join(", "), *grants, "{kind:?} after `{sql}`");
            let (standing, left) = if *code == "OK" { ("ADMIN ACTIVE", "ACCEPTED") } else { ("", "PENDING") };
            assert_eq!(house.standing("pat").await, standing, "{kind:?} after `{sql}`");
            assert_eq!(status(&house, &id).await, left, "{kind:?} after `{sql}`");
        }
    }
}

#[tokio::test]
async fn existing_member_cannot_accept_an_invitation() {
    for kind in Kind::ALL {
        for (person, code) in [("ann", "ALREADY_MEMBER"), ("sam", "WRONG_STATE")] {
            let house = House::new(kind).await;
            // The address of their login differs from the stored one.
            let (_, mailed) = house.invited("other@people.example", json!({ "role": "ADMIN" })).await;
            let claims = json!({ "sub": person, "email": "other@people.example", "email_verified": true });
            let before = house.standing(person).await;
            let ended = house.make(Change { token: token_saying(claims), ..accept(person, &mailed) }).await;
            assert_eq!(ended.code(), code, "{kind:?} {person}");
            assert_eq!(house.standing(person).await, before, "{kind:?} {person}");
        }
    }
}

#[tokio::test]
async fn an_ended_invitation_never_changes_again() {
    for kind in Kind::ALL {
        for end in ["invitationAccept", "invitationDecline", "invitationRevoke"] {
            let house = House::new(kind).await;
            let (id, mailed) = house.invited("pat@people.example", json!({})).await;
            let by = if end == "invitationRevoke" { "admin" } else { "pat" };
            assert_eq!(house.make(by_id(end, by, &id)).await.code(), "OK", "{kind:?} {end}");
            let row = house.texts("SELECT status || ' ' || generation AS t FROM invitations", vec![]).await;
            for again in [
                accept("pat", &mailed),
                decline("pat", &mailed),
                by_id("invitationAccept", "pat", &id),
                by_id("invitationDecline", "pat", &id),
                by_id("invitationRevoke", "owner", &id),
                by_id("invitationResend", "owner", &id),
            ] {
                let mutation = again.mutation;
                assert_eq!(house.make(again).await.code(), "INVITATION_OVER", "{kind:?} {mutation} after {end}");
            }
            let after = house.texts("SELECT status || ' ' || generation AS t FROM invitations", vec![]).await;
            assert_eq!(after, row, "{kind:?} after {end}");
            assert!(house.post().await.is_empty(), "{kind:?}: a mail after {end}");
        }
    }
}

#[test]
fn at_the_very_instant_at_which_it_ends_an_invitation_is_over() {
    let at = chrono::Utc::now();
    let invitation = Invitation {
        organization_id: entity::id::OrganizationId::from_uuid(organization(NORTH)),
        id: entity::id::InvitationId::generate(),
        email: String::new(),
        email_normal: String::new(),
        role: entity::auth::OrgRole::Member,
        status: InvitationStatus::Pending,
        token_hash: None,
        invited_by: None,
        created_at: at,
        expires_at: at,
        accepted_at: None,
        generation: 1,
        ended_at: None,
        sent_at: None,
    };
    assert_eq!(invitation.status_at(at), InvitationStatus::Expired);
    assert_eq!(invitation.status_at(at - chrono::Duration::microseconds(1)), InvitationStatus::Pending);
}

#[tokio::test(flavor = "multi_thread")]
async fn invitation_is_checked_again_under_the_lock() {
    for kind in Kind::ALL {
        for (sql, value) in [
            ("UPDATE invitations SET status = 'REVOKED', ended_at = $1", days(0)),
            ("UPDATE invitations SET token_hash = 'sent anew', sent_at = $1", days(0)),
            ("UPDATE invitations SET expires_at = $1", days(0)),
            ("UPDATE organizations SET deleted_at = $1 WHERE slug = 'north-dental'", days(0)),
            (
                "UPDATE memberships SET status = 'REMOVED', updated_at = $1 WHERE role = 'OWNER' AND organization_id IN \
              (SELECT id FROM organizations WHERE slug = 'north-dental')",
                days(0),
            ),
        ] {
            let house = House::new(kind).await;
            let (_, mailed) = house.invited("pat@people.example", json!({})).await;
            let ended = house.overtaken(accept("pat", &mailed), sql, vec![value]).await;
            assert_eq!(ended.code(), "INVITATION_OVER", "{kind:?} while `{sql}`");
            assert_eq!(house.standing("pat").await, "", "{kind:?} while `{sql}`");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_accepts_at_once_comes_one_member_and_one_event() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let (_, mailed) = house.invited("pat@people.example", json!({})).await;
        let hash = house.texts("SELECT token_hash AS t FROM invitations", vec![]).await.remove(0);
        for round in 0..rounds() {
            let person = format!("guest-{round}");
            known(&house.rows, &person).await;
            let sql = "UPDATE invitations SET status = 'PENDING', token_hash = $1, ended_at = NULL, accepted_at = NULL, \
                       email_normal = $2";
            house.sql(sql, vec![hash.clone().into(), format!("{person}@people.example").into()]).await;
            let ended = house.at_once((0..10).map(|_| accept(&person, &mailed))).await;
            let expected = [("OK".to_owned(), 1), ("INVITATION_OVER".to_owned(), 9)];
            assert_eq!(tally(&ended), expected.into(), "{kind:?} round {round}");
            let sql = "SELECT count(*) AS n FROM memberships WHERE organization_id = $1 AND user_id = $2";
            let members = house.count(sql, vec![organization(NORTH).into(), user(&person).into()]).await;
            assert_eq!(members, 1, "{kind:?} round {round}");
        }
        assert_eq!(house.news(1).await, vec!["INVITATION_ACCEPT DONE"; rounds()], "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_concurrent_accepts_gets_the_last_seat() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let (_, pats) = house.invited("pat@people.example", json!({})).await;
        let (_, kims) = house.invited("kim@people.example", json!({})).await;
        house.sql("UPDATE organizations SET seat_limit = 5 WHERE slug = $1", vec![NORTH.into()]).await;
        let hashes = "SELECT email_normal || ' ' || token_hash AS t FROM invitations";
        let hashes = house.texts(hashes, vec![]).await;
        for round in 0..rounds() {
            for line in &hashes {
                let (email, hash) = line.split_once(' ').expect("an address and a hash");
                let sql = "UPDATE invitations SET status = 'PENDING', token_hash = $2 WHERE email_normal = $1";
                house.sql(sql, vec![email.into(), hash.into()]).await;
            }
            // A caller who is refused repeatedly is rejected without a check for a while.
            house.forget_refusals().await;
            let sql = "UPDATE memberships SET status = 'REMOVED' WHERE organization_id = $1 AND user_id IN ($2, $3)";
            house.sql(sql, vec![organization(NORTH).into(), user("pat").into(), user("kim").into()]).await;
            let mut ended = codes(&house.at_once([accept("pat", &pats), accept("kim", &kims)]).await);
            ended.sort();
            assert_eq!(ended, ["OK", "SEAT_LIMIT"], "{kind:?} round {round}");
            let sql = "SELECT count(*) AS n FROM memberships WHERE organization_id = $1 AND status = 'ACTIVE'";
            assert_eq!(house.count(sql, vec![organization(NORTH).into()]).await, 5, "{kind:?} round {round}");
        }
    }
}

/// Pat accepts while another change ends the invitation: exactly one of the two succeeds.
async fn accept_against(ending: impl Fn(&str, &str) -> Change, status_after: &str) {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let (id, mailed) = house.invited("pat@people.example", json!({})).await;
        let hash = house.texts("SELECT token_hash AS t FROM invitations", vec![]).await.remove(0);
        for round in 0..rounds() {
            let sql = "UPDATE invitations SET status = 'PENDING', token_hash = $1, ended_at = NULL, accepted_at = NULL";
            house.sql(sql, vec![hash.clone().into()]).await;
            let sql = "UPDATE memberships SET status = 'REMOVED' WHERE organization_id = $1 AND user_id = $2";
            house.sql(sql, vec![organization(NORTH).into(), user("pat").into()]).await;
            let two = [accept("pat", &mailed), ending(&mailed, &id)];
            let is_first = round % 2 == 0;
            let mut ended = if is_first {
                codes(&house.at_once(two).await)
            } else {
                let [accepting, ending] = two;
                let mut ended = codes(&house.at_once([ending, accepting]).await);
                ended.reverse();
                ended
            };
            let is_accepted = ended[0] == "OK";
            let is_member = house.standing("pat").await == "MEMBER ACTIVE";
            let after = status(&house, &id).await;
            let expected = if is_accepted { "ACCEPTED" } else { status_after };
            assert_eq!((is_member, after.as_str()), (is_accepted, expected), "{kind:?} round {round}: {ended:?}");
            ended.sort();
            assert_eq!(ended, ["INVITATION_OVER", "OK"], "{kind:?} round {round}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_accept_and_a_revoke_at_once_one_is_done() {
    accept_against(|_, id| by_id("invitationRevoke", "admin", id), "REVOKED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_accept_and_a_decline_at_once_one_is_done() {
    accept_against(|token, _| decline("pat", token), "DECLINED").await;
}

#[tokio::test]
async fn memberships_of_one_person_in_two_organizations_are_independent() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let (_, mailed) = house.invited_by("sue", SOUTH, "admin@people.example", json!({})).await;
        let ended = house.make(accept("admin", &mailed)).await;
        assert_eq!(ended.text("/membership/organizationSlug"), SOUTH, "{kind:?}");
        assert_eq!(house.standing("admin").await, "ADMIN ACTIVE", "{kind:?}");
        let query = "{ viewer { member { role } } organization { auditLog { totalCount } } }";
        let answer = house.ask("admin", SOUTH, query).await;
        assert_eq!(answer.data("/viewer/member/role"), "MEMBER", "{kind:?} {}", answer.text);
        assert_eq!(answer.codes(), ["FORBIDDEN"], "{kind:?}: a role of North counts in South");
    }
}
