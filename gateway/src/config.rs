//! The configuration: what the operator may set, and the proof that what they set makes sense.
//!
//! Owns: the embedded defaults, the order of the layers (defaults, platform, file, environment, command line) and every check.
//! May use: figment for the layers, lettre for mail addresses; of the other rooms only `entity::Rules`.
//! Invariant: a [`Config`] that exists is sound; a wrong one is reported whole, never one mistake at a time, and never with a secret's text.

mod authn;
mod database;
mod documents;
mod error;
mod layers;
mod limits;
mod listen;
mod log;
mod mail;
mod metrics;
mod organizations;
mod otlp;
mod pages;
mod platform;
mod provider;
mod reader;
mod restart_required;
mod secret;
mod server;
mod sign_in;
mod structure;
#[cfg(test)]
mod tests;
mod tls;
mod url;

use std::path::Path;

use figment::providers::{Env, Format as _, Toml};
use figment::value::Dict;

pub use authn::{Authn, ClaimNames, EmailProof, Issuer, Jwks, KeySource};
pub use database::Database;
pub use documents::{Documents, Introspection, Persisted, Suggestions, Trust};
pub use error::{ConfigError, ConfigErrors};
pub use limits::{Enforcement, Limit, LimitSetting, Limits};
pub use log::{Level, Log, LogFormat};
pub use mail::Mail;
pub use metrics::Metrics;
pub use otlp::{Otlp, OtlpLogs};
pub use pages::{Pages, Serving, TokenLinks};
pub use platform::Platform;
pub use provider::Provider;
pub use secret::Secret;
pub use server::{ClientAddress, Server};
pub use sign_in::SignIn;
pub use tls::Tls;

use reader::Section;

/// The first layer, with a comment for every key: also what a newcomer copies from.
pub const DEFAULTS: &str = include_str!("config/default.toml");

/// Names an environment variable of ours.
const PREFIX: &str = "CS12_";

/// Everything that can be set, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen and what to take in.
    pub server: Server,
    /// Where the data is.
    pub database: Database,
    /// Whose tokens are believed.
    pub authn: Authn,
    /// Makes cursors tamper-evident; without it every process makes its own key at start, so cursors end with the process.
    pub cursor_secret: Option<Secret>,
    /// What the operator decides about the life of organizations.
    pub rules: entity::organization_settings::OrganizationSettings,
    /// Makes the tokens of invitations; without it every process makes its own key at start.
    pub invitation_secret: Option<Secret>,
    /// How mails go out.
    pub mail: Mail,
    /// How people sign in to the pages.
    pub pages: Pages,
    /// How to log.
    pub log: Log,
    /// Where figures are collected.
    pub metrics: Metrics,
    /// Where traces and logs are collected; none = nowhere.
    pub otlp: Option<Otlp>,
    /// How much is let in.
    pub limits: Limits,
    /// The Redis in which several gateways count together; none = each by itself.
    pub redis_url: Option<Secret>,
    /// Which documents may be run, and who may ask what the schema is.
    pub documents: Documents,
}

/// What the command line says: it wins over file and environment.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--database-url`.
    pub database_url: Option<String>,
    /// `--listen`.
    pub listen: Option<String>,
    /// Whether what the platform says counts.
    pub platform: Platform,
}

impl Config {
    /// Reads the layers: defaults, then the platform's `PORT` and `DATABASE_URL`, then `file`, then `CS12_…` of the environment (`__` between section and key), then `overrides`.
    pub fn load(file: Option<&Path>, overrides: Overrides) -> Result<Self, ConfigErrors> {
        // `CS12_CONFIG` names the file itself (`--config`), so it is not a key inside of it.
        let environment = Env::prefixed(PREFIX).split("__").ignore(&["config"]);
        let environment = environment.iter().map(|(key, value)| (key.into_string(), value));
        let platform = match overrides.platform {
            Platform::Heeded => platform::layer(|name| std::env::var(name).ok()),
            Platform::Ignored => Vec::new(),
        };
        Self::layered(platform, file, environment, overrides)
    }

    /// [`Config::load`] without a platform, and with the environment's keys (`server.listen`) and values given: what tests call.
    #[cfg(test)]
    pub(crate) fn from_layers(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        overrides: Overrides,
    ) -> Result<Self, ConfigErrors> {
        Self::layered(Vec::new(), file, environment, overrides)
    }

    fn layered(
        platform: Vec<(&'static str, String)>,
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        overrides: Overrides,
    ) -> Result<Self, ConfigErrors> {
        let mut problems = ConfigErrors::default();
        let mut entries = layer(DEFAULTS, None)?;
        layers::put(&mut entries, of_keys(platform));
        if let Some(file) = file {
            match std::fs::read_to_string(file) {
                Ok(text) => layers::put(&mut entries, layer(&text, Some(file))?),
                Err(error) => problems.file_unreadable(file, &error),
            }
        }
        // Values of the environment stay text here (figment would read a secret of digits as a number); each key's reader converts.
        layers::put(&mut entries, of_keys(environment));
        let words = [("database.url", overrides.database_url), ("server.listen", overrides.listen)];
        layers::put(&mut entries, of_keys(words.into_iter().filter_map(|(key, value)| Some((key, value?)))));
        Self::read(entries, problems)
    }

    fn read(entries: Dict, mut problems: ConfigErrors) -> Result<Self, ConfigErrors> {
        let mut root = Section::root(entries, &mut problems);
        let server = Server::read(root.section("server"));
        let database = Database::read(root.section("database"));
        let authn = Authn::read(root.section("authn"));
        let cursor_secret = read_cursor(root.section("cursor"));
        let mut rules = entity::organization_settings::OrganizationSettings::default();
        organizations::read_organizations(root.section("organizations"), &mut rules);
        let invitation_secret = organizations::read_invitations(root.section("invitations"), &mut rules);
        let mail = Mail::read(root.section("mail"));
        let pages = Pages::read(root.section("pages"));
        let log = Log::read(root.section("log"));
        let metrics = Metrics::read(root.section("metrics"));
        let otlp = Otlp::read(root.section("otlp"));
        let limits = Limits::read(root.section("limits"), database.max_connections);
        let redis_url = read_redis(root.section("redis"));
        let documents = Documents::read(root.section("documents"));
        root.finish();
        if let Some(server) = &server {
            metrics.check_beside(server, &mut problems);
        }
        match (server, authn, mail, log, documents) {
            (Some(server), Some(authn), Some(mail), Some(log), Some(documents)) if problems.is_empty() => Ok(Self {
                server,
                database,
                authn,
                cursor_secret,
                rules,
                invitation_secret,
                mail,
                pages,
                log,
                metrics,
                otlp,
                limits,
                redis_url,
                documents,
            }),
            _ => Err(problems),
        }
    }

    /// What a server that faces people needs beyond a sound file: `serve` and `check-config` ask, `demo` and `migrate` do not.
    pub fn check_serving(&self) -> Result<(), ConfigErrors> {
        let mut problems = ConfigErrors::default();
        if self.authn.issuers.is_empty() {
            problems.add(
                "authn.issuers",
                "is empty, so nobody could sign in",
                "name at least one issuer, such as `[{ provider = \"supabase\", issuer = \"https://abc.supabase.co/auth/v1\" }]`",
            );
        }
        self.mail.check_serving(&self.server, &mut problems);
        if let Some(sign_in) = &self.pages.sign_in {
            sign_in.check_serving(&self.authn, &mut problems);
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// A layer of keys with dotted paths.
fn of_keys<K: AsRef<str>>(keys: impl IntoIterator<Item = (K, String)>) -> Dict {
    let mut layer = Dict::new();
    for (key, value) in keys {
        layers::add(&mut layer, key.as_ref(), value);
    }
    layer
}

/// The keys of a layer that is written as TOML.
fn layer(text: &str, file: Option<&Path>) -> Result<Dict, ConfigErrors> {
    Toml::from_str(text).map_err(|error| ConfigErrors::of_syntax(file, &error))
}

fn read_cursor(mut section: Section<'_>) -> Option<Secret> {
    let secret = section.secret("secret", Secret::MIN_BYTES);
    section.finish();
    secret
}

fn read_redis(mut section: Section<'_>) -> Option<Secret> {
    let url = section.url();
    if url.as_ref().is_some_and(|url| {
        ["redis://", "rediss://", "redis+unix://"].iter().all(|scheme| !url.expose().starts_with(scheme))
    }) {
        section.problem(
            "url",
            "does not name a Redis",
            "write `redis://HOST`, `rediss://USER:PASSWORD@HOST` or `redis+unix:///SOCKET`",
        );
    }
    section.finish();
    url
}
