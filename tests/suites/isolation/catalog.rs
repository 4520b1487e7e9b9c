//! What PostgreSQL's catalog says of the walls.

use tests::{Database, Kind};

use super::{all_tables, number, tenant_tables, texts};

#[tokio::test]
async fn every_table_is_enabled_and_forced_with_a_policy_for_each_command() {
    let database = Database::empty(Kind::Postgres).await;
    let connection = database.connect().await;
    let tables = all_tables(&connection).await;
    for table in tenant_tables(&connection).await {
        assert!(tables.contains(&table), "{table}");
    }
    for table in tables {
        let sql = format!(
            "SELECT count(*) AS n FROM pg_class \
             WHERE oid = 'public.{table}'::regclass AND relrowsecurity AND relforcerowsecurity"
        );
        assert_eq!(number(&connection, &sql).await, 1, "`{table}` is not enabled and forced");
        let sql = format!(
            "SELECT concat_ws(' ', cmd, permissive, array_to_string(roles, '+')) AS name FROM pg_policies \
             WHERE schemaname = 'public' AND tablename = '{table}' ORDER BY 1"
        );
        // One each: a second permissive policy would widen the first.
        let each = ["DELETE", "INSERT", "SELECT", "UPDATE"].map(|command| format!("{command} PERMISSIVE cs12_app"));
        let platform =
            WHO_BELONGS_WHERE.contains(&table.as_str()).then(|| "SELECT PERMISSIVE cs12_platform".to_owned());
        let mut expected: Vec<_> = each.into_iter().chain(platform).collect();
        expected.sort();
        assert_eq!(texts(&connection, &sql).await, expected, "{table}");
    }
}

/// What the role that lets people in reads, past the tenant's policies, and nothing else.
const WHO_BELONGS_WHERE: [&str; 6] = ["dso_grants", "dsos", "identities", "memberships", "organizations", "users"];

#[tokio::test]
async fn the_role_that_lets_people_in_reads_who_belongs_where_and_is_nobodys() {
    let database = Database::empty(Kind::Postgres).await;
    let connection = database.connect().await;
    let sql = "SELECT concat_ws(' ', rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin) AS name \
               FROM pg_roles WHERE rolname = 'cs12_platform'";
    assert_eq!(texts(&connection, sql).await, ["f f f f f f"]);
    let sql = "SELECT table_name || ' ' || privilege_type AS name FROM information_schema.role_table_grants \
               WHERE grantee = 'cs12_platform' ORDER BY 1";
    assert_eq!(texts(&connection, sql).await, WHO_BELONGS_WHERE.map(|table| format!("{table} SELECT")));
    let sql = "SELECT has_schema_privilege('cs12_platform', 'public', 'CREATE')::int::bigint AS n";
    assert_eq!(number(&connection, sql).await, 0, "it can make things");
    let sql = "SELECT pg_has_role('cs12_app', 'cs12_platform', 'MEMBER')::int::bigint AS n";
    assert_eq!(number(&connection, sql).await, 0, "the application can become it");
    // What it owns runs with its rights: functions with a fixed search path, for the application only. `app_enter_again` is there twice:
    // with the caller's rights, and without, for gateways of the version before.
    let sql = "SELECT concat_ws(' ', proname, prosecdef, array_to_string(proconfig, '+'), array_to_string(proacl, '+')) AS name \
               FROM pg_proc WHERE proowner = 'cs12_platform'::regrole ORDER BY proname";
    let owned = ["app_enter", "app_enter_again", "app_enter_again"].map(|name| {
        format!("{name} t search_path=public, pg_temp cs12_platform=X/cs12_platform+cs12_app=X/cs12_platform")
    });
    assert_eq!(texts(&connection, sql).await, owned);
}

#[tokio::test]
async fn the_role_is_above_nothing() {
    let database = Database::empty(Kind::Postgres).await;
    let connection = database.connect().await;
    let sql = "SELECT concat_ws(' ', rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin) AS name \
               FROM pg_roles WHERE rolname = 'cs12_app'";
    assert_eq!(texts(&connection, sql).await, ["f f f f f f"]);
    let sql = "SELECT relname::text AS name FROM pg_class WHERE relowner = 'cs12_app'::regrole";
    assert!(texts(&connection, sql).await.is_empty());
    let sql = "SELECT roleid::regrole::text AS name FROM pg_auth_members WHERE member = 'cs12_app'::regrole";
    assert!(texts(&connection, sql).await.is_empty(), "the role is a member of another");
    for table in all_tables(&connection).await {
        // None of these asks a policy.
        for privilege in ["TRUNCATE", "REFERENCES", "TRIGGER"] {
            let sql =
                format!("SELECT has_table_privilege('cs12_app', 'public.{table}', '{privilege}')::int::bigint AS n");
            assert_eq!(number(&connection, &sql).await, 0, "{privilege} on `{table}`");
        }
    }
}

/// By these an organization is found that is not known yet: a person's, a token's, an address's, a slug's, a mail's.
const NOT_KNOWN_YET: [&str; 5] =
    ["invitations_by_address", "invitations_by_token", "memberships_by_user", "outbox_by_due", "slug_history_by_slug"];

#[tokio::test]
async fn every_index_but_those_that_find_an_organization_begins_with_it() {
    let database = Database::empty(Kind::Postgres).await;
    let connection = database.connect().await;
    let sql = "SELECT i.indexrelid::regclass::text AS name FROM pg_index i \
               JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace \
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' \
               WHERE i.indkey[0] <> a.attnum ORDER BY 1";
    assert_eq!(texts(&connection, sql).await, NOT_KNOWN_YET);
}
