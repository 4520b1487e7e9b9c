//! The schema itself: keys, indexes, checks, and the values that go in and come back.

use sea_orm_migration::sea_orm::prelude::{ChronoDateTimeUtc, Json, Uuid};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, Value};

use crate::{migrated, texts};

#[tokio::test]
async fn every_index_but_those_that_find_an_organization_begins_with_it() {
    let (_file, db) = migrated("indexes").await;
    let sql = "select i.name from sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
               where t.type = 'table' and c.seqno = 0 and c.name <> 'organization_id'
                 and exists (select 1 from pragma_table_info(t.name) where name = 'organization_id')";
    // By these an organization is found that is not known yet.
    let known = [
        "invitations_by_address",
        "invitations_by_token",
        "memberships_by_user",
        "outbox_by_due",
        "slug_history_by_slug",
    ];
    let mut found = texts(&db, sql).await;
    found.sort();
    assert_eq!(found, known);
    assert_eq!(texts(&db, "pragma journal_mode").await, ["wal"]);
}

/// One organization, one member, two DSOs and a doctor with a history in the first; and another organization.
async fn seed(db: &DatabaseConnection) {
    let rows = "
        insert into users values (x'{u}', 'e-{u}', 'e-{u}', 'n', null, 't', 't');
        insert into organizations (id, name, slug, status, created_at, updated_at) values (x'{o}', 'n', 'slug-{o}', 'ACTIVE', 't', 't');
        insert into memberships values (x'{o}', x'E1', x'{u}', 'OWNER', 'ACTIVE', 't', 't', 1, null);
        insert into dsos values (x'{o}', x'D1', 'n', 't', 't', null, 1, 'n', null), (x'{o}', x'D2', 'n', 't', 't', null, 1, 'n', null);
        insert into doctors (organization_id, id, dso_id, name, created_at, updated_at)
            values (x'{o}', x'F1{o}', x'D1', 'n', 't', 't');
        insert into onboarding_periods values (x'{o}', x'11', x'D1', x'F1{o}', 1, 50, 't', null, 1);
        insert into activities values
            (x'{o}', x'22', x'D1', x'F1{o}', x'E1', 'NOTE', 't', null, 't', 't', null, 1);
        insert into cases values (x'{o}', x'33', x'D1', x'F1{o}', 'n', 'SUBMITTED', 't', 't', 't', 1);
        insert into audit_events values
            (x'{o}', x'44', 't', 'MADE', 'PERSON', x'E1', 'doctor', x'F1{o}', x'D1', 'r', null, '{}',
             null, 'DONE', null, null, null, null, null);";
    for (organization, user) in [("0a", "01"), ("0b", "02")] {
        let rows = rows.replace("{o}", organization).replace("{u}", user);
        db.execute_unprepared(&rows).await.unwrap();
    }
}

#[tokio::test]
async fn a_doctor_who_moves_takes_the_history_along() {
    let (_file, db) = migrated("move").await;
    seed(&db).await;
    db.execute_unprepared("update doctors set dso_id = x'D2' where organization_id = x'0a'").await.unwrap();
    for table in ["onboarding_periods", "activities", "cases"] {
        let sql = format!("select hex(organization_id) || hex(dso_id) from {table} order by 1");
        assert_eq!(texts(&db, &sql).await, ["0AD2", "0BD1"], "{table}");
    }
}

#[tokio::test]
async fn the_schema_refuses_what_must_not_be() {
    let (_file, db) = migrated("refuses").await;
    seed(&db).await;
    let cases = [
        // Another organization's doctor, DSO or member.
        ("FOREIGN KEY", "update activities set doctor_id = x'F10b' where organization_id = x'0a'"),
        ("FOREIGN KEY", "insert into cases values (x'0a', x'34', x'D1', x'F10b', 'n', 'SUBMITTED', 't', 't', 't', 1)"),
        ("FOREIGN KEY", "update doctors set organization_id = x'0c' where id = x'F10a'"),
        // A doctor's history in a DSO that is not the doctor's.
        ("FOREIGN KEY", "update activities set dso_id = x'D2'"),
        ("CHECK", "update organizations set slug = 'ab'"),
        ("CHECK", "update organizations set status = 'active'"),
        ("CHECK", "update memberships set role = 'KING'"),
        ("CHECK", "update memberships set status = 'GONE'"),
        ("CHECK", "update doctors set risk = 'low'"),
        ("CHECK", "update doctors set onboarding_period = 0"),
        ("CHECK", "update doctors set version = 0"),
        ("CHECK", "update onboarding_periods set period = 13"),
        ("CHECK", "update onboarding_periods set percent = 101"),
        ("CHECK", "update activities set kind = 'SMS'"),
        ("CHECK", "update cases set status = 'OPEN'"),
        ("only added to", "update audit_events set action = 'MADE'"),
        ("only added to", "delete from audit_events"),
        ("UNIQUE", "update organizations set slug = 'same'"),
        ("UNIQUE", "update users set email_normal = 'same'"),
        // An id written as text would be taken without `strict`, and never found by its bytes.
        ("cannot store", "update doctors set email = null, id = '061eefe0-27a1-4894-80eb-e5578beb81b1'"),
        ("cannot store", "update doctors set version = 'two'"),
        ("NOT NULL", "update doctors set name = null"),
    ];
    for (why, sql) in cases {
        let error = db.execute_unprepared(sql).await.unwrap_err().to_string();
        assert!(error.contains(why), "{sql}: {error}");
    }
    db.execute_unprepared("update doctors set risk = 'LOW', onboarding_period = 12").await.unwrap();
}

/// What sea-orm binds comes back as it was: ids as 16 bytes, times as texts whose order is the order of time.
#[tokio::test]
async fn values_come_back_as_they_went_in() {
    let (_file, db) = migrated("values").await;
    let run = async |sql: &str, values: Vec<Value>| {
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        db.query_all_raw(statement).await.unwrap()
    };
    let ids: [Uuid; 4] = std::array::from_fn(|n| Uuid::from_u128(0x0190_0000 << 96 | n as u128));
    let [organization, dso, course, attendee] = ids;
    let second: ChronoDateTimeUtc = "2026-02-26T12:00:00Z".parse().unwrap();
    let later: ChronoDateTimeUtc = "2026-02-26T12:00:00.000001Z".parse().unwrap();
    let json: Json = r#"{"name": "Zoë", "n": [1, null]}"#.parse().unwrap();

    let sql = "insert into organizations (id, name, slug, status, created_at, updated_at) values (?, 'Zoë', 'a-slug', 'ACTIVE', ?, ?)";
    run(sql, vec![organization.into(), second.into(), later.into()]).await;
    let sql = "insert into dsos values (?, ?, 'n', ?, ?, null, 1, 'n', null)";
    run(sql, vec![organization.into(), dso.into(), second.into(), later.into()]).await;
    let sql = "insert into courses values (?, ?, ?, 't', null, ?, ?, 1)";
    run(sql, vec![organization.into(), course.into(), dso.into(), second.into(), later.into()]).await;
    let sql = "insert into attendees values (?, ?, ?, ?, null, 'n', null, ?, ?, 'n')";
    let values = [organization, attendee, dso, course].map(Value::from).into_iter();
    run(sql, values.chain([true.into(), later.into()]).collect()).await;
    let sql = "insert into audit_events values (?, ?, ?, 'MADE', 'SYSTEM', null, 'dso', ?, null, 'r', null, ?,
               null, 'DONE', null, null, null, null, null)";
    run(sql, vec![organization.into(), attendee.into(), later.into(), dso.into(), json.clone().into()]).await;

    let rows = run("select * from attendees where id = ? and attended = ?", vec![attendee.into(), true.into()]).await;
    let row = rows.first().unwrap();
    assert_eq!(row.try_get::<Uuid>("", "course_id").unwrap(), course);
    assert_eq!(row.try_get::<Option<Uuid>>("", "doctor_id").unwrap(), None);
    assert!(row.try_get::<bool>("", "attended").unwrap());
    assert_eq!(row.try_get::<ChronoDateTimeUtc>("", "created_at").unwrap(), later);
    let rows = run("select * from audit_events where at > ?", vec![second.into()]).await;
    let row = rows.first().unwrap();
    assert_eq!(row.try_get::<Json>("", "after").unwrap(), json);
    assert_eq!(row.try_get::<Option<Json>>("", "before").unwrap(), None);
    let sql = "select 1 from organizations where created_at < updated_at and deleted_at is null and version = ?";
    assert_eq!(run(sql, vec![1_i32.into()]).await.len(), 1);
    assert_eq!(texts(&db, "select distinct typeof(id) || length(id) from attendees").await, ["blob16"]);
}
