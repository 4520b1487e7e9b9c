//! Whether a replica replays the writer's log.
//!
//! Owns: the comparison, and which pairs of servers have passed it. May use: transactions. Invariant: a pair has passed only if the
//! replica has shown a random number that the writer wrote after the comparison had begun; a server is another one after each start.
//!
//! Log positions alone do not tell: after the writer was restored from a copy, or another server was promoted, a replica of the lost
//! history may be ahead of it. The system's identifier and the timeline do not tell either: a copy of the writer's files has both.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{DbBackend, Statement};
use tokio::time::sleep;
use uuid::Uuid;

use super::{
    super::postgres::{Pool, Transaction},
    ReplicaDeclined,
};
use crate::{error::Error, row::Row};

/// How long a pair that has passed is believed: a standby can be led to another primary without a new start.
const VERDICT_LIFETIME: Duration = Duration::from_secs(30);

/// How long a replica may take to show what the writer wrote.
const COMPARE_TIMEOUT: Duration = Duration::from_secs(2);

/// How often it is looked.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// Looks at a replica that has replayed past the number and shows another one. A single one proves nothing: it reads the number first,
/// and its log position then.
const MAX_POLLS: usize = 4;

/// More pairs than there are servers behind one address.
const MAX_PAIRS: usize = 16;

/// When a server was started, in seconds: each start has another time. In text, to be compared and nothing else.
const SERVER: &str = "extract(epoch FROM pg_postmaster_start_time())::text";

/// The comparisons of one replica.
#[derive(Default)]
pub(super) struct History {
    passed: Mutex<Vec<Pair>>,
    is_under_way: AtomicBool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    writer: String,
    replica: String,
    at: Instant,
}

/// What is known of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PairState {
    Passed,
    /// It has passed, and is to be compared again.
    Aged,
    Unknown,
}

/// The right to compare: one at a time.
pub(super) struct ComparisonGuard<'a>(&'a History);

impl Drop for ComparisonGuard<'_> {
    fn drop(&mut self) {
        self.0.is_under_way.store(false, Ordering::Release);
    }
}

impl History {
    fn record_passed(&self) -> MutexGuard<'_, Vec<Pair>> {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// None while a comparison is under way.
    pub(super) fn start(&self) -> Option<ComparisonGuard<'_>> {
        (!self.is_under_way.swap(true, Ordering::Acquire)).then_some(ComparisonGuard(self))
    }

    /// Whether any replica has passed with this writer. If none has, there is nothing to ask it.
    pub(super) fn has_passed(&self, writer: &str) -> bool {
        self.record_passed().iter().any(|pair| pair.writer == writer)
    }

    pub(super) fn standing(&self, writer: &str, replica: &str) -> PairState {
        match self.record_passed().iter().find(|pair| pair.writer == writer && pair.replica == replica) {
            Some(pair) if pair.at.elapsed() < VERDICT_LIFETIME => PairState::Passed,
            Some(_) => PairState::Aged,
            None => PairState::Unknown,
        }
    }

    /// Whether it had passed before.
    pub(super) fn ensure_same_history(&self, pair: Pair) -> bool {
        let mut passed = self.record_passed();
        let before = passed.len();
        passed.retain(|other| (&other.writer, &other.replica) != (&pair.writer, &pair.replica));
        let had_passed = passed.len() < before;
        if passed.len() >= MAX_PAIRS {
            passed.remove(0);
        }
        passed.push(pair);
        had_passed
    }

    /// None of them is believed any more.
    pub(super) fn invalidate(&self) {
        self.record_passed().clear();
    }
}

/// Why a replica was not found to replay the writer's log.
pub(super) enum Failed {
    Declined(ReplicaDeclined),
    Asking(Error),
}

impl From<Error> for Failed {
    fn from(cause: Error) -> Self {
        Self::Asking(cause)
    }
}

impl From<sea_orm::DbErr> for Failed {
    fn from(cause: sea_orm::DbErr) -> Self {
        Self::Asking(cause.into())
    }
}

/// Compares the replica of this transaction with the writer.
pub(super) async fn compare(replica: &Transaction, writer: &Pool) -> Result<Pair, Failed> {
    let at = Instant::now();
    let sql = format!(
        "SELECT {SERVER} AS server, (SELECT system_identifier::text FROM pg_control_system()) AS system, \
         CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text END AS place"
    );
    let replica_now = only(replica.all(run_query(&sql, [])).await?)?;
    let Some(place) = replica_now.get_by_name::<Option<String>>("place")? else {
        return Err(Failed::Declined(ReplicaDeclined::OtherHistory));
    };
    // A sequence counts from 1. A number of 62 bits is not met by chance.
    let number = i64::try_from(Uuid::new_v4().as_u128() >> 66).unwrap_or_default().max(1);
    let sql = format!(
        "SELECT setval('app_replica_probe', $1) AS number, {SERVER} AS server, \
         (SELECT system_identifier::text FROM pg_control_system()) AS system, \
         pg_current_wal_insert_lsn()::text AS place, pg_current_wal_insert_lsn() >= $2::text::pg_lsn AS is_ahead"
    );
    let writer_now = only(writer.query(run_query(&sql, [number.into(), place.into()])).await?)?;
    let is_other = writer_now.get_by_name::<String>("system")? != replica_now.get_by_name::<String>("system")?;
    if is_other || !writer_now.get_by_name::<bool>("is_ahead")? {
        return Err(Failed::Declined(ReplicaDeclined::OtherHistory));
    }
    is_visible(replica, writer, number, &writer_now.get_by_name::<String>("place")?).await?;
    Ok(Pair { writer: writer_now.get_by_name("server")?, replica: replica_now.get_by_name("server")?, at })
}

/// Waits until the replica shows the number, or one that another gateway has written over it since.
async fn is_visible(replica: &Transaction, writer: &Pool, number: i64, place: &str) -> Result<(), Failed> {
    let until = Instant::now() + COMPARE_TIMEOUT;
    let mut looks = 0;
    loop {
        let sql = "SELECT last_value, pg_last_wal_replay_lsn() >= $1::text::pg_lsn AS has_come FROM app_replica_probe";
        let found = only(replica.all(run_query(sql, [place.into()])).await?)?;
        let shown: i64 = found.get_by_name("last_value")?;
        if shown == number {
            return Ok(());
        }
        if found.get_by_name::<Option<bool>>("has_come")? == Some(true) {
            let written = only(writer.query(run_query("SELECT last_value FROM app_replica_probe", [])).await?)?;
            let written: i64 = written.get_by_name("last_value")?;
            if written != number && written == shown {
                return Ok(());
            }
            looks += 1;
            if looks >= MAX_POLLS && written == number {
                return Err(Failed::Declined(ReplicaDeclined::OtherHistory));
            }
        }
        if Instant::now() >= until {
            return Err(Failed::Declined(ReplicaDeclined::Behind));
        }
        sleep(POLL_INTERVAL).await;
    }
}

/// What a request asks a replica of itself: whether it has come so far, and which server it is.
pub(super) fn comparison_query(place: &str) -> Statement {
    let sql = format!(
        "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= $1::text::pg_lsn AS has_come, {SERVER} AS server"
    );
    run_query(&sql, [place.into()])
}

fn run_query<const N: usize>(sql: &str, values: [sea_orm::Value; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

fn only(rows: Vec<Row>) -> Result<Row, Error> {
    let none = || Error::Internal(std::sync::Arc::new(std::io::Error::other("a select without a table had no row")));
    rows.into_iter().next().ok_or_else(none)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    fn pair(writer: &str, replica: &str) -> Pair {
        Pair { writer: writer.to_owned(), replica: replica.to_owned(), at: Instant::now() }
    }

    #[test]
    fn a_pair_that_has_passed_says_nothing_of_a_server_that_was_started_again() {
        let history = History::default();
        history.ensure_same_history(pair("w1", "r1"));
        assert_eq!(history.standing("w1", "r1"), PairState::Passed);
        assert_eq!(history.standing("w2", "r1"), PairState::Unknown);
        assert_eq!(history.standing("w1", "r2"), PairState::Unknown);
        assert!(history.has_passed("w1") && !history.has_passed("w2"));
        history.invalidate();
        assert_eq!(history.standing("w1", "r1"), PairState::Unknown);
    }

    #[test]
    fn a_pair_is_compared_again_after_a_while_and_the_list_is_bounded() {
        let history = History::default();
        let at = Instant::now().checked_sub(VERDICT_LIFETIME).unwrap();
        history.ensure_same_history(Pair { at, ..pair("w", "r") });
        assert_eq!(history.standing("w", "r"), PairState::Aged);
        for number in 0..100 {
            history.ensure_same_history(pair("w", &number.to_string()));
        }
        assert_eq!(history.record_passed().len(), MAX_PAIRS);
    }

    #[test]
    fn one_comparison_is_under_way_at_a_time() {
        let history = History::default();
        let first = history.start();
        assert!(first.is_some() && history.start().is_none());
        drop(first);
        assert!(history.start().is_some());
    }
}
