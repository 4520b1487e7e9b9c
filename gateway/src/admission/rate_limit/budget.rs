//! What is charged.
//!
//! Owns: accounts, their budgets, and what came of charging them. May use: nothing. Invariant: nobody can tell from an account who the
//! person is.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use entity::{
    auth::Principal,
    id::{OrganizationId, TypedId},
};
use sha2::{Digest, Sha256};

use super::BudgetOwner;
use crate::limits::Limit;

/// A person, as a number. The same in every process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::admission) struct ClientId([u8; 16]);

impl ClientId {
    pub(in crate::admission) fn of(principal: &Principal) -> Self {
        let mut hash = Sha256::new();
        // The length keeps two persons from being one.
        hash.update(principal.issuer().len().to_be_bytes());
        hash.update(principal.issuer());
        hash.update(principal.subject());
        let mut short = [0; 16];
        short.copy_from_slice(&hash.finalize()[..16]);
        Self(short)
    }

    #[cfg(test)]
    pub(in crate::admission) fn numbered(number: u8) -> Self {
        Self([number; 16])
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum BudgetKey {
    Person(ClientId),
    Organization(OrganizationId),
}

impl BudgetKey {
    pub(super) fn limit(self) -> Limit {
        match self {
            Self::Person(_) => Limit::PersonRate,
            Self::Organization(_) => Limit::OrganizationRate,
        }
    }

    pub(super) fn owner(self) -> BudgetOwner {
        match self {
            Self::Person(_) => BudgetOwner::Person,
            Self::Organization(_) => BudgetOwner::Organization,
        }
    }

    /// Its name in a ledger that others read.
    pub(super) fn name(self) -> String {
        match self {
            Self::Person(ClientId(bytes)) => format!("person:{}", HEXLOWER.encode(&bytes)),
            Self::Organization(organization) => format!("organization:{}", organization.uuid().simple()),
        }
    }
}

/// An account, and how much may be spent from it in a minute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pub(super) account: BudgetKey,
    pub(super) most: u64,
}

/// What came of charging some budgets: all of them, or none.
#[derive(Debug)]
pub(super) struct ChargeResult {
    /// Of this minute, from each of them; with what was charged now.
    pub(super) used: Vec<u64>,
    /// The first that has not enough left.
    pub(super) refused: Option<usize>,
    /// When the next minute begins.
    pub(super) resets: DateTime<Utc>,
}
