//! Whose turn it is.
//!
//! Owns: [`Lane`]. May use: nothing. Invariant: those of whom nothing is known share one lane, so a crowd of them is to the others no more
//! than one organization.

use entity::id::OrganizationId;

/// Those who take turns with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Of whom it is not known yet where they belong.
    Newcomers,
    /// Those of an organization.
    Of(OrganizationId),
    /// Introspection queries, of all callers: they wait for a processor of their own, and no query of data waits behind them.
    Introspection,
}
