//! The source of a request.
//!
//! Owns: the request metadata that the audit log stores with a change. Invariant: its size is bounded, regardless of
//! the client's input.

/// Metadata of the request that makes a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestMetadata {
    request: String,
    address: Option<String>,
    agent: Option<String>,
}

/// Maximum number of characters stored of an address: an IPv6 one with its zone.
const MAX_ADDRESS_CHARS: usize = 64;

/// Maximum number of characters stored of the client's user agent.
const MAX_USER_AGENT_CHARS: usize = 256;

impl RequestMetadata {
    /// A request with this id.
    #[must_use]
    pub fn new(request: impl Into<String>) -> Self {
        Self { request: request.into(), address: None, agent: None }
    }

    /// Adds the network address of the sender.
    #[must_use]
    pub fn with_address(mut self, address: &str) -> Self {
        self.address = truncated(address, MAX_ADDRESS_CHARS);
        self
    }

    /// Adds the client's user agent.
    #[must_use]
    pub fn with_user_agent(mut self, agent: &str) -> Self {
        self.agent = truncated(agent, MAX_USER_AGENT_CHARS);
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
