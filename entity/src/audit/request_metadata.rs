//! Where a request came from.
//!
//! Owns: what the audit log files beside a change. May use: nothing. Invariant: of bounded size, whatever the client sent.

/// The request that does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestMetadata {
    request: String,
    address: Option<String>,
    agent: Option<String>,
}

/// Characters that are kept of an address: an IPv6 one with its zone.
const MAX_ADDRESS_BYTES: usize = 64;

/// Characters that are kept of what a client calls itself.
const MAX_USER_AGENT_BYTES: usize = 256;

impl RequestMetadata {
    /// A request by its id.
    #[must_use]
    pub fn new(request: impl Into<String>) -> Self {
        Self { request: request.into(), address: None, agent: None }
    }

    /// Adds the network address of whoever sent it.
    #[must_use]
    pub fn with_address(mut self, address: &str) -> Self {
        self.address = truncated(address, MAX_ADDRESS_BYTES);
        self
    }

    /// Adds what the client calls itself.
    #[must_use]
    pub fn with_user_agent(mut self, agent: &str) -> Self {
        self.agent = truncated(agent, MAX_USER_AGENT_BYTES);
        self
    }

    /// The request's id.
    #[must_use]
    pub fn request(&self) -> &str {
        &self.request
    }

    pub(crate) fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    pub(crate) fn user_agent(&self) -> Option<&str> {
        self.agent.as_deref()
    }
}

fn truncated(text: &str, most: usize) -> Option<String> {
    let kept: String = text.chars().filter(|letter| !letter.is_control()).take(most).collect();
    Some(kept).filter(|kept| !kept.is_empty())
}
