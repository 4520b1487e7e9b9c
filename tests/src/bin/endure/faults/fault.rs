//! What happens to which part.
//!
//! Owns: the states and what each may do to the two gateways. Invariant: a gateway that is not named to suffer from a state does not.

/// What has happened.
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

/// What becomes of a gateway meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lot {
    /// It is the one that stands still or is killed.
    Away,
    /// Nothing.
    Untouched,
    /// Requests that were under way when it happened may be answered with "try again"; no other.
    Struck,
    /// Requests may be answered with "try again", within their time.
    Bounded,
}

impl Fault {
    /// In this order: those about mails first, since mails take their time, and those of the replica apart, since it is left alone for a while.
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

    /// What becomes of the gateway that goes through the pooler, and of the other one.
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

    /// Whether anything can be changed meanwhile.
    pub(super) fn takes_changes(self) -> bool {
        !matches!(self, Self::PrimaryReadOnly | Self::PrimaryFrozen | Self::PrimaryKilled | Self::PrimaryRestored)
    }

    /// Whether it is about the replica: then it must have been read before.
    pub(super) fn is_of_replica(self) -> bool {
        matches!(self, Self::ReplicaFrozen | Self::ReplicaKilled | Self::ReplicaPaused | Self::ReplicaPromoted)
    }
}
