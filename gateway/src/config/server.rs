//! `[server]`: where to listen and what to take in.
//!
//! Owns: [`Server`]. May use: `listen`, `section`, `place`, `tls`, axum's names of headers. Invariant: the host is a bare, lower-case domain
//! name; the public address can be put before a path.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::HeaderName;

use super::Tls;
use super::listen;
use super::reader::Section;
use super::url::ConfigUrl;

/// Who says from which network address a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAddress {
    /// The connection: right without a proxy.
    Peer,
    /// The last entry of `X-Forwarded-For`, which the nearest proxy has added.
    XForwardedFor,
    /// `X-Real-Ip`, which the nearest proxy sets.
    XRealIp,
}

/// Where to listen and what to take in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Base of organization sub-domains, lower case; none = sub-domains choose nothing.
    pub public_host: Option<String>,
    /// What the links in mails begin with, without a slash at its end; none = the address that is listened on.
    pub public_url: Option<String>,
    /// Who says from which network address a request came.
    pub client_address: ClientAddress,
    /// Most connections at once.
    pub max_connections: u32,
    /// Most connections at once from one address, where no proxy is in front.
    pub max_connections_per_address: u32,
    /// Largest request body, in bytes.
    pub max_body_bytes: usize,
    /// Origins of other sites whose pages may ask, as browsers write them; empty = none.
    pub allowed_origins: Vec<String>,
    /// Headers that those pages may send beside the gateway's own.
    pub allowed_headers: Vec<String>,
    /// How long requests are still taken after SIGTERM, while probes are told that nobody should come.
    pub drain: Duration,
    /// By what it proves itself; none = a proxy in front ends TLS.
    pub tls: Option<Tls>,
}

impl Server {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let listen = section.text("listen");
        let address = listen.as_deref().and_then(listen::read);
        if address.is_none() {
            let given = listen.map_or_else(|| "is missing".to_owned(), |listen| format!("is `{listen}`"));
            section.problem(
                "listen",
                given,
                "write an address with its port, such as `127.0.0.1:8080`, `[::]:8080` or `:8080`",
            );
        }
        let public_host = section.text("public_host").map(|host| host.to_ascii_lowercase());
        if let Some(host) = public_host.as_deref().filter(|host| !is_domain(host)) {
            section.problem("public_host", format!("is `{host}`"), "write a bare domain name, such as `cs12.example`");
        }
        let public_url = section.text("public_url").map(|url| url.trim_end_matches('/').to_owned());
        if let Some(url) = public_url.as_deref().filter(|url| !is_base(url)) {
            let right = "write an `https://` address (`http://` only to this machine) without `?` and `#`, such as `https://cs12.example`";
            // An address with a password in it is not repeated.
            let wrong = if url.contains('@') { "holds a user name".to_owned() } else { format!("is `{url}`") };
            section.problem("public_url", wrong, right);
        }
        let client_address = section.choice(
            "client_address",
            &[
                ("peer", ClientAddress::Peer),
                ("x-forwarded-for", ClientAddress::XForwardedFor),
                ("x-real-ip", ClientAddress::XRealIp),
            ],
        );
        let max_body_bytes = section.number("max_body_bytes", 1024..=16 * 1024 * 1024) as usize;
        let max_connections = section.number("max_connections", 16..=1_000_000);
        let max_connections_per_address = section.number("max_connections_per_address", 1..=1_000_000);
        let allowed_origins = section.texts("allowed_origins").unwrap_or_default();
        for origin in allowed_origins.iter().filter(|origin| !is_origin(origin)) {
            let right = "write scheme and host as a browser does, without a path, such as `https://app.cs12.example`";
            section.problem("allowed_origins", format!("has `{origin}`"), right);
        }
        let allowed_headers = section.texts("allowed_headers").unwrap_or_default();
        for header in allowed_headers.iter().filter(|header| !is_header(header)) {
            let right = "write the name of each header that pages send, such as `sentry-trace`";
            section.problem("allowed_headers", format!("has `{header}`"), right);
        }
        let drain = Duration::from_secs(u64::from(section.number("drain_seconds", 0..=300)));
        let tls = Tls::read(section.section("tls"));
        section.finish();
        let (listen, client_address) = (address?, client_address?);
        Some(Self {
            listen,
            public_host,
            public_url,
            client_address,
            max_connections,
            max_connections_per_address,
            max_body_bytes,
            allowed_origins,
            allowed_headers,
            drain,
            tls,
        })
    }
}

impl Server {
    /// Whether people's browsers come over TLS, whoever ends it.
    #[must_use]
    pub fn is_reached_over_tls(&self) -> bool {
        self.tls.is_some() || self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// A name (RFC 9110 §5.1). `*` is one by its letters, and would allow nothing that stands beside a token.
fn is_header(name: &str) -> bool {
    name != "*" && name.parse::<HeaderName>().is_ok()
}

/// Tokens of invitations and of people travel there: in the clear only within this machine.
fn is_base(url: &str) -> bool {
    !url.contains(['?', '#']) && ConfigUrl::of(url).is_some_and(|place| place.is_safe_for_the_web())
}

fn is_domain(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// Scheme, host and perhaps a port, in lower case: anything else no browser ever sends, so it would allow nobody.
fn is_origin(origin: &str) -> bool {
    let Some(host) = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")) else { return false };
    let (name, port) = host.rsplit_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
    is_port && is_domain(name) && !name.bytes().any(|letter| letter.is_ascii_uppercase())
}
