//! PostgreSQL's second wall: row-level security, one [`Wall`] for each table.
//!
//! Owns the application's role, the functions that read who asks and for what, and the form of every policy.
//! Invariant: a table with a wall is enabled *and forced*, has exactly one policy for each command, and shows
//! no row to a connection that has not said which organization it works for.
//!
//! A setting ends as `''`, not as NULL, once its transaction is over: `nullif` makes both mean "nothing".
//! Each function is called as `(select f())`, so that it runs once for a statement and not once for a row.

/// The SQL that makes a role of ours, for nobody to log in as, and lets whoever migrates act as it.
///
/// A role belongs to the whole cluster, so it may be there already, or be made by another database's run at this very moment.
macro_rules! role {
    ($name:literal) => {
        concat!(
            "
do $$
begin
    if not exists (select 1 from pg_roles where rolname = '",
            $name,
            "') then
        begin
            create role ",
            $name,
            " nologin nosuperuser nobypassrls noinherit;
        exception when duplicate_object or unique_violation then
            null;
        end;
    end if;
    if exists (select 1 from pg_roles where rolname = '",
            $name,
            "' and (rolsuper or rolbypassrls)) then
        raise exception 'the role ",
            $name,
            " must be neither superuser nor bypassrls';
    end if;
    if not exists (
        select 1 from pg_auth_members m
        where m.roleid = '",
            $name,
            "'::regrole and m.member = current_user::regrole
    ) then
        begin
            execute format('grant ",
            $name,
            " to %I', current_user);
        exception
            when unique_violation then
                null;
            when insufficient_privilege then
                raise exception 'the role ",
            $name,
            " was made for another database of this cluster, and % may not act as it: let a superuser, or the login that made it, '
                    'run `grant cs12_app, cs12_platform to %`', current_user, quote_ident(current_user);
        end;
    end if;
end
$$;
"
        )
    };
}
pub(crate) use role;

/// Rows of the current organization.
pub(crate) const ORGANIZATION: &str = "organization_id = (select app_organization_id())";

/// Rows of the current organization, in the DSOs that the member may see.
pub(crate) const DSO: &str = "organization_id = (select app_organization_id()) \
     and ((select app_all_dsos()) or dso_id = any ((select app_dso_ids())::uuid[]))";

/// No row at all.
const NEVER: &str = "false";

/// The policies of one table, and what the application's role may do with it.
#[derive(Clone, Copy)]
pub(crate) struct Wall {
    table: &'static str,
    grants: &'static str,
    /// Rows that can be read.
    select: &'static str,
    /// Rows that may come in.
    insert: &'static str,
    /// Rows that may be changed, and what they may become.
    update: &'static str,
    delete: &'static str,
}

impl Wall {
    /// One rule for reading and writing.
    pub(crate) const fn new(table: &'static str, rule: &'static str) -> Self {
        Self { table, grants: "select, insert, update, delete", select: rule, insert: rule, update: rule, delete: rule }
    }

    /// More may be read than written.
    pub(crate) const fn reading(self, select: &'static str) -> Self {
        Self { select, ..self }
    }

    /// What may come in is ruled differently from what is there.
    pub(crate) const fn inserting(self, insert: &'static str) -> Self {
        Self { insert, ..self }
    }

    /// What a row may become is ruled like what may come in.
    pub(crate) const fn updating(self, update: &'static str) -> Self {
        Self { update, ..self }
    }

    /// What may be changed or removed is ruled differently from what may come in.
    pub(crate) const fn changing(self, rule: &'static str) -> Self {
        Self { update: rule, delete: rule, ..self }
    }

    /// A record of what happened: nobody changes or removes it.
    pub(crate) const fn append_only(self) -> Self {
        Self { grants: "select, insert", update: NEVER, delete: NEVER, ..self }
    }

    pub(crate) fn sql(&self) -> String {
        let Self { table, grants, select, insert, update, delete } = self;
        format!(
            "alter table {table} enable row level security;
             alter table {table} force row level security;
             create policy {table}_select on {table} for select to cs12_app using ({select});
             create policy {table}_insert on {table} for insert to cs12_app with check ({insert});
             create policy {table}_update on {table} for update to cs12_app using ({update}) with check ({update});
             create policy {table}_delete on {table} for delete to cs12_app using ({delete});
             grant {grants} on {table} to cs12_app;"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{DSO, ORGANIZATION};
    use crate::steps;

    /// Name and body of each table in a step's SQL.
    fn tables(sql: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
        let starts = sql.split("create table ").skip(1);
        let texts = starts.filter_map(|text| text.split(" {strict};").next());
        texts.filter_map(|text| text.split_once(" ("))
    }

    #[test]
    fn every_table_has_its_wall_in_the_step_that_creates_it() {
        for step in steps::all() {
            let tables: Vec<_> = tables(step.up).map(|(table, _)| table).collect();
            let walls: Vec<_> = step.walls.iter().map(|wall| wall.table).collect();
            assert_eq!(walls, tables, "{}", step.name);
        }
    }

    #[test]
    fn what_comes_in_belongs_to_the_organization_and_to_a_visible_dso() {
        for step in steps::all() {
            for ((table, body), wall) in tables(step.up).zip(step.walls) {
                let has = |column: &str| body.lines().any(|line| line.trim_start().starts_with(column));
                let in_a_dso = body.lines().any(|line| {
                    let mut words = line.split_whitespace();
                    words.next() == Some("dso_id") && line.contains("not null")
                });
                if in_a_dso {
                    assert_eq!(wall.insert, DSO, "{table}");
                } else if has("organization_id ") && table != "dsos" {
                    assert_eq!(wall.insert, ORGANIZATION, "{table}");
                }
            }
        }
    }
}
