//! Whether the gateway's login can pass row-level security.
//!
//! Owns: the question, and what is found. May use: connections outside of every pool. Invariant: what is asked about is the login and every
//! role that it is a member of, not the role that the gateway acts as: `RESET ROLE` is all that lies between the two.

use std::{fmt, time::Duration};

use tokio::time::timeout;
use tokio_postgres::SimpleQueryMessage;

use super::ConnectOptions;
use crate::{db::pool::postgres::Address, error::Error};

/// How long a server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What was found out about the login at one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginCheck {
    /// The server, without login and password.
    pub server: String,
    /// What was found.
    pub found: LoginReport,
}

/// What a login can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginReport {
    /// Nothing beside what `cs12_app` can.
    Sound,
    /// It can pass the policies: each role, and by what.
    Passes(Vec<RolePower>),
    /// It can get itself such a role, or more than it needs: each role, and by what.
    Suspect(Vec<RolePower>),
    /// The server did not answer.
    Unknown(String),
}

/// A role of a login, and what it can do: `` `mig` owns tables ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolePower {
    role: String,
    power: String,
}

impl fmt::Display for RolePower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.role, self.power)
    }
}

/// The login, and every role that it is a member of, directly or not: what it passes the policies by, and what it could get them by.
/// `cs12_platform` is named because its policies show all organizations; whoever owns a function that lets requests in can replace it.
const ROLE_QUERY: &str = "\
    WITH RECURSIVE held AS ( \
        SELECT oid FROM pg_roles WHERE rolname = session_user \
        UNION SELECT m.roleid FROM pg_auth_members m JOIN held ON m.member = held.oid) \
    SELECT r.rolname, \
        concat_ws(', ', \
            CASE WHEN r.rolsuper THEN 'is a superuser' END, \
            CASE WHEN r.rolbypassrls THEN 'may bypass row-level security' END, \
            CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = s.oid AND c.relowner = r.oid) THEN 'owns tables' END, \
            CASE WHEN EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = s.oid AND p.proowner = r.oid) THEN 'owns functions' END, \
            CASE WHEN s.nspowner = r.oid THEN 'owns the schema' END, \
            CASE WHEN r.rolname = 'cs12_platform' THEN 'reads all organizations' END, \
            CASE WHEN r.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files') \
                THEN 'reaches the server''s files' END), \
        concat_ws(', ', \
            CASE WHEN r.rolcreaterole THEN 'may grant itself other roles' END, \
            CASE WHEN EXISTS (SELECT FROM pg_database d WHERE d.datname = current_database() AND d.datdba = r.oid) \
                THEN 'owns the database' END) \
    FROM held JOIN pg_roles r ON r.oid = held.oid CROSS JOIN pg_namespace s \
    WHERE s.nspname = current_schema() ORDER BY 1";

impl ConnectOptions {
    /// What the logins can do with which these options open PostgreSQL. Nothing is found of SQLite, which has no logins.
    pub async fn check_logins(&self) -> Result<Vec<LoginCheck>, Error> {
        let mut checks = Vec::new();
        if self.url.starts_with("sqlite:") {
            return Ok(checks);
        }
        for url in [&self.url].into_iter().chain(&self.pooler_url).chain(&self.replica_urls) {
            let address = Address::new(url)?;
            let found = match timeout(TIMEOUT, query_role(&address)).await {
                Ok(Ok(found)) => found,
                Ok(Err(cause)) => LoginReport::Unknown(Error::from(cause).logged()),
                Err(_) => LoginReport::Unknown(format!("no answer within {TIMEOUT:?}")),
            };
            checks.push(LoginCheck { server: address.place(), found });
        }
        Ok(checks)
    }
}

async fn query_role(address: &Address) -> Result<LoginReport, tokio_postgres::Error> {
    let client = address.connect().await?;
    let (mut passing, mut suspect) = (Vec::new(), Vec::new());
    // The simple protocol: a pooler knows no prepared statements.
    for message in client.simple_query(ROLE_QUERY).await? {
        let SimpleQueryMessage::Row(row) = message else { continue };
        let text = |place: usize| row.try_get(place).ok().flatten().unwrap_or_default().to_owned();
        let power = |place: usize| Some(text(place)).filter(|power| !power.is_empty());
        passing.extend(power(1).map(|power| RolePower { role: text(0), power }));
        suspect.extend(power(2).map(|power| RolePower { role: text(0), power }));
    }
    Ok(match (passing.is_empty(), suspect.is_empty()) {
        (true, true) => LoginReport::Sound,
        (true, false) => LoginReport::Suspect(suspect),
        (false, _) => LoginReport::Passes(passing),
    })
}
