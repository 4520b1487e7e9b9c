//! A real streaming replica.
//!
//! Owns: a standby of one cluster, in a private folder. May use: `pg_basebackup` of the same installation. Invariant:
//! when a test gets it, it is a copy of its primary and streams from it; it ends with the process, or when it is
//! stopped.

use std::{path::Path, time::Duration};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::{Cluster, Frozen, as_postgres, binaries, folder, run};
use crate::database::connect;

/// A standby that follows a cluster.
pub struct Replica {
    standby: Cluster,
}

impl Cluster {
    /// Starts a replica of this cluster that copies its present state and follows it. All databases of the cluster are
    /// copied, so a cluster of the test's own is better.
    pub async fn replica(&self) -> Replica {
        let folder = folder("cs12-replica-");
        self.copy_into(&folder);
        // After a restart of the primary, the replica reconnects within 200 ms instead of five seconds.
        let settings = "-c listen_addresses= -c wal_retrieve_retry_interval=200ms";
        let standby = Self::serve(folder, settings, super::PORT);
        let replica = Replica { standby };
        replica.follows().await;
        replica
    }

    fn copy_into(&self, folder: &Path) {
        run(&as_postgres(&format!(
            "{}/pg_basebackup -h {} -U postgres -D {} -R -X stream -c fast --no-sync",
            binaries().display(),
            self.folder.display(),
            folder.join("data").display(),
        )));
    }
}

impl Replica {
    /// URL of one of its databases, for a superuser; read-only.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.standby.url(database)
    }

    /// Pauses replay: the replica continues to receive changes but does not show them.
    pub async fn pause(&self) {
        self.tell("SELECT pg_wal_replay_pause()").await;
        // A requested pause takes effect later, between two WAL records.
        self.until("SELECT pg_get_wal_replay_pause_state() = 'paused' AS done", "it did not pause").await;
    }

    /// Resumes replay: shows the changes received meanwhile and follows again.
    pub async fn resume(&self) {
        self.tell("SELECT pg_wal_replay_resume()").await;
    }

    /// Waits until it shows all changes that its primary has committed so far.
    pub async fn catch_up(&self, primary: &Cluster) {
        let connection = connect(&primary.url("postgres")).await;
        // Writes a WAL record of its own: after the last record there may be a page header, which is never replayed.
        let now = "SELECT pg_logical_emit_message(true, 'catch up', '')::text AS place";
        let now = Statement::from_string(DbBackend::Postgres, now);
        let row = connection.query_one_raw(now).await.expect("ask the primary").expect("a place");
        let place: String = row.try_get("", "place").expect("a place");
        connection.close().await.expect("close");
        let there = format!("SELECT pg_last_wal_replay_lsn() >= '{place}' AS done");
        self.until(&there, "it did not catch up: is it paused?").await;
    }

    /// Stops its processes until the guard is dropped.
    #[must_use]
    pub fn freeze(&self) -> Frozen {
        self.standby.freeze()
    }

    /// Promotes it to a primary of its own, which no longer follows another.
    pub async fn promote(&self) {
        self.standby.promote();
        self.until("SELECT NOT pg_is_in_recovery() AS done", "it was not promoted").await;
    }

    /// Stops it immediately; [`Replica::revive`] starts it again over the same data.
    pub fn halt(&self) {
        self.standby.halt();
    }

    /// Starts it again, and waits until it accepts connections.
    pub fn revive(&self) {
        self.standby.revive();
    }

    /// Recreates it at the same address as a standby of this cluster, from any state.
    pub async fn renew(&self, primary: &Cluster) {
        self.standby.halt();
        run(&format!("rm -rf {}/data", self.standby.folder.display()));
        primary.copy_into(&self.standby.folder);
        self.standby.revive();
        self.follows().await;
    }

    async fn follows(&self) {
        let streams = "SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming') AS done";
        self.until(streams, "it did not begin to stream: see the log in its folder").await;
    }

    /// Stops it as if its machine were lost. Its folder is removed.
    pub fn stop(self) {
        self.standby.stop();
    }

    /// A connection that bypasses both walls, opened for each call: several tests can share a replica, and a
    /// connection ends with its test's runtime.
    async fn connection(&self) -> DatabaseConnection {
        connect(&self.standby.url("postgres")).await
    }

    async fn tell(&self, command: &str) {
        let connection = self.connection().await;
        connection.execute_unprepared(command).await.expect("tell the replica");
        connection.close().await.expect("close");
    }

    async fn until(&self, question: &str, or_else: &str) {
        let connection = self.connection().await;
        for _ in 0..200 {
            let asked = Statement::from_string(DbBackend::Postgres, question);
            let row = connection.query_one_raw(asked).await.expect("ask the replica").expect("an answer");
            if row.try_get("", "done").unwrap_or(false) {
                connection.close().await.expect("close");
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the replica: {or_else} (`{question}` was not true within 20 s)");
    }
}
