//! Inviting people: to whom, with what, how often, and when the mail server is away.

use chrono::{Duration, Utc};
use entity::organization_settings::OrganizationSettings;
use serde_json::{Value, json};
use tests::{Kind, dump::dump};

use super::{
    fixture::{House, change, key, rounds, tally},
    fixture_rows::{NORTH, NOWHERE, SOUTH, days, dso_id, nobody_id, organization_id},
};

async fn invite(house: &House, by: &str, input: Value) -> String {
    house.change(by, NORTH, "invitationCreate", input).await.code()
}

fn promise(name: &str) -> Value {
    json!({ "dsoId": dso_id(name), "role": "VIEWER" })
}

#[tokio::test]
async fn every_case_of_an_invitation_ends_with_its_code() {
    let in_days = |days: i64| (Utc::now() + Duration::days(days)).to_rfc3339();
    let to = |email: &str| json!({ "email": email });
    let with = |fields: Value| {
        let mut input = json!({ "email": "nina@people.example" });
        input.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        input
    };
    let long = format!("{}@people.example", "n".repeat(400));
    let cases: Vec<(&str, Value, &str)> = vec![
        // Addresses.
        ("owner", to(" Nina@People.Example\t"), "OK"),
        ("owner", to("nina+north@people.example"), "OK"),
        ("owner", to("jürgen@bücher.example"), "OK"),
        ("owner", to("gone@people.example"), "OK"),
        ("owner", to(" ADMIN@people.example"), "ALREADY_MEMBER"),
        ("owner", to("sam@people.example"), "ALREADY_MEMBER"),
        ("owner", to("no address"), "BAD_USER_INPUT"),
        ("owner", to(""), "BAD_USER_INPUT"),
        ("owner", to("@people.example"), "BAD_USER_INPUT"),
        ("owner", to("nina @people.example"), "BAD_USER_INPUT"),
        ("owner", to("nina@people.example\r\nBcc: all@people.example"), "BAD_USER_INPUT"),
        ("owner", to(&long), "BAD_USER_INPUT"),
        // Roles.
        ("owner", with(json!({ "role": "ADMIN" })), "OK"),
        ("admin", with(json!({ "role": "ADMIN" })), "OK"),
        ("admin", with(json!({ "role": "MEMBER" })), "OK"),
        ("owner", with(json!({ "role": "OWNER" })), "BAD_USER_INPUT"),
        ("admin", with(json!({ "role": "OWNER" })), "BAD_USER_INPUT"),
        ("dee", with(json!({ "role": "MEMBER" })), "FORBIDDEN"),
        ("sam", with(json!({})), "NOT_FOUND"),
        ("gone", with(json!({})), "NOT_FOUND"),
        ("sue", with(json!({})), "NOT_FOUND"),
        // DSOs.
        ("admin", with(json!({ "grants": [promise("Smile"), promise("Bright")] })), "OK"),
        ("admin", with(json!({ "grants": [promise("Harbor")] })), "NOT_FOUND"),
        ("admin", with(json!({ "grants": [promise("Attic")] })), "NOT_FOUND"),
        ("admin", with(json!({ "grants": [promise("Smile"), promise("Smile")] })), "BAD_USER_INPUT"),
        // Times.
        ("admin", with(json!({ "expiresAt": in_days(29) })), "OK"),
        ("admin", with(json!({ "expiresAt": in_days(-1) })), "BAD_USER_INPUT"),
        ("admin", with(json!({ "expiresAt": in_days(31) })), "BAD_USER_INPUT"),
    ];
    for kind in Kind::ALL {
        let house =
            House::with(kind, OrganizationSettings { mails_per_recipient: 100, ..OrganizationSettings::default() })
                .await;
        let south = house.south().await;
        for (by, input, code) in &cases {
            house.sql("UPDATE invitations SET status = 'REVOKED'", vec![]).await;
            let before = house.count("SELECT count(*) AS n FROM invitations", vec![]).await;
            assert_eq!(invite(&house, by, input.clone()).await, *code, "{kind:?} {by} {input}");
            let made = house.count("SELECT count(*) AS n FROM invitations", vec![]).await - before;
            assert_eq!(made, i64::from(*code == "OK"), "{kind:?} {by} {input}");
        }
        assert_eq!(house.south().await, south, "{kind:?}: South has changed");
    }
}

#[tokio::test]
async fn all_problems_of_an_invitation_are_told_at_once() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let before = dump(&house.rows).await;
        let input = json!({
            "email": "no address", "role": "OWNER", "expiresAt": "2020-01-01T00:00:00Z",
            "grants": [promise("Smile"), promise("Smile"), promise("Harbor")],
        });
        let ended = house.change("owner", NORTH, "invitationCreate", input).await;
        let mut fields = ended.fields();
        fields.sort_unstable();
        assert_eq!(fields, ["email", "expiresAt", "grants", "grants", "role"], "{kind:?} {}", ended.answer.text);
        let mut after = dump(&house.rows).await;
        for told in ["audit_events", "refused_attempts"] {
            after.insert(told.to_owned(), before[told].clone());
        }
        assert_eq!(after, before, "{kind:?}: a refused invitation left something behind");
    }
}

#[tokio::test]
async fn an_address_is_invited_again_once_its_invitation_is_over() {
    let over = "UPDATE invitations SET expires_at = created_at WHERE status = 'PENDING'";
    let ends: [(&str, Option<&'static str>); 3] =
        [("expired", None), ("declined", Some("invitationDecline")), ("revoked", Some("invitationRevoke"))];
    for kind in Kind::ALL {
        let house =
            House::with(kind, OrganizationSettings { mails_per_recipient: 100, ..OrganizationSettings::default() })
                .await;
        for (how, mutation) in ends {
            let (id, token) = house.invited("Pat@people.example", json!({})).await;
            for again in ["pat@people.example", " PAT@PEOPLE.EXAMPLE "] {
                assert_eq!(invite(&house, "admin", json!({ "email": again })).await, "ALREADY_INVITED", "{kind:?}");
            }
            let ended = match mutation {
                None => house.sql(over, vec![]).await.to_string(),
                Some("invitationDecline") => {
                    house.change("pat", NOWHERE, "invitationDecline", json!({ "token": token })).await.code()
                }
                Some(revoke) => house.change("admin", NORTH, revoke, json!({ "invitationId": id })).await.code(),
            };
            assert!(["OK", "1"].contains(&ended.as_str()), "{kind:?} {how}: {ended}");
        }
        house.invited("pat@people.example", json!({})).await;
        // Another organization asks whom it likes.
        house.invited_by("sue", SOUTH, "pat@people.example", json!({})).await;
        house.invited_by("sue", SOUTH, "admin@people.example", json!({})).await;
        let list = house.ask("pat", NOWHERE, "{ viewer { pendingInvitations { organizationName } } }").await.clean();
        assert_eq!(list.data("/viewer/pendingInvitations").as_array().map(Vec::len), Some(2), "{kind:?} {}", list.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_invitations_of_one_address_at_once_one_is_made() {
    for kind in Kind::ALL {
        let rules = OrganizationSettings { mails_per_organization: 1000, ..OrganizationSettings::default() };
        let house = House::with(kind, rules).await;
        for round in 0..rounds() {
            let spelling = |turn: usize| if turn.is_multiple_of(2) { "nina" } else { "NINA" };
            let one = |turn: usize| {
                let email = format!("{}{round}@people.example", spelling(turn));
                change(["owner", "admin"][turn % 2], NORTH, "invitationCreate", json!({ "email": email }))
            };
            let ended = house.at_once((0..4).map(one)).await;
            let expected = [("OK".to_owned(), 1), ("ALREADY_INVITED".to_owned(), 3)];
            assert_eq!(tally(&ended), expected.into(), "{kind:?} round {round}");
        }
        assert_eq!(house.post().await.len(), rounds(), "{kind:?}: mails");
    }
}

#[tokio::test]
async fn one_address_and_one_organization_get_only_so_many_mails_a_day() {
    for kind in Kind::ALL {
        let rules = OrganizationSettings {
            mails_per_recipient: 2,
            mails_per_organization: 4,
            ..OrganizationSettings::default()
        };
        let house = House::with(kind, rules).await;
        let (id, _) = house.invited("nina@people.example", json!({})).await;
        let resend = || change("admin", NORTH, "invitationResend", json!({ "invitationId": id }));
        assert_eq!(house.make(resend()).await.code(), "OK", "{kind:?}");
        assert_eq!(house.make(resend()).await.code(), "RATE_LIMITED", "{kind:?}");
        // Taking it back and asking anew is no way around.
        let revoke = house.change("admin", NORTH, "invitationRevoke", json!({ "invitationId": id })).await;
        assert_eq!(revoke.code(), "OK", "{kind:?}");
        assert_eq!(
            invite(&house, "admin", json!({ "email": "Nina@people.example" })).await,
            "RATE_LIMITED",
            "{kind:?}"
        );
        for (email, code) in [("nick", "OK"), ("nora", "OK"), ("noah", "RATE_LIMITED")] {
            let input = json!({ "email": format!("{email}@people.example") });
            assert_eq!(invite(&house, "admin", input).await, code, "{kind:?} {email}");
        }
        // Another organization has its own count.
        let other = house.change("sue", SOUTH, "invitationCreate", json!({ "email": "noah@people.example" })).await;
        assert_eq!(other.code(), "OK", "{kind:?}");
    }
}

#[tokio::test]
async fn a_young_organization_sends_fewer_invitations() {
    let rules = OrganizationSettings {
        mails_per_young_organization: 2,
        young: chrono::Duration::days(7),
        ..OrganizationSettings::default()
    };
    for kind in Kind::ALL {
        let house = House::with(kind, rules.clone()).await;
        for (age, codes) in [(6, ["OK", "OK", "RATE_LIMITED"]), (8, ["OK", "OK", "OK"])] {
            let sql = "UPDATE organizations SET created_at = $1 WHERE slug = $2";
            house.sql(sql, vec![days(-age), NORTH.into()]).await;
            for (turn, code) in codes.into_iter().enumerate() {
                let input = json!({ "email": format!("guest{age}x{turn}@people.example") });
                assert_eq!(invite(&house, "admin", input).await, code, "{kind:?} {age} days old, {turn}");
            }
        }
    }
}

#[tokio::test]
async fn while_the_mail_server_is_down_a_mail_waits_and_is_whole() {
    let sent_at = "{ organization { invitations { nodes { status sentAt } } } }";
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let input = json!({ "email": "pat@people.example", "grants": [promise("Smile")] });
        assert_eq!(invite(&house, "admin", input).await, "OK", "{kind:?}");
        let first = house.db.next_mail(&key()).await.unwrap().expect("a mail");
        assert_eq!((first.recipient.as_str(), first.attempts), ("pat@people.example", 1), "{kind:?}");
        assert_eq!(first.content.organization, "The house north-dental", "{kind:?}");
        assert_eq!(first.content.inviter, "admin by name", "{kind:?}");
        // Nobody has told that it was sent: it is handed out again, but not at once.
        assert!(house.db.next_mail(&key()).await.unwrap().is_none(), "{kind:?}: two postmen have one mail");
        let list = house.ask("admin", NORTH, sent_at).await.clean();
        let waits = json!({ "status": "PENDING", "sentAt": null });
        assert_eq!(*list.data("/organization/invitations/nodes/0"), waits, "{kind:?}");
        house.sql("UPDATE outbox SET due_at = $1", vec![days(-1)]).await;
        let second = house.db.next_mail(&key()).await.unwrap().expect("the mail again");
        assert_eq!((&second.token, second.attempts), (&first.token, 2), "{kind:?}: another token for the same mail");
        house.db.mail_sent(&second).await.unwrap();
        assert!(house.post().await.is_empty(), "{kind:?}: the mail was sent twice");
        let list = house.ask("admin", NORTH, sent_at).await.clean();
        assert!(list.data("/organization/invitations/nodes/0/sentAt").is_string(), "{kind:?} {}", list.text);
        let accept = house.change("pat", NOWHERE, "invitationAccept", json!({ "token": second.token })).await;
        assert_eq!(accept.code(), "OK", "{kind:?}");
        assert_eq!(house.grants("pat").await, ["Smile VIEWER"], "{kind:?}");
    }
}

#[tokio::test]
async fn a_mail_of_an_invitation_that_is_over_is_never_handed_out() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let made = house.change("admin", NORTH, "invitationCreate", json!({ "email": "pat@people.example" })).await;
        let id = json!({ "invitationId": made.text("/invitation/id") });
        assert_eq!(house.change("admin", NORTH, "invitationRevoke", id).await.code(), "OK");
        assert!(house.post().await.is_empty(), "{kind:?}: revoked");
        assert_eq!(invite(&house, "admin", json!({ "email": "kim@people.example" })).await, "OK");
        house.sql("UPDATE invitations SET expires_at = created_at WHERE status = 'PENDING'", vec![]).await;
        assert!(house.post().await.is_empty(), "{kind:?}: expired");
        // Sent again before the first mail went out: one mail, with the latest token.
        let made = house.change("admin", NORTH, "invitationCreate", json!({ "email": "nina@people.example" })).await;
        let id = json!({ "invitationId": made.text("/invitation/id") });
        assert_eq!(house.change("admin", NORTH, "invitationResend", id).await.code(), "OK");
        assert_eq!(house.post().await.len(), 1, "{kind:?}: sent again");
    }
}

#[tokio::test]
async fn a_token_is_nowhere_but_in_its_mail() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let (_, token) = house.invited("nina@people.example", json!({})).await;
        assert!(token.len() >= 52, "{kind:?}: a token of 256 bits");
        let all = dump(&house.rows).await;
        for (table, rows) in all {
            assert!(!rows.iter().any(|row| row.contains(&token)), "{kind:?}: the token stands in `{table}`");
        }
        let log = house.ask("owner", NORTH, "{ organization { auditLog { nodes { before after } } } }").await.clean();
        assert!(!log.text.contains(&token) && !log.text.contains("token"), "{kind:?} {}", log.text);
    }
}

#[tokio::test]
async fn another_organizations_admin_finds_no_invitation_of_ours() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let (id, _) = house.invited("nina@people.example", json!({})).await;
        let nobody = nobody_id().replace("mem_", "inv_");
        for mutation in ["invitationResend", "invitationRevoke"] {
            let foreign = house.change("sue", SOUTH, mutation, json!({ "invitationId": id })).await;
            let random = house.change("sue", SOUTH, mutation, json!({ "invitationId": nobody })).await;
            assert_eq!(foreign.code(), "NOT_FOUND", "{kind:?} {mutation}");
            assert_eq!(foreign.answer.stable(), random.answer.stable(), "{kind:?} {mutation}");
        }
        let list = house.ask("sue", SOUTH, "{ organization { invitations { totalCount } } }").await.clean();
        assert_eq!(*list.data("/organization/invitations/totalCount"), json!(0), "{kind:?}");
        let named = house.change("sue", NORTH, "invitationRevoke", json!({ "invitationId": id })).await;
        assert_eq!(named.code(), "NOT_FOUND", "{kind:?} {}", organization_id(NORTH));
    }
}
