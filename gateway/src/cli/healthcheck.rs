//! `gateway healthcheck`: the probe of a container that has no other client.
//!
//! Owns: one GET. May use: ureq. Invariant: it ends within [`PATIENCE`], and asks no proxy.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use clap::Args;

use super::{CliError, ConfigFile};
use crate::config::Overrides;

/// Longest wait; the gateway itself gives up on its database after two seconds.
const PATIENCE: Duration = Duration::from_secs(4);

#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    #[command(flatten)]
    file: ConfigFile,
    /// What to ask [default: /health/ready at the configuration's address].
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
    pub(super) fn run(self) -> Result<(), CliError> {
        let url = match self.url {
            Some(url) => url,
            None => {
                let server = self.file.load(Overrides::default())?.server;
                let scheme = if server.tls.is_some() { "https" } else { "http" };
                format!("{scheme}://{}/health/ready", reachable(server.listen))
            }
        };
        Ok(ask(url)?)
    }
}

fn ask(url: String) -> Result<(), NotReady> {
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .build()
        .new_agent();
    match agent.get(&url).call() {
        Ok(answer) if answer.status().as_u16() == 200 => Ok(()),
        Ok(answer) => Err(NotReady::Status { url, status: answer.status().as_u16() }),
        Err(error) => Err(NotReady::Silent { url, cause: error.to_string() }),
    }
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
