//! Where an address leads.
//!
//! Owns: what the checks ask of a URL. May use: axum's parser. Invariant: only `localhost` and loopback addresses are
//! this machine, however much another host's name looks like them.

use std::net::IpAddr;

use axum::http::Uri;

/// An absolute address: scheme, host and what else there is.
#[derive(Debug)]
pub(super) struct ConfigUrl(Uri);

impl ConfigUrl {
    /// Reads an address; none if it lacks a scheme or a host.
    pub(super) fn of(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let is_absolute = uri.scheme().is_some() && uri.host().is_some_and(|host| !host.is_empty());
        is_absolute.then_some(Self(uri))
    }

    pub(super) fn scheme(&self) -> &str {
        self.0.scheme_str().unwrap_or_default()
    }

    /// Scheme, host and port, as they are written.
    pub(super) fn origin(&self) -> String {
        format!("{}://{}", self.scheme(), self.0.authority().map_or("", |authority| authority.as_str()))
    }

    /// What stands before the `@`: a user name, perhaps with a password.
    pub(super) fn user(&self) -> Option<&str> {
        self.0.authority()?.as_str().rsplit_once('@').map(|(user, _)| user)
    }

    /// Whether one of the options behind the `?` is this one.
    pub(super) fn has_option(&self, option: &str) -> bool {
        self.0.query().is_some_and(|query| query.split('&').any(|found| found == option))
    }

    /// Whether it leads to this machine.
    pub(super) fn is_loopback(&self) -> bool {
        let host = self.0.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Plain HTTP goes to this machine only, and no address holds a password.
    pub(super) fn is_safe_for_the_web(&self) -> bool {
        self.user().is_none() && (self.scheme() == "https" || (self.scheme() == "http" && self.is_loopback()))
    }
}
