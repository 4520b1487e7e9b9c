//! Why a command failed.
//!
//! Owns: [`CliError`]. May use: the errors of the rooms that commands call. Invariant: each text says what to mend, and
//! none repeats a secret.

use std::io;
use std::net::SocketAddr;

use migration::MigrateError;

use super::healthcheck::NotReady;
use super::import_legacy::ImportLegacyError;
use super::people::NotRelinked;
use super::token::TokenError;
use crate::admission::RedisStoreError;
use crate::audit_export::WriteError;
use crate::authn::{AuthnError, mint::MintError};
use crate::config::ConfigErrors;
use crate::graphql::ManifestError;
use crate::guard::RegistryError;
use crate::http::TlsError;
use crate::legacy_import::LegacyError;
use crate::mail::MailError;
use crate::telemetry::OtlpError;

/// Why a command failed: one line for the person at the terminal; for a configuration one line for each problem.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    #[error(transparent)]
    Authn(#[from] AuthnError),
    #[error("{0} of the database's steps are pending: run `gateway migrate up` with the same database")]
    Pending(usize),
    #[error(
        "nothing was undone: {0} connections of gateways to this database are open (on SQLite at least one): stop them, or use \
         the version that fits the newer schema. A pooler may keep theirs for some minutes"
    )]
    InUse(u64),
    #[error("nothing was undone: this loses data, so answer `yes` at a terminal or give `--yes`")]
    NoConsent,
    #[error(
        "`database.url` leads to a pooler that changes the session between transactions: give that as `database.pooler_url`, \
         and in `database.url` the address of PostgreSQL itself"
    )]
    Pooler,
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    #[error(
        "the database answers, but gives no connection as the role `cs12_app`: grant that to the gateway's login \
         (`grant cs12_app to LOGIN`), and see that it has connections to spare: {}",
        .0.logged()
    )]
    Role(#[source] entity::error::Error),
    #[error(
        "the gateway's login at `{server}` can pass row-level security: {powers}. Serve with a login of its own that is a member of \
         `cs12_app` alone (`create role gateway_login login password '…'; grant cs12_app to gateway_login`)"
    )]
    Login { server: String, powers: String },
    #[error("the database: {}", .0.logged())]
    Database(#[from] entity::error::Error),
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error(transparent)]
    Documents(#[from] ManifestError),
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error(transparent)]
    Shared(#[from] RedisStoreError),
    #[error("`--listen`: cannot listen on `{address}`: {cause}")]
    Listen { address: SocketAddr, cause: io::Error },
    #[error("`metrics.listen`: cannot listen on `{address}`: {cause}")]
    ListenForMetrics { address: SocketAddr, cause: io::Error },
    #[error(transparent)]
    Otlp(#[from] OtlpError),
    #[error(transparent)]
    Import(#[from] ImportLegacyError),
    #[error("the demo's data cannot be imported: {0}")]
    Demo(#[from] LegacyError),
    #[error("the demo's folder `{path}` cannot be made: {cause}")]
    Folder { path: String, cause: io::Error },
    #[error(transparent)]
    Mint(#[from] MintError),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    NotRelinked(#[from] NotRelinked),
    #[error(transparent)]
    NotReady(#[from] NotReady),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("stopped at once, as told twice: requests under way were cut off")]
    CutShort,
    #[error("cannot wait for signals: {0}")]
    Signal(io::Error),
    #[error("cannot start: {0}")]
    Runtime(io::Error),
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
    #[error(
        "there is no organization `{0}`: write its slug, its id (`org_…`) or its UUID, as `gateway organizations list` does"
    )]
    NoOrganization(String),
    #[error("{}", .0.join("\n"))]
    UnsoundLogs(Vec<String>),
    #[error("not what the rows say: {0}; `gateway roll-ups rebuild` makes them anew")]
    Drift(String),
    #[error(transparent)]
    Export(#[from] WriteError),
    #[error("cannot write as JSON: {0}")]
    Json(#[from] serde_json::Error),
}
