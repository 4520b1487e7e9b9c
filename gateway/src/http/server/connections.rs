//! How many connections are open.
//!
//! Owns: [`Connections`]: their limits, and their count in all and for each address. May use: nothing. Invariant: a connection is counted from
//! when it is accepted until it has ended, however it ends.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use prometheus_client::metrics::{counter::Counter, gauge::Gauge};

/// Pause between two lines of the log about refused connections: a flood of them must not become one of lines.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// The limits of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Most at once.
    pub most: usize,
    /// Most at once from one address; none where a proxy in front opens all of them.
    pub most_of_one: Option<usize>,
    /// Longest that a client may take nothing of its answer.
    pub reading: Duration,
}

impl ConnectionLimits {
    /// Longest that a client may take nothing of its answer, unless set otherwise.
    pub const READ_TIMEOUT: Duration = Duration::from_secs(30);
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self { most: 1024, most_of_one: None, reading: Self::READ_TIMEOUT }
    }
}

/// The connections of a listener. Clones share the count.
#[derive(Clone, Debug, Default)]
pub struct Connections {
    limits: ConnectionLimits,
    count: Arc<Mutex<Count>>,
    open: Gauge,
    refused: Counter,
}

#[derive(Debug, Default)]
struct Count {
    all: usize,
    of: HashMap<IpAddr, usize>,
    told: Option<Instant>,
}

/// A connection that is counted.
#[derive(Debug)]
pub(super) struct ConnectionPermit {
    connections: Connections,
    of: IpAddr,
}

impl Connections {
    /// Under these limits; how many are open and how many were refused is told there.
    #[must_use]
    pub fn new(limits: ConnectionLimits, open: Gauge, refused: Counter) -> Self {
        Self { limits, open, refused, count: Arc::default() }
    }

    pub(super) fn limits(&self) -> ConnectionLimits {
        self.limits
    }

    /// Counts a connection, if there is room for it.
    pub(super) fn take(&self, peer: IpAddr) -> Option<ConnectionPermit> {
        let of = network(peer);
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = count.of.get(&of).copied().unwrap_or_default();
        let is_crowd = count.all >= self.limits.most;
        if is_crowd || self.limits.most_of_one.is_some_and(|most| of_one >= most) {
            self.refused.inc();
            if count.told.is_none_or(|told| told.elapsed() >= LOG_INTERVAL) {
                count.told = Some(Instant::now());
                let limit = if is_crowd { "max_connections" } else { "max_connections_per_address" };
                tracing::warn!(limit, open = count.all, "connections are refused");
            }
            return None;
        }
        count.all += 1;
        count.of.insert(of, of_one + 1);
        self.open.set(i64::try_from(count.all).unwrap_or(i64::MAX));
        Some(ConnectionPermit { connections: self.clone(), of })
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut count = self.connections.count.lock().unwrap_or_else(PoisonError::into_inner);
        count.all = count.all.saturating_sub(1);
        if let Some(of_one) = count.of.get_mut(&self.of) {
            *of_one = of_one.saturating_sub(1);
            if *of_one == 0 {
                count.of.remove(&self.of);
            }
        }
        self.connections.open.set(i64::try_from(count.all).unwrap_or(i64::MAX));
    }
}

/// The address; of IPv6 the network, since one client has as many addresses there as they like.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(most: usize, most_of_one: Option<usize>) -> Connections {
        let limits = ConnectionLimits { most, most_of_one, ..ConnectionLimits::default() };
        Connections::new(limits, Gauge::default(), Counter::default())
    }

    fn take(connections: &Connections, address: &str) -> Option<ConnectionPermit> {
        address.parse().ok().and_then(|address| connections.take(address))
    }

    #[test]
    fn there_are_so_many_and_no_more_until_one_has_ended() {
        let connections = connections(2, None);
        let one = take(&connections, "10.0.0.1");
        let two = take(&connections, "10.0.0.1");
        assert!(one.is_some() && two.is_some() && take(&connections, "10.0.0.2").is_none());
        assert_eq!((connections.open.get(), connections.refused.get()), (2, 1));
        drop(one);
        assert!(take(&connections, "10.0.0.2").is_some());
        drop(two);
        assert_eq!(connections.open.get(), 0);
        assert!(connections.count.lock().unwrap_or_else(PoisonError::into_inner).of.is_empty());
    }

    #[test]
    fn one_address_has_a_share_however_it_is_written() {
        let connections = connections(100, Some(1));
        for (address, again) in
            [("10.0.0.1", "::ffff:10.0.0.1"), ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff")]
        {
            let held = take(&connections, address);
            assert!(held.is_some() && take(&connections, again).is_none(), "{again} is another than {address}");
            assert!(take(&connections, "10.0.0.2").is_some() && take(&connections, "2001:db8:1:3::1").is_some());
            drop(held);
            assert!(take(&connections, again).is_some());
        }
    }
}
