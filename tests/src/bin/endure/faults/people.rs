//! The callers.
//!
//! Owns: one token for each. Invariant: all tokens are from the issuer that publishes its keys, so that every request
//! depends on it.

use tests::{load::KeyIssuer, tenants::Tenant};

/// A person of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Owner,
    /// Member who is removed during a state.
    Agent,
    /// Member who loses a grant during a state.
    Granted,
    /// Admin who is demoted to a plain member during a state.
    Admin,
}

pub(super) struct People(Vec<[String; 4]>);

impl People {
    pub(super) fn of(issuer: &KeyIssuer, tenants: usize) -> Self {
        let persons = |tenant: Tenant| {
            let member = |number: usize| format!("member-{number}-of-{}", tenant.0);
            [tenant.owner(), tenant.agent(), member(0), member(1)]
        };
        Self((0..tenants).map(|tenant| persons(Tenant(tenant)).map(|person| issuer.token(&person))).collect())
    }

    pub(super) fn token(&self, tenant: Tenant, who: Who) -> &str {
        &self.0[tenant.0][who as usize]
    }
}
