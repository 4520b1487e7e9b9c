//! People and the ways they sign in; on PostgreSQL also the application's role and the functions that every
//! policy asks.
//!
//! Owns `users`, `identities`, the role `cs12_app`, `app_*()`. Invariant: a person is one row, whatever the
//! number of identity providers, and is found by the normal form of their e-mail (trimmed, lower case).

use crate::rls::{Wall, role};
use crate::step::Step;

pub(super) const STEP: Step = Step {
    name: "m0001_people",
    up: UP,
    sqlite_up: "",
    postgres_up: POSTGRES_UP,
    walls: &[
        // The step that makes memberships lets colleagues see each other, too.
        Wall::new("users", "id = (select app_user_id())")
            .reading("id = (select app_user_id()) or email_normal = (select app_email())")
            .inserting("email_normal = (select app_email())"),
        // Never `app_user_id()` here: it reads this table, under this very policy.
        Wall::new("identities", OWN_IDENTITY).inserting(OWN_NEW_IDENTITY).updating(OWN_IDENTITY),
    ],
    sqlite_down: "",
    postgres_down: POSTGRES_DOWN,
    down: "drop table identities; drop table users;",
};

const UP: &str = "
create table users (
    id                      {uuid}  not null primary key,
    email                   text    not null,
    email_normal            text    not null unique,
    name                    text    not null,
    default_organization_id {uuid},
    created_at              {time}  not null,
    updated_at              {time}  not null
) {strict};

create table identities (
    issuer     text   not null,
    subject    text   not null,
    user_id    {uuid} not null references users (id),
    created_at {time} not null,
    primary key (issuer, subject)
) {strict};

-- One login of each issuer: an address that the issuer has given to somebody else opens nobody's account. It is the
-- database that says so: the row-level policy hides other people's logins from whoever would look.
create unique index identities_by_user on identities (user_id, issuer);
";

const OWN_IDENTITY: &str =
    "issuer = (select app_setting('app.issuer')) and subject = (select app_setting('app.subject'))";

/// Nobody ties their login to a person whose e-mail they have not proved to own.
const OWN_NEW_IDENTITY: &str = "issuer = (select app_setting('app.issuer')) and subject = (select app_setting('app.subject')) \
     and exists (select 1 from users where users.id = user_id and users.email_normal = (select app_email()))";

/// Standard-SQL bodies (`return …`) bind the tables they read when they are created: no `search_path` can lead them elsewhere.
const POSTGRES_UP: &str = concat!(
    role!("cs12_app"),
    "
do $$
begin
    execute format('grant usage on schema %I to cs12_app', current_schema());
    -- A gateway under a login of its own must see that no step is missing before it serves.
    grant select on seaql_migrations to cs12_app;
end
$$;

create function app_setting(name text) returns text
    language sql stable parallel safe
    return nullif(current_setting(name, true), '');

create function app_organization_id() returns uuid
    language sql stable parallel safe
    return app_setting('app.organization_id')::uuid;

create function app_email() returns text
    language sql stable parallel safe
    return app_setting('app.email');

create function app_user_id() returns uuid
    language sql stable parallel safe
    return coalesce(
        app_setting('app.user_id')::uuid,
        (select user_id from identities
         where issuer = app_setting('app.issuer') and subject = app_setting('app.subject')));

create function app_all_dsos() returns boolean
    language sql stable parallel safe
    return coalesce(app_setting('app.dso_ids') = '*', false);

create function app_dso_ids() returns uuid[]
    language sql stable parallel safe
    return case when app_all_dsos() then null
                else string_to_array(app_setting('app.dso_ids'), ',')::uuid[] end;
"
);

/// Every other function and the policies of people ask `app_setting`, so they go with it. The role stays:
/// another database of the cluster may use it.
const POSTGRES_DOWN: &str = "
drop function app_setting(text) cascade;
revoke select on seaql_migrations from cs12_app;
do $$ begin execute format('revoke usage on schema %I from cs12_app', current_schema()); end $$;
";
