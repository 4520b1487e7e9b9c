//! `gateway healthcheck`: the probe of a container that has no other client.
//!
//! Owns: one GET. May use: ureq. Invariant: it ends within [`PATIENCE`], and asks no proxy.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::http::Uri;
use clap::Args;
use ureq::tls::TlsConfig;

use super::{CliError, ConfigFile};
use crate::config::Overrides;

/// Longest wait; the gateway itself gives up on its database after two seconds.
const TIMEOUT: Duration = Duration::from_secs(4);

const READY: &str = "/health/ready";

#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    #[command(flatten)]
    file: ConfigFile,
    /// What to ask [default: /health/ready at the configuration's address]; without a path, /health/ready there. On this machine any
    /// certificate will do.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

/// Why the gateway is not ready.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotReady {
    #[error("`{url}` does not answer: {cause}")]
    Silent { url: String, cause: String },
    #[error("`{url}` answers with status {status}")]
    Status { url: String, status: u16 },
}

impl Healthcheck {
    #[cfg(test)]
    pub(super) fn of(url: String) -> Self {
        Self { file: ConfigFile::default(), url: Some(url) }
    }

    pub(super) fn run(self) -> Result<(), CliError> {
        if let Some(url) = self.url.as_deref().map(read_response) {
            let proof = if is_loopback(&url) { TlsCheck::None } else { TlsCheck::Public };
            return Ok(ask(url, &proof)?);
        }
        let server = self.file.load(Overrides::default())?.server;
        let (scheme, proof) = if server.tls.is_some() { ("https", TlsCheck::None) } else { ("http", TlsCheck::Public) };
        Ok(ask(format!("{scheme}://{}{READY}", reachable(server.listen)), &proof)?)
    }
}

/// What the asked one has to prove itself by, where it speaks TLS.
pub(super) enum TlsCheck {
    /// A certificate of a public authority.
    Public,
    /// Nothing: it is on this machine, called by a number or a name that no certificate has, and is told nothing.
    None,
}

pub(super) fn ask(url: String, proof: &TlsCheck) -> Result<(), NotReady> {
    let tls = TlsConfig::builder().disable_verification(matches!(proof, TlsCheck::None)).build();
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .tls_config(tls)
        .build()
        .new_agent();
    match agent.get(&url).call() {
        Ok(answer) if answer.status().as_u16() == 200 => Ok(()),
        Ok(answer) => Err(NotReady::Status { url, status: answer.status().as_u16() }),
        Err(error) => Err(NotReady::Silent { url, cause: error.to_string() }),
    }
}

/// The address that is asked: of a gateway without a path, its readiness.
pub(super) fn read_response(url: &str) -> String {
    let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    match url.parse::<Uri>() {
        Ok(uri) if uri.path_and_query().is_none_or(|path| path == "/") => {
            format!("{}{READY}", url.trim_end_matches('/'))
        }
        Ok(_) | Err(_) => url,
    }
}

/// Whether an address leads to this machine.
pub(super) fn is_loopback(url: &str) -> bool {
    let Ok(url) = url.parse::<Uri>() else { return false };
    let host = url.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An address to listen on may mean "every interface": nobody can be called there, this machine can.
pub(super) fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
