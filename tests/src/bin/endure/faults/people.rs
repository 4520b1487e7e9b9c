//! Who asks.
//!
//! Owns: a token for each. Invariant: all tokens are of the issuer that publishes its keys, so that every request depends on it.

use tests::{endure::KeyIssuer, tenants::Tenant};

/// Somebody of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Owner,
    /// Is removed in the course of a state.
    Agent,
    /// Loses what was granted in the course of a state.
    Granted,
    /// Is an admin, and a plain member from the middle of a state on.
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
