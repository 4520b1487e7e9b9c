//! The application's wall, and the build in which it is left out.
//!
//! Owns: what `--cfg no_narrowing` takes out of the statements for PostgreSQL, so that the suites can show that row-level
//! security alone holds. May use: nothing but the statements. Invariant: without that cfg everything here gives back what
//! it was given; with it there is no program: neither the gateway's binary nor anything without debug assertions compiles.
//!
//! A cfg and not a feature, because no dependency can turn it on; and taken out where statements are sent, because no
//! statement, not even one that is yet to be written, goes another way. `tests/without-narrowing` sets it.
//! SQLite has no second wall, so there the first one stays. Soft delete stays, too: it is no wall.

#[cfg(all(no_narrowing, not(debug_assertions)))]
compile_error!("`no_narrowing` takes a wall down, for tests only: build without `--cfg no_narrowing`");

#[cfg(not(no_narrowing))]
mod switch {
    use sea_orm::{Statement, sea_query::Expr};

    /// The statement as it is sent.
    pub(crate) fn sent_statement(statement: Statement) -> Statement {
        statement
    }

    /// The condition that a column holds one of the DSOs that the caller sees.
    pub(crate) fn dso_filter<C: sea_orm::ColumnTrait>(
        _: sea_orm::DbBackend,
        _: C,
        narrowed: impl FnOnce() -> Expr,
    ) -> Expr {
        narrowed()
    }

    /// Whether the DSOs that are named are looked for among those that the caller sees.
    pub(crate) fn is_dso_filter(_: sea_orm::DbBackend) -> bool {
        true
    }
}

#[cfg(no_narrowing)]
mod switch {
    use sea_orm::{DbBackend, ExprTrait, Statement, sea_query::Expr};

    /// How a statement says which tenant it is about. A join on two columns says nothing of the kind.
    const TENANT: [&str; 2] = ["organization_id", "join_requests\".\"target_id"];

    pub(crate) fn sent_statement(mut statement: Statement) -> Statement {
        if statement.db_backend == DbBackend::Postgres {
            statement.sql = TENANT.iter().fold(statement.sql, |sql, column| strip_predicate(&sql, column));
        }
        statement
    }

    /// Row-level security shows everybody their own memberships, grants and invitations, of whichever organization and DSO, on
    /// purpose. That these are told apart is the application's part; all other rows of these tables are left to the policies.
    const OTHERS: [(&str, &str); 3] = [
        ("memberships", r#""memberships"."user_id" IS DISTINCT FROM (SELECT app_user_id())"#),
        ("invitations", r#""invitations"."email_normal" IS DISTINCT FROM (SELECT app_email())"#),
        (
            "dso_grants",
            r#"("dso_grants"."organization_id", "dso_grants"."member_id") NOT IN (SELECT own.organization_id, own.id FROM memberships own WHERE own.user_id = (SELECT app_user_id()))"#,
        ),
    ];

    /// What makes a row of the table somebody else's, if one's own are shown anywhere.
    fn others(table: &str) -> Option<&'static str> {
        OTHERS.iter().find(|(name, _)| *name == table).map(|(_, others)| *others)
    }

    /// `"doctors"."organization_id" = $1` becomes `$1 IS NOT NULL`, so that all parameters are still there.
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

    /// What is left of it: the DSO is not archived. Not "is a DSO that lives": the DSOs' own policy would stand in for the
    /// policy of the rows.
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
    fn a_statement_loses_its_tenant_and_nothing_else() {
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
