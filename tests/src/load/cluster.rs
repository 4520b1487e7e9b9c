//! A database with many tenants, a Redis, and gateways that use them.
//!
//! Owns: the processes and their configuration. Invariant: they run as an operator would run them: with a login that
//! is only a member of `cs12_app`, with all limits on, logging JSON.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use sea_orm::ConnectionTrait;

use crate::{
    database::connect,
    postgres::Cluster,
    redis::Redis,
    tenants::{Size, Tenant},
};

/// Secrets that sign tokens, before and after the rotation.
pub const SECRETS: [&str; 2] = [
    "the first secret of an endurance run, for nothing else",
    "the second secret of an endurance run, for nothing else",
];

const SIZE: Size = Size { dsos: 3, members: 2, grants: 1, doctors: 12, activities: 4, cases: 1, courses: 1 };

/// Dependencies shared by several gateways.
pub struct House {
    /// The PostgreSQL cluster.
    pub cluster: Cluster,
    /// Redis in which the gateways count cost together.
    pub redis: Redis,
    folder: tempfile::TempDir,
    program: PathBuf,
}

/// A gateway process.
pub struct Gateway {
    /// Address at which it listens.
    pub address: String,
    process: Child,
}

/// Additions to the usual configuration of a gateway.
#[derive(Default)]
pub struct Extra {
    /// Lines of `[database]`.
    pub database: String,
    /// Further entries of `authn.issuers`, each preceded by a comma.
    pub issuers: String,
    /// Lines of `[limits]`.
    pub limits: String,
    /// Whole sections.
    pub sections: String,
    /// Destination of the log; by default the shared log file.
    pub log: Option<Stdio>,
}

impl House {
    /// Starts the dependencies, with this many tenants in the database.
    pub async fn with(tenants: usize, program: PathBuf) -> Self {
        let (cluster, redis) = (Cluster::of_its_own(), Redis::start());
        let url = cluster.url("postgres");
        migration::up(&url, None).await.expect("make the tables");
        let connection = connect(&url).await;
        for tenant in 0..tenants {
            Tenant(tenant).seed(&connection, SIZE).await;
        }
        let login = "CREATE ROLE gateway_login LOGIN; GRANT cs12_app TO gateway_login; VACUUM ANALYZE";
        for sql in login.split("; ") {
            connection.execute_unprepared(sql).await.expect("make the login");
        }
        connection.close().await.expect("close");
        let db = entity::db::Db::connect(entity::db::ConnectOptions::new(url)).await.expect("open the store");
        for roll_ups in db.all_roll_ups().await.expect("find the organizations") {
            roll_ups.rebuild().await.expect("make the roll-ups");
        }
        db.close().await.expect("close the store");
        let folder = tempfile::tempdir().expect("make a folder");
        let house = Self { cluster, redis, folder, program };
        house.rotate(SECRETS[0]);
        house
    }

    /// Replaces the secret that verifies tokens; the gateways read it on a reload signal.
    pub fn rotate(&self, secret: &str) {
        fs::write(self.folder.path().join("secret"), secret).expect("write the secret");
    }

    /// URL of the database for a gateway.
    #[must_use]
    pub fn database(&self) -> String {
        self.cluster.url("postgres").replace("postgres@", "gateway_login@")
    }

    /// Starts a gateway on a port of its own, with these lines of `[limits]` added to the usual configuration.
    #[must_use]
    pub fn gateway(&self, port: u16, limits: &str) -> Gateway {
        self.gateway_over(&self.database(), port, limits)
    }

    /// The same, with this URL of the database.
    #[must_use]
    pub fn gateway_over(&self, database: &str, port: u16, limits: &str) -> Gateway {
        self.gateway_with(database, port, Extra { limits: limits.to_owned(), ..Extra::default() })
    }

    /// The same, with more additions than limits.
    #[must_use]
    pub fn gateway_with(&self, database: &str, port: u16, extra: Extra) -> Gateway {
        let folder = self.folder.path();
        let file = folder.join(format!("gateway-{port}.toml"));
        let Extra { database: more, issuers, limits, sections, log } = extra;
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\ndrain_seconds = 1\n[database]\nurl = \"{database}\"\n{more}\n\
             [authn]\nissuers = [{{ issuer = \"endure\", audience = \"endure\", secret_file = \"{secret}\" }}{issuers}]\n\
             [cursor]\nsecret = \"the cursors of an endurance run, for nothing else\"\n[invitations]\nsecret = \"the invitations of an endurance run, for nothing else\"\n\
             [redis]\nurl = \"{redis}\"\n[log]\nformat = \"json\"\n[limits]\n{limits}\n{sections}\n",
            secret = folder.join("secret").display(),
            redis = self.redis.url(),
        );
        fs::write(&file, text).expect("write the configuration");
        let process = Command::new(&self.program)
            .arg("serve")
            .arg("--config")
            .arg(&file)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log.unwrap_or_else(|| self.log_file().into()))
            .spawn()
            .expect("start the gateway: build it first (`cargo build --release`)");
        let mut gateway = Gateway { address: format!("127.0.0.1:{port}"), process };
        let began = Instant::now();
        while !gateway.is_ready() {
            let ended = gateway.process.try_wait().expect("look after the gateway");
            assert!(ended.is_none() && began.elapsed() < Duration::from_secs(30), "no gateway came up: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
        gateway
    }

    /// The shared log file, opened for appending.
    #[must_use]
    pub fn log_file(&self) -> fs::File {
        fs::File::options().create(true).append(true).open(self.folder.path().join("log")).expect("open the log")
    }

    /// Contents of the shared log.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Gateway {
    /// Whether the gateway reports that it is ready.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        is_ready(&self.address)
    }

    /// Sends a signal to the process, by name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.process.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the gateway has gone by itself");
    }

    /// Waits until the process ends after a signal to terminate.
    ///
    /// # Panics
    /// If the process ends with an error.
    pub fn ended(mut self) {
        let status = self.process.wait().expect("wait for the gateway");
        assert!(status.success(), "drained, it was to end with 0: {status}");
    }

    /// Kills the process immediately.
    pub fn killed(mut self) {
        self.process.kill().expect("kill the gateway");
        self.process.wait().expect("wait for the gateway");
    }

    /// Resident memory, in KiB.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// Peak resident memory, in KiB.
    #[must_use]
    pub fn peak_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or_default()
    }
}

/// Whether the gateway at this address reports that it is ready.
#[must_use]
pub fn is_ready(address: &str) -> bool {
    fetched(address, "/health/ready").is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// The response at this address and path, including its head; `None` if there is no response.
#[must_use]
pub fn fetched(address: &str, path: &str) -> Option<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    let mut text = String::new();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    stream.read_to_string(&mut text).ok()?;
    Some(text)
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
