//! What the tables themselves refuse, on both databases and whoever writes.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tests::{Database, Kind, World, world::Side};

/// A UUID as the database writes one.
fn id(kind: Kind, name: &str) -> String {
    literal(kind, World::uuid(name))
}

fn literal(kind: Kind, uuid: uuid::Uuid) -> String {
    match kind {
        Kind::Postgres => format!("'{uuid}'"),
        Kind::Sqlite => format!("x'{}'", uuid.simple()),
    }
}

async fn texts(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn values_out_of_their_range_are_refused() {
    let wrong = [
        "UPDATE doctors SET risk = 'low'",
        "UPDATE doctors SET onboarding_period = 0",
        "UPDATE doctors SET onboarding_period = 13",
        "UPDATE doctors SET version = 0",
        "UPDATE onboarding_periods SET percent = 101",
        "UPDATE onboarding_periods SET percent = -1",
        "UPDATE onboarding_periods SET period = 13",
        "UPDATE activities SET kind = 'sms'",
        "UPDATE cases SET status = 'open'",
        "UPDATE memberships SET role = 'King'",
        "UPDATE memberships SET status = 'GONE'",
        "UPDATE dso_grants SET role = 'OWNER'",
        "UPDATE organizations SET slug = 'ab'",
        "UPDATE organizations SET status = 'CLOSED'",
        "UPDATE invitations SET role = 'OWNER'",
        "UPDATE invitations SET status = 'OPEN'",
        "UPDATE audit_events SET action = 'lower'",
        "UPDATE audit_events SET action = ''",
        "UPDATE audit_events SET actor_kind = 'ROBOT'",
        "UPDATE users SET email_normal = 'owner@people.example'",
        "UPDATE organizations SET slug = 'same-for-all'",
    ];
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let connection = database.connect().await;
        let before = tests::dump::dump(&connection).await;
        for sql in wrong {
            assert!(connection.execute_unprepared(sql).await.is_err(), "{kind:?} takes {sql}");
        }
        assert_eq!(tests::dump::dump(&connection).await, before, "{kind:?}");
        // The control: the same tables take what is in range.
        connection.execute_unprepared("UPDATE doctors SET risk = 'MEDIUM', onboarding_period = 12").await.unwrap();
    }
}

/// Every key between two tables of tenants holds the organization, so that no row hangs on another tenant's.
#[tokio::test]
async fn every_foreign_key_between_tenant_tables_begins_with_the_organization() {
    let mut by_kind = vec![];
    for kind in Kind::ALL {
        let database = Database::empty(kind).await;
        let connection = database.connect().await;
        // Child, parent, and the first columns of both.
        let sql = match connection.get_database_backend() {
            DbBackend::Postgres => {
                "SELECT concat_ws(' ', c.conrelid::regclass, c.confrelid::regclass, own.attname, other.attname)::text FROM pg_constraint c \
                 JOIN pg_attribute own ON own.attrelid = c.conrelid AND own.attnum = c.conkey[1] \
                 JOIN pg_attribute other ON other.attrelid = c.confrelid AND other.attnum = c.confkey[1] \
                 WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace"
            }
            _ => {
                "SELECT concat_ws(' ', t.name, f.\"table\", f.\"from\", f.\"to\") FROM sqlite_schema t \
                 JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND f.seq = 0"
            }
        };
        let keys: BTreeSet<String> = texts(&connection, sql).await.into_iter().collect();
        assert!(keys.len() >= 15, "{kind:?} {keys:?}");
        for key in &keys {
            let words: Vec<_> = key.split(' ').collect();
            let (parent, own, other) = (words[1], words[2], words[3]);
            match parent {
                "organizations" | "users" => assert_eq!(other, "id", "{kind:?} {key}"),
                _ => assert_eq!((own, other), ("organization_id", "organization_id"), "{kind:?} {key}"),
            }
        }
        by_kind.push(keys);
    }
    assert!(by_kind.iter().all(|keys| *keys == by_kind[0]), "the two databases have different keys");
}

#[tokio::test]
async fn a_child_of_another_organizations_row_is_refused() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let connection = database.connect().await;
        let (a, b) = (literal(kind, World::organization(Side::A)), literal(kind, World::organization(Side::B)));
        let alone = |what: &str| id(kind, &format!("{what} of B alone"));
        let time = "'2026-01-01T00:00:00+00:00'";
        let dso = format!(
            "INSERT INTO dsos (organization_id, id, name, created_at, updated_at) VALUES ({b}, {}, 'x', {time}, {time})",
            alone("dso")
        );
        connection.execute_unprepared(&dso).await.unwrap();
        let doctor = |organization: &str, dso: &str| {
            format!(
                "INSERT INTO doctors (organization_id, id, dso_id, name, created_at, updated_at) \
                 VALUES ({organization}, {}, {dso}, 'x', {time}, {time})",
                alone("doctor")
            )
        };
        assert!(connection.execute_unprepared(&doctor(&a, &alone("dso"))).await.is_err(), "{kind:?}");
        connection.execute_unprepared(&doctor(&b, &alone("dso"))).await.unwrap();
        let activity = |organization: &str, dso: &str| {
            format!(
                "INSERT INTO activities (organization_id, id, dso_id, doctor_id, kind, occurred_at, created_at, updated_at) \
                 VALUES ({organization}, {}, {dso}, {}, 'NOTE', {time}, {time}, {time})",
                alone("activity"),
                alone("doctor")
            )
        };
        assert!(connection.execute_unprepared(&activity(&a, &id(kind, "dso Smile"))).await.is_err(), "{kind:?}");
        assert!(
            connection.execute_unprepared(&activity(&b, &id(kind, "dso Smile"))).await.is_err(),
            "{kind:?}: another DSO"
        );
        connection.execute_unprepared(&activity(&b, &alone("dso"))).await.unwrap();
    }
}

#[tokio::test]
async fn a_doctor_takes_their_rows_along_in_the_database_itself() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let connection = database.connect().await;
        let (doctor, zenith) = (id(kind, "doctor Smile Ada"), id(kind, "dso Zenith"));
        let a = literal(kind, World::organization(Side::A));
        connection
            .execute_unprepared(&format!(
                "UPDATE doctors SET dso_id = {zenith} WHERE organization_id = {a} AND id = {doctor}"
            ))
            .await
            .unwrap();
        for (table, rows) in [("activities", "3"), ("cases", "1"), ("onboarding_periods", "2")] {
            let sql = |dso: &str| {
                format!(
                    "SELECT CAST(count(*) AS text) FROM {table} \
                     WHERE organization_id = {a} AND doctor_id = {doctor} AND dso_id {dso} {zenith}"
                )
            };
            assert_eq!(texts(&connection, &sql("=")).await, [rows], "{kind:?} {table}");
            assert_eq!(texts(&connection, &sql("<>")).await, ["0"], "{kind:?} {table}");
        }
        let b = literal(kind, World::organization(Side::B));
        let of_b = format!(
            "SELECT CAST(count(*) AS text) FROM activities WHERE organization_id = {b} AND doctor_id = {doctor} AND dso_id = {zenith}"
        );
        assert_eq!(texts(&connection, &of_b).await, ["0"], "{kind:?}: the mirror's rows moved along");
    }
}
