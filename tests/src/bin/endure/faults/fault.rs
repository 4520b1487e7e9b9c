//! The faults, and their effects on the gateways.
//!
//! Owns: the states, and the allowed effects of each on the two gateways. Invariant: a gateway that a state does not
//! list as affected is not affected.

/// A fault of a dependency or of a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    MailSilent,
    MailGone,
    ReplicaFrozen,
    GatewayFrozen,
    GatewayKilled,
    PoolerFrozen,
    PoolerKilled,
    ReplicaKilled,
    RedisFrozen,
    RedisKilled,
    RedisFilled,
    RedisReadOnly,
    ReplicaPaused,
    ReaderFrozen,
    ReaderKilled,
    LogFull,
    IssuerSilent,
    IssuerGone,
    IssuerFailing,
    ReplicaPromoted,
    PrimaryReadOnly,
    PrimaryFrozen,
    PrimaryKilled,
    PrimaryRestored,
}

/// Effect of a fault on a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lot {
    /// This gateway is the one that is frozen or killed.
    Away,
    /// No effect.
    Untouched,
    /// Requests that were in flight when the fault began may be answered with "try again"; later requests may not.
    Struck,
    /// Requests may be answered with "try again" within their time limit.
    Bounded,
}

impl Fault {
    /// Order of the states: those of the mail server first, since mails take time; those of the replica apart from
    /// each other, since a gateway does not use a replica for a while after a fault.
    pub(super) const ALL: [Self; 24] = [
        Self::MailSilent,
        Self::MailGone,
        Self::ReplicaFrozen,
        Self::GatewayFrozen,
        Self::GatewayKilled,
        Self::PoolerFrozen,
        Self::PoolerKilled,
        Self::ReplicaKilled,
        Self::RedisFrozen,
        Self::RedisKilled,
        Self::RedisFilled,
        Self::RedisReadOnly,
        Self::ReplicaPaused,
        Self::ReaderFrozen,
        Self::ReaderKilled,
        Self::LogFull,
        Self::IssuerSilent,
        Self::IssuerGone,
        Self::IssuerFailing,
        Self::ReplicaPromoted,
        Self::PrimaryReadOnly,
        Self::PrimaryFrozen,
        Self::PrimaryKilled,
        Self::PrimaryRestored,
    ];

    /// Effects on the gateway that connects through the pooler, and on the other one.
    pub(super) fn lots(self) -> [Lot; 2] {
        match self {
            Self::GatewayFrozen | Self::GatewayKilled => [Lot::Away, Lot::Untouched],
            Self::PoolerFrozen | Self::PoolerKilled => [Lot::Bounded, Lot::Untouched],
            Self::ReplicaFrozen
            | Self::ReplicaKilled
            | Self::ReplicaPaused
            | Self::ReplicaPromoted
            | Self::PrimaryReadOnly => [Lot::Struck; 2],
            Self::RedisFrozen
            | Self::RedisKilled
            | Self::RedisFilled
            | Self::RedisReadOnly
            | Self::ReaderFrozen
            | Self::ReaderKilled
            | Self::LogFull
            | Self::MailSilent
            | Self::MailGone
            | Self::IssuerSilent
            | Self::IssuerGone
            | Self::IssuerFailing => [Lot::Untouched; 2],
            Self::PrimaryFrozen | Self::PrimaryKilled | Self::PrimaryRestored => [Lot::Bounded; 2],
        }
    }

    /// Whether changes are possible during the fault.
    pub(super) fn takes_changes(self) -> bool {
        !matches!(self, Self::PrimaryReadOnly | Self::PrimaryFrozen | Self::PrimaryKilled | Self::PrimaryRestored)
    }

    /// Whether this is a fault of the replica. If so, the gateways must have read on the replica before it.
    pub(super) fn is_of_replica(self) -> bool {
        matches!(self, Self::ReplicaFrozen | Self::ReplicaKilled | Self::ReplicaPaused | Self::ReplicaPromoted)
    }
}
