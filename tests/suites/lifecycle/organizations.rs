//! Making organizations, naming them, deleting them and bringing them back.

use entity::organization_settings::OrganizationSettings;
use serde_json::{Value, json};
use tests::Kind;

use super::{
    fixture::{House, change, codes, rounds, tally},
    fixture_rows::{NORTH, NOWHERE, SOUTH, days, organization, organization_id, user},
};

fn unlimited() -> OrganizationSettings {
    OrganizationSettings {
        organizations_per_person: 1000,
        taken_slugs_per_day: 1_000_000,
        ..OrganizationSettings::default()
    }
}

async fn rename(house: &House, by: &str, input: Value) -> String {
    house.change(by, NORTH, "organizationRename", input).await.code()
}

#[tokio::test]
async fn a_slug_has_one_normal_form_and_what_has_none_is_refused() {
    let (long, longest) = ("x".repeat(49), "x".repeat(48));
    let sound = [
        ("Smile Dental", "smile-dental"),
        ("  TOOTH--and_nail ", "tooth-and-nail"),
        ("Zahnärzte München", "zahnarzte-munchen"),
        ("a.b.c", "a-b-c"),
        (&longest, &longest),
    ];
    let refused = [
        ("admin", "SLUG_TAKEN"),
        ("GraphQL", "SLUG_TAKEN"),
        (" www ", "SLUG_TAKEN"),
        ("smile_DENTAL", "SLUG_TAKEN"),
        ("North Dental", "SLUG_TAKEN"),
        ("", "BAD_USER_INPUT"),
        ("ab", "BAD_USER_INPUT"),
        ("---", "BAD_USER_INPUT"),
        ("!!!", "BAD_USER_INPUT"),
        (&long, "BAD_USER_INPUT"),
        ("01890a5d-ac96-774b-bcce-b302099a8057", "BAD_USER_INPUT"),
    ];
    for kind in Kind::ALL {
        let house = House::with(kind, unlimited()).await;
        for (written, slug) in sound {
            let input = json!({ "name": "New", "slug": written });
            let ended = house.change("pat", NOWHERE, "organizationCreate", input).await;
            assert_eq!(ended.code(), "OK", "{kind:?} `{written}`: {}", ended.answer.text);
            assert_eq!(ended.text("/membership/organizationSlug"), slug, "{kind:?}");
            assert_eq!(ended.text("/membership/role"), "OWNER", "{kind:?}");
        }
        for (written, code) in refused {
            let input = json!({ "name": "New", "slug": written });
            let ended = house.change("kim", NOWHERE, "organizationCreate", input).await;
            assert_eq!(ended.code(), code, "{kind:?} `{written}`");
            let ended = rename(&house, "owner", json!({ "slug": written })).await;
            let code = if written == "North Dental" { "OK" } else { code };
            assert_eq!(ended, code, "{kind:?} `{written}` as another slug");
        }
        let both = house.change("kim", NOWHERE, "organizationCreate", json!({ "name": " ", "slug": "ab" })).await;
        assert_eq!((both.code().as_str(), both.fields()), ("BAD_USER_INPUT BAD_USER_INPUT", vec!["name", "slug"]));

        // Made of the name, it gives way to those that are there.
        let mut slugs = Vec::new();
        for _ in 0..3 {
            let ended = house.change("kim", NOWHERE, "organizationCreate", json!({ "name": "North Dental" })).await;
            slugs.push(ended.text("/membership/organizationSlug"));
        }
        slugs.push(NORTH.to_owned());
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), 4, "{kind:?} {slugs:?}");
        assert!(slugs.iter().all(|slug| slug.starts_with(NORTH)), "{kind:?} {slugs:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_creates_at_once_with_one_slug_one_wins() {
    for kind in Kind::ALL {
        let house = House::with(kind, unlimited()).await;
        for round in 0..rounds() {
            let people = ["owner", "ann", "pat", "kim"];
            let input = json!({ "name": "Contested", "slug": format!("contested {round}") });
            let ended =
                house.at_once(people.map(|person| change(person, NOWHERE, "organizationCreate", input.clone()))).await;
            let expected = [("OK".to_owned(), 1), ("SLUG_TAKEN".to_owned(), 3)];
            assert_eq!(tally(&ended), expected.into(), "{kind:?} round {round}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_owns_more_organizations_than_the_operator_lets_them_even_at_once() {
    for kind in Kind::ALL {
        let house =
            House::with(kind, OrganizationSettings { organizations_per_person: 3, ..OrganizationSettings::default() })
                .await;
        let create = |number| {
            change("pat", NOWHERE, "organizationCreate", json!({ "name": "Mine", "slug": format!("mine {number}") }))
        };
        let mut ended = Vec::new();
        for round in 0..rounds() {
            let fresh = "UPDATE organizations SET deleted_at = created_at WHERE id IN \
                         (SELECT organization_id FROM memberships WHERE user_id = $1)";
            house.sql(fresh, vec![user("pat").into()]).await;
            ended = house.at_once((0..4).map(|turn| create(round * 4 + turn))).await;
            let expected = [("OK".to_owned(), 3), ("ORGANIZATION_LIMIT".to_owned(), 1)];
            assert_eq!(tally(&ended), expected.into(), "{kind:?} round {round}");
        }

        // A deleted one does not count, and comes back only where there is room.
        let mine = ended.iter().find(|one| one.code() == "OK").expect("one was made");
        let (id, slug) = (mine.text("/membership/organizationId"), mine.text("/membership/organizationSlug"));
        let gone = house.change("pat", &slug, "organizationDelete", json!({ "confirmation": slug })).await;
        assert_eq!(gone.code(), "OK", "{kind:?}");
        assert_eq!(house.make(create(rounds() * 4)).await.code(), "OK", "{kind:?}");
        let back = house.change("pat", NOWHERE, "organizationRestore", json!({ "organizationId": id })).await;
        assert_eq!(back.code(), "ORGANIZATION_LIMIT", "{kind:?}");
    }
}

#[tokio::test]
async fn a_slug_that_was_given_up_is_kept_from_others_for_ninety_days() {
    for kind in Kind::ALL {
        let house = House::with(kind, unlimited()).await;
        let taken = |by: &'static str| change(by, NOWHERE, "organizationCreate", json!({ "name": "N", "slug": NORTH }));
        assert_eq!(rename(&house, "admin", json!({ "name": "Mine" })).await, "FORBIDDEN", "{kind:?}");
        assert_eq!(rename(&house, "owner", json!({ "slug": SOUTH })).await, "SLUG_TAKEN", "{kind:?}");
        assert_eq!(rename(&house, "owner", json!({ "slug": "new-dental" })).await, "OK", "{kind:?}");
        // The old slug leads nowhere.
        assert_eq!(rename(&house, "owner", json!({ "name": "x" })).await, "NOT_FOUND", "{kind:?}");
        assert_eq!(house.make(taken("pat")).await.code(), "SLUG_TAKEN", "{kind:?}");
        let stolen = house.change("sue", SOUTH, "organizationRename", json!({ "slug": NORTH })).await;
        assert_eq!(stolen.code(), "SLUG_TAKEN", "{kind:?}");
        house.sql("UPDATE slug_history SET freed_at = $1", vec![days(-89)]).await;
        assert_eq!(house.make(taken("pat")).await.code(), "SLUG_TAKEN", "{kind:?} after 89 days");
        // Its last holder gets it back at any time, and gives it up anew.
        for slug in [NORTH, "new-dental"] {
            let back =
                house.change("owner", &organization_id(NORTH), "organizationRename", json!({ "slug": slug })).await;
            assert_eq!(back.code(), "OK", "{kind:?} {slug}");
        }
        assert_eq!(house.make(taken("pat")).await.code(), "SLUG_TAKEN", "{kind:?} given up anew");
        house.sql("UPDATE slug_history SET freed_at = $1 WHERE slug = $2", vec![days(-91), NORTH.into()]).await;
        assert_eq!(house.make(taken("pat")).await.code(), "OK", "{kind:?} after 91 days");
        assert_eq!(house.make(taken("kim")).await.code(), "SLUG_TAKEN", "{kind:?} held again");
    }
}

#[tokio::test]
async fn the_same_names_again_are_no_change_and_stale_sight_is_refused() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let south = house.south().await;
        assert_eq!(rename(&house, "owner", json!({ "name": "Nord", "expectedVersion": 1 })).await, "OK", "{kind:?}");
        let seen = house.seen().await;
        for input in [json!({}), json!({ "name": " Nord " }), json!({ "slug": "North  Dental" })] {
            let ended = house.change("owner", NORTH, "organizationRename", input.clone()).await;
            assert_eq!(ended.code(), "OK", "{kind:?} {input}");
            assert_eq!(*ended.answer.data("/organizationRename/organization/version"), json!(2), "{kind:?} {input}");
        }
        assert!(house.news(seen).await.is_empty(), "{kind:?}: no change was written down");
        assert_eq!(
            rename(&house, "owner", json!({ "name": "Norden", "expectedVersion": 1 })).await,
            "STALE_VERSION",
            "{kind:?}"
        );
        assert_eq!(rename(&house, "owner", json!({ "name": "n".repeat(201) })).await, "BAD_USER_INPUT", "{kind:?}");
        assert_eq!(house.south().await, south, "{kind:?}: South has changed");
    }
}

#[tokio::test]
async fn a_deleted_organization_is_gone_for_everybody_at_once_until_its_owner_restores_it() {
    let restore =
        |by: &str| change(by, NOWHERE, "organizationRestore", json!({ "organizationId": organization_id(NORTH) }));
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let south = house.south().await;
        let (id, mailed) = house.invited("nina@people.example", json!({})).await;
        let unsent = json!({ "email": "nick@people.example" });
        assert_eq!(house.change("owner", NORTH, "invitationCreate", unsent).await.code(), "OK");
        let asked = house.change("pat", NOWHERE, "joinRequestCreate", json!({ "organizationSlug": NORTH })).await;
        assert_eq!(asked.code(), "OK", "{kind:?}");
        for (by, confirmation, code) in [
            ("owner", "", "NOT_CONFIRMED"),
            ("owner", SOUTH, "NOT_CONFIRMED"),
            ("owner", "NORTH-DENTAL", "NOT_CONFIRMED"),
            ("owner", "north-dental ", "NOT_CONFIRMED"),
            ("admin", NORTH, "FORBIDDEN"),
            ("ann", NORTH, "FORBIDDEN"),
            ("sam", NORTH, "NOT_FOUND"),
            ("sue", NORTH, "NOT_FOUND"),
            ("owner", NORTH, "OK"),
            ("owner", NORTH, "NOT_FOUND"),
        ] {
            let ended = house.change(by, NORTH, "organizationDelete", json!({ "confirmation": confirmation })).await;
            assert_eq!(ended.code(), code, "{kind:?} {by} `{confirmation}`");
        }
        for person in ["owner", "admin", "ann", "dee"] {
            let answer = house.ask(person, NORTH, "{ organization { name } }").await;
            assert_eq!(answer.codes(), ["NOT_FOUND"], "{kind:?} {person}");
        }
        assert!(house.post().await.is_empty(), "{kind:?}: a mail of a deleted organization");
        let taken = house.change("kim", NOWHERE, "organizationCreate", json!({ "name": "N", "slug": NORTH })).await;
        assert_eq!(taken.code(), "SLUG_TAKEN", "{kind:?}: the slug is held in the grace");

        for (by, code) in [
            ("admin", "NOT_FOUND"),
            ("ann", "NOT_FOUND"),
            ("sue", "NOT_FOUND"),
            ("pat", "NOT_FOUND"),
            ("owner", "OK"),
            ("owner", "NOT_FOUND"),
        ] {
            assert_eq!(house.make(restore(by)).await.code(), code, "{kind:?} restored by {by}");
        }
        let answer = house.ask("ann", NORTH, "{ organization { name } }").await.clean();
        assert_eq!(answer.data("/organization/name"), "The house north-dental", "{kind:?}");
        // What died with it stays dead.
        let accept = house.change("kim", NOWHERE, "invitationAccept", json!({ "token": mailed })).await;
        assert_eq!(accept.code(), "INVITATION_OVER", "{kind:?}");
        let resend = house.change("owner", NORTH, "invitationResend", json!({ "invitationId": id })).await;
        assert_eq!(resend.code(), "INVITATION_OVER", "{kind:?}");
        let approve = json!({ "joinRequestId": asked.text("/joinRequest/id") });
        let approve = house.change("owner", NORTH, "joinRequestApprove", approve).await;
        assert_eq!(approve.code(), "WRONG_STATE", "{kind:?}");
        assert_eq!(house.south().await, south, "{kind:?}: South has changed");
    }
}

#[tokio::test]
async fn the_grace_of_a_deletion_is_thirty_days() {
    let query = "{ viewer { deletedOrganizations { slug organizationId } } }";
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let input = json!({ "organizationId": organization_id(NORTH) });
        for (days_ago, listed, code) in [(31, 0, "NOT_FOUND"), (29, 1, "OK")] {
            let sql = "UPDATE organizations SET deleted_at = $1 WHERE id = $2";
            house.sql(sql, vec![days(-days_ago), organization(NORTH).into()]).await;
            let answer = house.ask("owner", NOWHERE, query).await.clean();
            let deleted = answer.data("/viewer/deletedOrganizations").as_array().expect("a list");
            assert_eq!(deleted.len(), listed, "{kind:?} {days_ago} days ago: {}", answer.text);
            let others = house.ask("admin", NOWHERE, query).await.clean();
            assert_eq!(*others.data("/viewer/deletedOrganizations"), json!([]), "{kind:?}");
            let ended = house.change("owner", NOWHERE, "organizationRestore", input.clone()).await;
            assert_eq!(ended.code(), code, "{kind:?} {days_ago} days ago");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_deletes_and_of_restores_at_once_one_is_done() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        house.set("admin", "OWNER", "ACTIVE").await;
        for round in 0..rounds() {
            let delete = |by| change(by, NORTH, "organizationDelete", json!({ "confirmation": NORTH }));
            let mut ended = codes(&house.at_once(["owner", "admin"].map(delete)).await);
            ended.sort();
            assert_eq!(ended, ["NOT_FOUND", "OK"], "{kind:?} round {round}");
            let input = json!({ "organizationId": organization_id(NORTH) });
            let restore = |by| change(by, NOWHERE, "organizationRestore", input.clone());
            let mut ended = codes(&house.at_once(["owner", "admin"].map(restore)).await);
            ended.sort();
            assert_eq!(ended, ["NOT_FOUND", "OK"], "{kind:?} round {round}");
        }
        let log = house.news(0).await;
        let done = |action: &str| log.iter().filter(|event| *event == action).count();
        assert_eq!(
            (done("ORGANIZATION_DELETE DONE"), done("ORGANIZATION_RESTORE DONE")),
            (rounds(), rounds()),
            "{kind:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_that_is_given_up_at_this_very_moment_goes_to_nobody_else() {
    for kind in Kind::ALL {
        let house = House::with(kind, unlimited()).await;
        for round in 0..rounds() {
            let slugs = [NORTH.to_owned(), format!("nord {round}")];
            let create = change("pat", NOWHERE, "organizationCreate", json!({ "name": "N", "slug": NORTH }));
            let rename = change("owner", &organization_id(NORTH), "organizationRename", json!({ "slug": slugs[1] }));
            let two = if round % 2 == 0 { [create, rename] } else { [rename, create] };
            let mut ended = codes(&house.at_once(two).await);
            ended.sort();
            // UNAVAILABLE: it was given up after it had been looked for, and before it was written. Try again.
            assert!(
                ended == ["OK", "SLUG_TAKEN"] || ended == ["OK", "UNAVAILABLE"],
                "{kind:?} round {round}: {ended:?}"
            );
            let sql = "SELECT count(*) AS n FROM organizations WHERE slug = $1";
            assert_eq!(house.count(sql, vec![NORTH.into()]).await, 0, "{kind:?} round {round}: {ended:?}");
            let back = change("owner", &organization_id(NORTH), "organizationRename", json!({ "slug": NORTH }));
            assert_eq!(house.make(back).await.code(), "OK", "{kind:?} round {round}");
        }
    }
}

#[tokio::test]
async fn in_a_suspended_organization_nobody_changes_anything() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        house.sql("UPDATE organizations SET status = 'SUSPENDED' WHERE slug = $1", vec![NORTH.into()]).await;
        let before = tests::dump::dump(&house.rows).await;
        for (mutation, input) in [
            ("organizationRename", json!({ "name": "Nord" })),
            ("organizationDelete", json!({ "confirmation": NORTH })),
            ("organizationLeave", json!({ "organizationId": organization_id(NORTH) })),
            ("invitationCreate", json!({ "email": "nina@people.example" })),
        ] {
            let ended = house.change("owner", NORTH, mutation, input).await;
            assert_eq!(ended.code(), "ORG_SUSPENDED", "{kind:?} {mutation}");
        }
        assert_eq!(tests::dump::dump(&house.rows).await, before, "{kind:?}");
    }
}
