//! What the role sees and may write, by bare statements without any filter.

use sea_orm::ConnectionTrait;
use tests::{Database, Kind, World};

use super::{a, all_tables, attempt, b, number, role, role_in_a, set, tables_with, tenant_tables, texts};

#[tokio::test]
async fn who_says_nothing_sees_nothing() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    let tables = all_tables(&connection).await;
    for table in &tables {
        assert_ne!(
            number(&connection, &format!("SELECT count(*) AS n FROM {table}")).await,
            0,
            "`{table}` proves nothing"
        );
    }
    let tx = role(&connection).await;
    for table in &tables {
        assert_eq!(number(&tx, &format!("SELECT count(*) AS n FROM {table}")).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_bare_count_is_a_count_of_the_tenant_and_of_its_visible_dsos() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    let tables = tenant_tables(&connection).await;
    let in_a_dso = tables_with(&connection, "dso_id", true).await;
    assert!(in_a_dso.len() >= 8, "{in_a_dso:?}");
    let uuid = |dso: &str| World::uuid(&format!("dso {dso}")).to_string();
    let choices = [
        "*".to_owned(),
        uuid("Smile"),
        uuid("Archived"),
        format!("{},{}", uuid("Smile"), uuid("Bright")),
        String::new(),
    ];
    for dsos in choices {
        let among = format!("('{}')", dsos.replace(',', "', '"));
        let mut expected = Vec::new();
        for table in &tables {
            let column = if table == "dsos" { "id" } else { "dso_id" };
            let filter = if dsos != "*" && (table == "dsos" || in_a_dso.contains(table)) {
                format!("AND {column}::text IN {among}")
            } else {
                String::new()
            };
            let sql = format!("SELECT count(*) AS n FROM {table} WHERE organization_id = '{}' {filter}", a());
            expected.push(number(&connection, &sql).await);
        }
        // The admin has no grant and no other organization, so that no row is theirs beyond the DSOs.
        let tx = role_in_a(&connection, "admin", &dsos).await;
        for (table, expected) in tables.iter().zip(&expected) {
            let seen = number(&tx, &format!("SELECT count(*) AS n FROM {table}")).await;
            assert_eq!(seen, *expected, "`{table}` with the DSOs `{dsos}`");
            let others = format!("SELECT count(*) AS n FROM {table} WHERE organization_id <> '{}'", a());
            assert_eq!(number(&tx, &others).await, 0, "`{table}` with the DSOs `{dsos}`");
        }
        assert_eq!(texts(&tx, "SELECT slug AS name FROM organizations").await, [tests::world::SLUG_A]);
        tx.commit().await.unwrap();

        // The same connection, after it.
        for setting in ["app.user_id", "app.organization_id", "app.dso_ids"] {
            let sql = format!("SELECT current_setting('{setting}', true) AS name");
            assert_eq!(texts(&connection, &sql).await, [""], "{setting}");
        }
        let tx = role(&connection).await;
        for table in &tables {
            assert_eq!(
                number(&tx, &format!("SELECT count(*) AS n FROM {table}")).await,
                0,
                "`{table}` after the commit"
            );
        }
        tx.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn before_an_organization_is_known_one_sees_oneself() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    let tx = role(&connection).await;
    set(&tx, "app.issuer", gateway::config::Issuer::DEVELOPMENT).await;
    set(&tx, "app.subject", "both").await;
    set(&tx, "app.email", "both@people.example").await;
    for table in all_tables(&tx).await {
        let expected = match table.as_str() {
            "users" | "identities" | "dso_grants" => 1,
            "memberships" | "organizations" => 2,
            _ => 0,
        };
        assert_eq!(number(&tx, &format!("SELECT count(*) AS n FROM {table}")).await, expected, "{table}");
    }
}

#[tokio::test]
async fn nothing_is_written_into_another_organization() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    // Owner of B, too, and can read that membership: but not write it while in A.
    let tx = role_in_a(&connection, "both", "*").await;
    for table in tenant_tables(&tx).await {
        let made = format!(
            "INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object('organization_id', '{}'))).* \
             FROM {table} t WHERE organization_id = '{}' LIMIT 1",
            b(),
            a()
        );
        assert_eq!(attempt(&tx, &made).await, Err("42501".to_owned()), "a row into `{table}` of B");
        let moved = format!("UPDATE {table} SET organization_id = '{}' WHERE organization_id = '{}'", b(), a());
        assert_eq!(attempt(&tx, &moved).await, Err("42501".to_owned()), "a row of `{table}` moved to B");
        let nothing = if table == "audit_events" { Err("42501".to_owned()) } else { Ok(0) };
        let changed = format!("UPDATE {table} SET organization_id = organization_id WHERE organization_id = '{}'", b());
        assert_eq!(attempt(&tx, &changed).await, nothing, "`{table}` of B changed");
        let gone = format!("DELETE FROM {table} WHERE organization_id = '{}'", b());
        assert_eq!(attempt(&tx, &gone).await, nothing, "`{table}` of B deleted");
    }
}

#[tokio::test]
async fn a_child_hangs_on_a_parent_of_its_own_organization_only() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    let (dso, doctor) = (World::uuid("dso of B alone"), World::uuid("doctor of B alone"));
    let sql = format!(
        "INSERT INTO dsos (organization_id, id, name, created_at, updated_at) VALUES ('{b}', '{dso}', 'x', now(), now()); \
         INSERT INTO doctors (organization_id, dso_id, id, name, created_at, updated_at) \
         VALUES ('{b}', '{dso}', '{doctor}', 'x', now(), now())",
        b = b()
    );
    connection.execute_unprepared(&sql).await.unwrap();
    let doctors = |organization, dso| {
        format!(
            "INSERT INTO doctors (organization_id, dso_id, id, name, created_at, updated_at) \
             VALUES ('{organization}', '{dso}', gen_random_uuid(), 'x', now(), now())"
        )
    };
    let cases = |organization, dso, doctor| {
        format!(
            "INSERT INTO cases (organization_id, dso_id, doctor_id, id, title, status, opened_at, created_at, updated_at) \
             VALUES ('{organization}', '{dso}', '{doctor}', gen_random_uuid(), 'x', 'SUBMITTED', now(), now(), now())"
        )
    };
    let (smile, bright, ada) = (World::uuid("dso Smile"), World::uuid("dso Bright"), World::uuid("doctor Smile Ada"));
    let no_parent = Err("23503".to_owned());
    let no_right = Err("42501".to_owned());

    let tx = role_in_a(&connection, "owner", "*").await;
    assert_eq!(attempt(&tx, &doctors(a(), smile)).await, Ok(1));
    assert_eq!(attempt(&tx, &doctors(a(), dso)).await, no_parent);
    assert_eq!(attempt(&tx, &cases(a(), smile, ada)).await, Ok(1));
    assert_eq!(attempt(&tx, &cases(a(), dso, doctor)).await, no_parent);
    assert_eq!(attempt(&tx, &cases(a(), smile, doctor)).await, no_parent);
    // Not even into the doctor's organization under another of its DSOs.
    assert_eq!(attempt(&tx, &cases(a(), bright, ada)).await, no_parent);
    assert_eq!(attempt(&tx, &doctors(b(), dso)).await, no_right);
    assert_eq!(attempt(&tx, &cases(b(), dso, doctor)).await, no_right);
    tx.rollback().await.unwrap();

    let tx = role_in_a(&connection, "manager", &bright.to_string()).await;
    assert_eq!(attempt(&tx, &doctors(a(), bright)).await, Ok(1));
    assert_eq!(attempt(&tx, &doctors(a(), smile)).await, no_right);
    assert_eq!(attempt(&tx, &cases(a(), smile, ada)).await, no_right);
}

#[tokio::test]
async fn what_was_audited_stays() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    let tx = role_in_a(&connection, "owner", "*").await;
    let count = "SELECT count(*) AS n FROM audit_events";
    let written = number(&tx, count).await;
    assert!(written > 0, "the control");
    for sql in [
        "UPDATE audit_events SET action = 'X'",
        "UPDATE audit_events SET action = action WHERE false",
        "DELETE FROM audit_events",
        "DELETE FROM audit_events WHERE false",
        "TRUNCATE audit_events",
    ] {
        assert_eq!(attempt(&tx, sql).await, Err("42501".to_owned()), "{sql}");
    }
    assert_eq!(number(&tx, count).await, written);
}
