//! Reads a published key set from its place.
//!
//! Owns: the only outgoing request of authentication. May use: ureq. Invariant: bounded in time and size, follows no redirect, and plain
//! HTTP never leaves this machine (the configuration has checked the address).

use std::io::Read;
use std::path::Path;

use thiserror::Error;

use super::KeyLocation;
use crate::config::Jwks;

/// Why a key set could not be read.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("`{path}` cannot be read ({kind})")]
    File {
        /// The file in the configuration.
        path: String,
        /// What the system says.
        kind: std::io::ErrorKind,
    },
    /// The issuer does not answer in time or at all.
    #[error("`{url}` does not answer ({cause})")]
    Unreachable {
        /// The address in the configuration.
        url: String,
        /// What the client says.
        cause: String,
    },
    /// The issuer answers with something else than the set.
    #[error("`{url}` answers with status {status}")]
    Status {
        /// The address in the configuration.
        url: String,
        /// The status of the answer.
        status: u16,
    },
    /// The set is too large.
    #[error("the key set is larger than {0} bytes")]
    TooLarge(u32),
    /// The text is not a key set.
    #[error("the text is not a JSON web key set")]
    NotAKeySet,
    /// The set has no key that can be used.
    #[error("the key set has no usable RS256, ES256 or EdDSA key")]
    NoUsableKey,
}

impl KeyLocation {
    /// Blocking.
    pub(super) fn read(&self, settings: &Jwks) -> Result<Vec<u8>, LoadError> {
        match self {
            Self::Url(url) => fetch(url, settings),
            Self::File(path) => read_file(path, settings),
        }
    }
}

fn read_file(path: &Path, settings: &Jwks) -> Result<Vec<u8>, LoadError> {
    let unreadable = |error: std::io::Error| LoadError::File { path: path.display().to_string(), kind: error.kind() };
    let mut json = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(u64::from(settings.max_bytes) + 1).read_to_end(&mut json).map_err(unreadable)?;
    if json.len() > settings.max_bytes as usize { Err(LoadError::TooLarge(settings.max_bytes)) } else { Ok(json) }
}

fn fetch(url: &str, settings: &Jwks) -> Result<Vec<u8>, LoadError> {
    let is_https = url.starts_with("https://");
    let mut builder = ureq::Agent::config_builder()
        .timeout_global(Some(settings.timeout))
        .max_redirects(0)
        .http_status_as_error(false)
        .https_only(is_https)
        .max_idle_connections(0)
        .user_agent("cs12-gateway");
    if !is_https {
        // To this machine, not through somebody else's.
        builder = builder.proxy(None);
    }
    let agent = builder.build().new_agent();
    let unreachable = |cause: &ureq::Error| LoadError::Unreachable { url: url.to_owned(), cause: cause.to_string() };
    let mut answer = agent.get(url).header("accept", "application/json").call().map_err(|error| unreachable(&error))?;
    let status = answer.status().as_u16();
    if status != 200 {
        return Err(LoadError::Status { url: url.to_owned(), status });
    }
    let body = answer.body_mut().with_config().limit(u64::from(settings.max_bytes)).read_to_vec();
    body.map_err(|error| match error {
        ureq::Error::BodyExceedsLimit(_) => LoadError::TooLarge(settings.max_bytes),
        other => unreachable(&other),
    })
}
