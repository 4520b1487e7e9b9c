//! The application's tenant filter, and the test build without it.
//!
//! Owns: the removal of tenant filters from the statements for PostgreSQL by `--cfg no_narrowing`, so that the test
//! suites can show that row-level security alone is sufficient. May use: only the statements. Invariant: without that
//! cfg all functions here return their input unchanged. With it there is no program: neither the gateway's binary nor
//! any build without debug assertions compiles.
//!
//! It is a cfg and not a feature, because no dependency can turn it on. The filter is removed where statements are
//! sent, because all statements, including future ones, pass there. `tests/without-narrowing` sets it. SQLite has no
//! row-level security, so its statements are not changed. Soft delete is not changed either: it is not a tenant
//! filter.

#[cfg(all(no_narrowing, not(debug_assertions)))]
compile_error!("`no_narrowing` takes a wall down, for tests only: build without `--cfg no_narrowing`");

#[cfg(not(no_narrowing))]
mod switch {
    use sea_orm::{Statement, sea_query::Expr};

    /// The statement as it is sent.
    pub(crate) fn sent_statement(statement: Statement) -> Statement {
        statement
    }

    /// The condition that a column contains one of the DSOs that the caller sees.
    pub(crate) fn dso_filter<C: sea_orm::ColumnTrait>(
        _: sea_orm::DbBackend,
        _: C,
        narrowed: impl FnOnce() -> Expr,
    ) -> Expr {
        narrowed()
    }

    /// Whether requested DSOs are intersected with those that the caller sees.
    pub(crate) fn is_dso_filter(_: sea_orm::DbBackend) -> bool {
        true
    }
}

#[cfg(no_narrowing)]
mod switch {
    use sea_orm::{DbBackend, ExprTrait, Statement, sea_query::Expr};

    /// Columns by which a statement selects its tenant. A join on two columns does not select a tenant.
    const TENANT: [&str; 2] = ["organization_id", "join_requests\".\"target_id"];

    pub(crate) fn sent_statement(mut statement: Statement) -> Statement {
        if statement.db_backend == DbBackend::Postgres {
            statement.sql = TENANT.iter().fold(statement.sql, |sql, column| strip_predicate(&sql, column));
        }
        statement
    }

    /// Row-level security intentionally shows each person their own memberships, grants and invitations in all
    /// organizations and DSOs. Only the application separates these; for all other rows of these tables, the test
    /// relies on the policies.
    const OTHERS: [(&str, &str); 3] = [
        ("memberships", r#""memberships"."user_id" IS DISTINCT FROM (SELECT app_user_id())"#),
        ("invitations", r#""invitations"."email_normal" IS DISTINCT FROM (SELECT app_email())"#),
        (
            "dso_grants",
            r#"("dso_grants"."organization_id", "dso_grants"."member_id") NOT IN (SELECT own.organization_id, own.id FROM memberships own WHERE own.user_id = (SELECT app_user_id()))"#,
        ),
    ];

    /// The condition that a row of the table belongs to another person; none if the table never shows a person's own
    /// rows across organizations.
    fn others(table: &str) -> Option<&'static str> {
        OTHERS.iter().find(|(name, _)| *name == table).map(|(_, others)| *others)
    }

    /// `"doctors"."organization_id" = $1` becomes `$1 IS NOT NULL`, so that all parameters remain in use.
    fn strip_predicate(sql: &str, column: &str) -> String {
        let mut left = sql;
        let mut all = String::with_capacity(sql.len());
        while let Some(at) = left.find(column) {
            let (before, behind) = (&left[..at], &left[at + column.len()..]);
            left = behind;
            let name = before.trim_end_matches(|of: char| of.is_ascii_alphanumeric() || matches!(of, '_' | '"' | '.'));
            let is_whole = before.is_empty() || before.ends_with(['"', '.', ' ', '(']);
            let parameter = behind.strip_prefix('"').unwrap_or(behind).strip_prefix(" = $").map(digits);
            match parameter {
                Some((number, rest)) if is_whole && !number.is_empty() => {
                    all.push_str(name);
                    let table = before[name.len()..].trim_matches(['"', '.']);
                    match others(table) {
                        Some(others) => all.push_str(&format!("(\"{table}\".\"{column}\" = ${number} OR {others})")),
                        None => all.push_str(&format!("${number} IS NOT NULL")),
                    }
                    left = rest;
                }
                _ => {
                    all.push_str(before);
                    all.push_str(column);
                }
            }
        }
        all + left
    }

    fn digits(text: &str) -> (&str, &str) {
        text.split_at(text.find(|of: char| !of.is_ascii_digit()).unwrap_or(text.len()))
    }

    /// The remaining condition: the DSO is not archived. Not "is an existing DSO": then the DSOs' own policy would
    /// replace the policy of the rows.
    pub(crate) fn dso_filter<C: sea_orm::ColumnTrait>(
        backend: DbBackend,
        column: C,
        narrowed: impl FnOnce() -> Expr,
    ) -> Expr {
        if is_dso_filter(backend) {
            return narrowed();
        }
        let lives = Expr::cust_with_exprs(
            "NOT EXISTS (SELECT 1 FROM dsos archived WHERE archived.deleted_at IS NOT NULL AND archived.id = $1)",
            [Expr::col((column.entity_name(), column))],
        );
        match others(&column.entity_name().to_string()) {
            Some(others) => lives.and(Expr::cust(others).or(narrowed())),
            None => lives,
        }
    }

    pub(crate) fn is_dso_filter(backend: DbBackend) -> bool {
        backend != DbBackend::Postgres
    }

    #[test]
    fn only_the_tenant_predicate_is_stripped() {
        for (narrowed, left) in [
            (r#"WHERE "doctors"."organization_id" = $1 AND TRUE"#, "WHERE $1 IS NOT NULL AND TRUE"),
            (
                r#""memberships"."organization_id" = $3)"#,
                r#"("memberships"."organization_id" = $3 OR "memberships"."user_id" IS DISTINCT FROM (SELECT app_user_id())))"#,
            ),
            ("(m.organization_id = $12)", "($12 IS NOT NULL)"),
            ("WHERE organization_id = $1", "WHERE $1 IS NOT NULL"),
            (r#""join_requests"."target_id" = $2"#, "$2 IS NOT NULL"),
            ("SET default_organization_id = $1", "SET default_organization_id = $1"),
            ("d.organization_id = c.organization_id", "d.organization_id = c.organization_id"),
            ("organization_id, id) VALUES ($1)", "organization_id, id) VALUES ($1)"),
            (r#""audit_events"."target_id" = $2"#, r#""audit_events"."target_id" = $2"#),
        ] {
            let sent = sent_statement(Statement::from_string(DbBackend::Postgres, narrowed));
            assert_eq!(sent.sql, left);
            let sent = super::sent_statement(Statement::from_string(DbBackend::Sqlite, narrowed));
            assert_eq!(sent.sql, narrowed);
        }
    }
}

pub(crate) use switch::{dso_filter, is_dso_filter, sent_statement};
