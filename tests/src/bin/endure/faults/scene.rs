//! Two gateways and all of their dependencies.
//!
//! Owns: starting them, applying each fault, and undoing it. May use: `tests::endure`, the tests' own servers.
//! Invariant: the first gateway connects through the pooler and logs into a pipe, the other one connects directly and
//! logs into a file; both read on the replica. Once a fault is undone, everything runs again at the same addresses.

use std::{path::PathBuf, process::Stdio, time::Duration};

use sea_orm::ConnectionTrait;
use tests::{
    database::connect,
    load::{Extra, Gateway, House, KeyIssuer, LogReader, MailServer, Manner, fetched},
    postgres::{Frozen, Pooler, Replica},
};
use tokio::task::block_in_place;

use super::{OPERATION, fault::Fault};
use crate::free_port;

/// Sessions of the pooler: fewer than the connections of the gateway.
const SESSIONS: u32 = 6;

pub(super) struct Scene {
    pub(super) house: House,
    pub(super) replica: Replica,
    pub(super) mails: MailServer,
    pub(super) issuer: KeyIssuer,
    pooler: Pooler,
    reader: LogReader,
    gateways: [Option<Gateway>; 2],
    ports: [u16; 2],
    /// Ports of the gateways' metrics endpoints.
    figures: [u16; 2],
    frozen: Option<Frozen>,
}

impl Scene {
    pub(super) async fn with(tenants: usize, program: PathBuf) -> Self {
        let house = House::with(tenants, program).await;
        let (pooler, replica) = (house.cluster.pooler(SESSIONS), house.cluster.replica().await);
        let (mails, issuer) = (MailServer::start().await, KeyIssuer::start().await);
        let (reader, log) = LogReader::into(house.log_file());
        let ports = [(); 2].map(|()| free_port());
        let figures = [(); 2].map(|()| free_port());
        let gateways = [None, None];
        // Committed changes must survive a kill; the tests' servers do not flush commits by default.
        let kept = "ALTER ROLE gateway_login SET synchronous_commit = on";
        let connection = connect(&house.cluster.url("postgres")).await;
        connection.execute_unprepared(kept).await.expect("have commits flushed");
        connection.close().await.expect("close");
        let mut scene = Self { house, replica, mails, issuer, pooler, reader, gateways, ports, figures, frozen: None };
        scene.start(0, Some(log));
        scene.start(1, None);
        scene
    }

    /// Address at which a gateway listens.
    pub(super) fn address(&self, gateway: usize) -> String {
        format!("127.0.0.1:{}", self.ports[gateway])
    }

    fn start(&mut self, gateway: usize, log: Option<Stdio>) {
        let login = |url: String| url.replace("postgres@", "gateway_login@");
        let pooler = match gateway {
            0 => format!("pooler_url = \"{}\"\n", login(self.pooler.url("postgres"))),
            _ => String::new(),
        };
        let extra = Extra {
            database: format!("{pooler}replica_urls = [\"{}\"]", login(self.replica.url("postgres"))),
            issuers: format!(", {}", self.issuer.entry()),
            limits: format!(
                "operation_ms = {}\nperson_cost_per_minute = 1000000000\norganization_cost_per_minute = 1000000000",
                OPERATION.as_millis()
            ),
            sections: format!(
                "[mail]\nsmtp_url = \"{}\"\ntimeout_seconds = 1\n[authn.jwks]\nrefresh_floor_seconds = 2\ntimeout_seconds = 1\n\
                 [metrics]\nlisten = \"127.0.0.1:{}\"",
                self.mails.url(),
                self.figures[gateway]
            ),
            log,
        };
        let started = block_in_place(|| self.house.gateway_with(&self.house.database(), self.ports[gateway], extra));
        self.gateways[gateway] = Some(started);
    }

    /// Starts the first gateway again; kills it first if it runs.
    fn start_again(&mut self, log: Option<Stdio>) {
        if let Some(gateway) = self.gateways[0].take() {
            gateway.killed();
        }
        let log = log.unwrap_or_else(|| {
            let (reader, log) = LogReader::into(self.house.log_file());
            self.reader = reader;
            log
        });
        self.start(0, Some(log));
    }

    fn first(&self) -> &Gateway {
        self.gateways[0].as_ref().expect("the first gateway runs")
    }

    /// Preparation before the first request, for a fault that is present from the start of the gateway.
    pub(super) fn get_ready_for(&mut self, fault: Fault) {
        if fault == Fault::LogFull {
            let full = std::fs::File::options().write(true).open("/dev/full").expect("open what is always full");
            self.start_again(Some(full.into()));
        }
    }

    /// Applies the fault. When this returns, the fault is in effect.
    pub(super) async fn begin(&mut self, fault: Fault) {
        match fault {
            Fault::MailSilent => self.mails.turn(Manner::Silent).await,
            Fault::MailGone => self.mails.turn(Manner::Gone).await,
            Fault::IssuerSilent => self.issuer.turn(Manner::Silent).await,
            Fault::IssuerGone => self.issuer.turn(Manner::Gone).await,
            Fault::IssuerFailing => self.issuer.turn(Manner::Failing).await,
            Fault::GatewayFrozen => self.first().signal("STOP"),
            Fault::GatewayKilled => block_in_place(|| {
                if let Some(gateway) = self.gateways[0].take() {
                    gateway.killed();
                }
            }),
            Fault::PoolerFrozen => self.frozen = Some(block_in_place(|| self.pooler.freeze())),
            Fault::PoolerKilled => block_in_place(|| self.pooler.halt()),
            Fault::ReplicaFrozen => self.frozen = Some(block_in_place(|| self.replica.freeze())),
            Fault::ReplicaKilled => block_in_place(|| self.replica.halt()),
            Fault::ReplicaPaused => self.replica.pause().await,
            Fault::ReplicaPromoted => self.replica.promote().await,
            Fault::RedisFrozen => self.frozen = Some(block_in_place(|| self.house.redis.freeze())),
            Fault::RedisKilled => block_in_place(|| self.house.redis.end()),
            Fault::RedisFilled => block_in_place(|| {
                self.house.redis.tell("config set maxmemory-policy noeviction");
                self.house.redis.tell("config set maxmemory 1");
            }),
            Fault::RedisReadOnly => block_in_place(|| self.house.redis.tell("replicaof 127.0.0.1 1")),
            Fault::ReaderFrozen => self.reader.signal("STOP"),
            Fault::ReaderKilled => self.reader.kill(),
            // This fault began with the start of the gateway.
            Fault::LogFull => {}
            Fault::PrimaryReadOnly => {
                self.tell("ALTER DATABASE postgres SET default_transaction_read_only = on").await;
                // Existing sessions would keep the old setting.
                self.end_sessions().await;
            }
            Fault::PrimaryFrozen => self.frozen = Some(block_in_place(|| self.house.cluster.freeze())),
            Fault::PrimaryKilled | Fault::PrimaryRestored => block_in_place(|| self.house.cluster.halt()),
        }
    }

    /// Undoes the fault.
    pub(super) async fn end(&mut self, fault: Fault) {
        self.frozen = None;
        match fault {
            Fault::MailSilent | Fault::MailGone => self.mails.turn(Manner::Well).await,
            Fault::IssuerSilent | Fault::IssuerGone | Fault::IssuerFailing => self.issuer.turn(Manner::Well).await,
            Fault::GatewayFrozen => self.first().signal("CONT"),
            Fault::GatewayKilled | Fault::ReaderKilled | Fault::LogFull => self.start_again(None),
            Fault::PoolerKilled => block_in_place(|| self.pooler.revive()),
            Fault::ReplicaKilled => block_in_place(|| self.replica.revive()),
            Fault::ReplicaPaused => self.replica.resume().await,
            Fault::ReplicaPromoted => self.replica.renew(&self.house.cluster).await,
            Fault::RedisKilled => block_in_place(|| self.house.redis.begin()),
            Fault::RedisFilled => block_in_place(|| self.house.redis.tell("config set maxmemory 0")),
            Fault::RedisReadOnly => block_in_place(|| self.house.redis.tell("replicaof no one")),
            Fault::ReaderFrozen => self.reader.signal("CONT"),
            // The test does not renew the gateways' sessions: the gateways must do that.
            Fault::PrimaryReadOnly => self.tell("ALTER DATABASE postgres RESET default_transaction_read_only").await,
            Fault::PrimaryKilled | Fault::PrimaryRestored => block_in_place(|| self.house.cluster.revive()),
            Fault::PoolerFrozen | Fault::ReplicaFrozen | Fault::RedisFrozen | Fault::PrimaryFrozen => {}
        }
    }

    /// Ends the gateways' sessions on the primary, as an operator does to make new settings take effect.
    pub(super) async fn end_sessions(&self) {
        self.tell("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gateway_login'").await;
    }

    /// Runs SQL on the primary as superuser, without row-level security.
    pub(super) async fn tell(&self, sql: &str) {
        let connection = connect(&self.house.cluster.url("postgres")).await;
        connection.execute_unprepared("SET default_transaction_read_only = off").await.expect("write all the same");
        connection.execute_unprepared(sql).await.expect("tell the primary");
        connection.close().await.expect("close");
    }

    /// Number of transactions that a gateway has read on the replica since its start.
    pub(super) fn read_on_replica(&self, gateway: usize) -> u64 {
        let address = format!("127.0.0.1:{}", self.figures[gateway]);
        let metrics = fetched(&address, "/metrics").expect("a gateway tells its figures");
        let mut counts = metrics.lines().filter(|line| line.starts_with("cs12_replica_transactions_total"));
        let count = counts.next().and_then(|line| line.rsplit(' ').next()).expect("the replica is counted");
        count.parse().expect("a count")
    }

    /// Waits for at most `patience` until the gateway has read on the replica more than `before` times; returns
    /// whether it has.
    pub(super) async fn is_read_again(
        &self,
        gateway: usize,
        before: u64,
        patience: Duration,
        ask: impl AsyncFn(),
    ) -> bool {
        let began = std::time::Instant::now();
        while self.read_on_replica(gateway) <= before {
            if began.elapsed() > patience {
                return false;
            }
            ask().await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        true
    }
}
