//! A ledger that several gateways share, in Redis.
//!
//! Owns: the connection, the script that charges, and what happens while Redis is away. May use: redis. Invariant: no request waits longer
//! than [`PATIENCE`] for it; while it is away nobody asks it for [`AWAY`], and each gateway counts by itself.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::DateTime;
use redis::{Client, RedisError, Script, aio::ConnectionManager, aio::ConnectionManagerConfig};
use tokio::time::timeout;

use super::budget::{Budget, ChargeResult};

/// Longest wait for an answer: ten times what a healthy one takes.
const TIMEOUT: Duration = Duration::from_millis(50);

/// How long it is left alone after it has not answered.
const RETRY_AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Minutes are those of Redis' own clock: the gateways' may differ. All keys are charged, or none. What is not a whole number of at most
/// fifteen digits was not written by a gateway: it is thrown away, and the account begins anew.
const CHARGE: &str = "\
    local now = tonumber(redis.call('TIME')[1]) \
    local minute = now - now % 60 \
    local cost, used, refused, broken = tonumber(ARGV[1]), {}, 0, 0 \
    for i, name in ipairs(KEYS) do \
        local key = name .. ':' .. minute \
        local value = redis.pcall('GET', key) or '0' \
        if type(value) ~= 'string' or not string.match(value, '^%d+$') or #value > 15 then \
            redis.call('DEL', key) \
            value, broken = '0', broken + 1 \
        end \
        used[i] = tonumber(value) \
        if refused == 0 and used[i] + cost > tonumber(ARGV[i + 1]) then refused = i end \
    end \
    if refused == 0 then \
        for i, name in ipairs(KEYS) do \
            used[i] = redis.call('INCRBY', name .. ':' .. minute, cost) \
            redis.call('EXPIRE', name .. ':' .. minute, 120) \
        end \
    end \
    return {minute + 60, refused, broken, unpack(used)}";

/// Clones share the connection.
#[derive(Clone)]
pub struct RedisStore(Arc<State>);

struct State {
    connection: ConnectionManager,
    script: Script,
    began: Instant,
    /// Milliseconds since `began` until which it is left alone.
    away_until: AtomicU64,
}

/// The address of Redis cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "`redis.url` is no address that can be used: write `redis://HOST`, `rediss://USER:PASSWORD@HOST` or `redis+unix:///SOCKET`"
)]
pub struct RedisStoreError(#[source] RedisError);

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}

impl RedisStore {
    /// A ledger at this address; whether it answers is found out later.
    ///
    /// # Errors
    /// Where this is no address of a Redis.
    pub fn at(address: &str) -> Result<Self, RedisStoreError> {
        let client = Client::open(address).map_err(RedisStoreError)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(TIMEOUT * 10))
            .set_response_timeout(Some(TIMEOUT))
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_lazy_with_config(client, config).map_err(RedisStoreError)?;
        let script = Script::new(CHARGE);
        Ok(Self(Arc::new(State { connection, script, began: Instant::now(), away_until: AtomicU64::new(0) })))
    }

    /// Charges all of the budgets or none; nothing if Redis is away.
    pub(super) async fn charge(&self, budgets: &[Budget], cost: u64) -> Option<ChargeResult> {
        let inner = &*self.0;
        if self.millis() < inner.away_until.load(Ordering::Relaxed) {
            return None;
        }
        let mut call = inner.script.prepare_invoke();
        call.arg(cost);
        for budget in budgets {
            call.key(format!("cs12:{}", budget.account.name())).arg(budget.most);
        }
        let mut connection = inner.connection.clone();
        let answer = timeout(TIMEOUT, call.invoke_async::<Vec<i64>>(&mut connection)).await;
        match answer {
            Ok(Ok(answer)) => {
                self.mark_available();
                charged(&answer, budgets.len())
            }
            Ok(Err(cause)) => self.mark_unavailable(cause.category()),
            Err(_) => self.mark_unavailable("no answer in time"),
        }
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.0.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn mark_unavailable(&self, cause: &str) -> Option<ChargeResult> {
        let until = self.millis().saturating_add(RETRY_AFTER_FAILURE.as_millis() as u64);
        if self.0.away_until.swap(until, Ordering::Relaxed) == 0 {
            tracing::warn!(cause, "the shared ledger of rates is away: this process counts by itself");
        }
        None
    }

    fn mark_available(&self) {
        if self.0.away_until.swap(0, Ordering::Relaxed) != 0 {
            tracing::info!("the shared ledger of rates is back");
        }
    }
}

/// What the script has told: when the minute ends, which key was refused from 1 on, how many held no number, and what each key has spent.
fn charged(answer: &[i64], budgets: usize) -> Option<ChargeResult> {
    let [resets, refused, broken, used @ ..] = answer else { return None };
    if *broken > 0 {
        tracing::warn!(
            accounts = broken,
            "the shared ledger of rates held what no gateway writes: these accounts begin anew"
        );
    }
    let used: Vec<u64> = used.iter().map(|used| u64::try_from(*used).unwrap_or(0)).collect();
    let refused = usize::try_from(*refused).ok()?.checked_sub(1).filter(|refused| *refused < budgets);
    (used.len() == budgets).then_some(ChargeResult { used, refused, resets: DateTime::from_timestamp(*resets, 0)? })
}
