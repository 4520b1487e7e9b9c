//! The link that opens an invitation.
//!
//! Owns: its form. May use: nothing. Invariant: the token is behind `#`, which browsers send to nobody: it reaches no log
//! and no `Referer`.

/// Makes links.
#[derive(Clone, Debug)]
pub(super) struct Links(String);

impl Links {
    /// Links to the gateway at this address: to the page on which people sign in.
    pub(super) fn to(public_url: &str) -> Self {
        Self(format!("{}/dashboard/#invitation=", public_url.trim_end_matches('/')))
    }

    /// The link of an invitation.
    pub(super) fn invitation(&self, token: &str) -> String {
        format!("{}{token}", self.0)
    }
}
